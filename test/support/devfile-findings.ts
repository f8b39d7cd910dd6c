import { utf8 } from "../../src/bytes.ts";
import { readDevfile } from "../../src/generator/devfile-yaml.ts";
import { type Finding, sortFindings } from "../../src/generator/findings.ts";
import { devfileMeaningRules } from "../../src/generator/validate/devfile/index.ts";
import { applyRules } from "../../src/generator/validate/rule.ts";
import { schemaRules } from "../../src/generator/validate/schema/index.ts";
import { parseYaml } from "../../src/generator/yaml/index.ts";

const HEADER = "schemaVersion: 2.2.2\nmetadata: {name: go, version: 1.0.0}";

/**
 * Gives what is wrong with a devfile as "error rule 3:5: message (hint)"; the devfile is given without
 * its first two lines and begins with an empty one. The schema is asked, too, so that a devfile that
 * shows one fault has no other.
 */
export function devfileFindings(text: string, header = HEADER): readonly string[] {
  return findingsOf(`${header}\n${text.trimStart()}`).map(
    ({ severity, rule, line, column, message, hint }) =>
      `${severity} ${rule} ${line}:${column}: ${message} (${hint})`,
  );
}

/** Gives what the rules on shape and meaning find in a devfile. */
export function findingsOf(text: string): readonly Finding[] {
  const findings: Finding[] = [];
  const root = parseYaml("devfile.yaml", utf8(text), (finding) => findings.push(finding));
  if (root === undefined) return findings;
  const devfile = readDevfile(root);
  findings.push(...applyRules(schemaRules, [devfile]));
  findings.push(...applyRules(devfileMeaningRules, [{ devfile, content: devfile.node }]));
  return sortFindings(findings);
}
