import type { YAMLParseError } from "yaml";
import type { Complaint } from "./complaint.ts";

/** Says what a syntax error is about and what to do. */
export function explainSyntaxError(error: YAMLParseError, _text: string): Complaint {
  const [first = ""] = error.message.split("\n");
  const message = `${first.charAt(0).toLowerCase()}${first.slice(1)}`;
  return { severity: "error", rule: "yaml-syntax", message, offset: error.pos[0] };
}
