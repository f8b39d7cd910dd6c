import { textOf, utf8 } from "../../bytes.ts";
import { FILE_FINDINGS, YAML_BYTES } from "../../limits.ts";
import { boundFindings, type ReportFinding } from "../findings.ts";
import type { Complain, Complaint } from "./complaint.ts";
import { readFullYaml, type YamlDocument } from "./full-reader.ts";
import { isReadAsJson, readJson } from "./json-reader.ts";
import { YamlNode } from "./node.ts";
import { readPlainYaml } from "./plain-reader.ts";
import { TextLines } from "./text-lines.ts";

const BYTE_ORDER_MARK = "\ufeff";

/**
 * Parses a YAML file and gives its root, or nothing when it is broken; what is wrong is reported
 * with line and column. Reads YAML 1.1 scalars (yes, no, on, off, 0777) with merge keys. Parity:
 * of several documents the first counts and of equal keys the last, both with a warning.
 */
export function parseYaml(
  file: string,
  bytes: Uint8Array,
  reportAll: ReportFinding,
): YamlNode | undefined {
  const report = boundFindings(reportAll, FILE_FINDINGS);
  if (bytes.byteLength > YAML_BYTES) {
    const message = `the file has ${bytes.byteLength} bytes, over the limit of ${YAML_BYTES}`;
    report({ severity: "error", rule: "yaml-too-large", file, message });
    return undefined;
  }
  const decoded = textOf(bytes);
  const text = linesOf(decoded.startsWith(BYTE_ORDER_MARK) ? decoded.slice(1) : decoded);
  const lines = new TextLines(text);
  const complain: Complain = ({ offset, ...complaint }) =>
    report({ file, ...complaint, ...(offset === undefined ? {} : lines.positionOf(offset)) });
  const misfit = invalidUtf8(bytes, decoded, text);
  if (misfit !== undefined) {
    complain(misfit);
    return undefined;
  }
  const document = isReadAsJson(file, decoded)
    ? readJson(text, complain)
    : readYaml(text, complain);
  if (document === undefined) return undefined;
  const root = new YamlNode({ file, lines, report }, document.tree);
  // Every file that is read here is a map; an empty one is a map without keys.
  if (root.present && !root.isMap) {
    root.entries();
    return undefined;
  }
  return root;
}

/** Parity: is_break() of yaml.v2, a carriage return alone ends a line too. */
function linesOf(text: string): string {
  return text.includes("\r") ? text.replace(/\r(?!\n)/g, "\n") : text;
}

function readYaml(text: string, complain: Complain): YamlDocument | undefined {
  const tree = readPlainYaml(text);
  return tree === undefined ? readFullYaml(text, complain) : { tree };
}

/** Finds the first byte that is not UTF-8: where decoding and encoding again gives another one. */
function invalidUtf8(bytes: Uint8Array, decoded: string, text: string): Complaint | undefined {
  if (!decoded.includes("\ufffd")) return undefined;
  const again = utf8(decoded);
  let first = 0;
  while (first < bytes.byteLength && bytes[first] === again[first]) first += 1;
  if (first === bytes.byteLength) return undefined;
  const before = textOf(bytes.subarray(0, first)).length;
  return {
    severity: "error",
    rule: "yaml-encoding",
    message: "the file is not UTF-8",
    hint: "Save the file as UTF-8",
    offset: before - (decoded.length - text.length),
  };
}
