import type { ReportFinding } from "./findings.ts";
import type { ParsedFile } from "./repository.ts";
import { parseYaml, type YamlNode } from "./yaml/index.ts";

/** Parses a YAML file of a repository; what is wrong with it is reported. */
export function parseFile<Contents>(
  path: string,
  bytes: Uint8Array,
  read: (node: YamlNode) => Contents,
  report: ReportFinding,
): ParsedFile<Contents> {
  let broken = false;
  const root = parseYaml(path, bytes, (finding) => {
    broken ||= finding.severity === "error";
    report(finding);
  });
  const contents = root && read(root);
  return { path, bytes, contents, broken };
}
