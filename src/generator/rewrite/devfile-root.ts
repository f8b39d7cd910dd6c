import { utf8 } from "../../bytes.ts";
import { InputError } from "../../errors.ts";
import type { Finding } from "../findings.ts";
import { parseYaml, type YamlNode } from "../yaml/index.ts";

/**
 * Reads the text of a devfile.
 *
 * @param file what messages call it
 * @throws {InputError} INPUT_INVALID with what is wrong and where
 */
export function readDevfileRoot(file: string, text: string): YamlNode {
  const findings: Finding[] = [];
  const root = parseYaml(file, utf8(text), (finding) => findings.push(finding));
  const errors = findings.filter(({ severity }) => severity === "error");
  if (root === undefined || errors.length > 0) {
    throw new InputError(`Cannot read "${file}": it is no devfile`, errors);
  }
  return root;
}
