import { isDeepStrictEqual } from "node:util";
import type fc from "fast-check";
import { textOf } from "../../src/bytes.ts";
import { readDevfile } from "../../src/generator/devfile-yaml.ts";
import { type Finding, sortFindings } from "../../src/generator/index.ts";
import { besideRules, devfileMeaningRules } from "../../src/generator/validate/devfile/index.ts";
import { applyRules } from "../../src/generator/validate/rule.ts";
import { schemaRules } from "../../src/generator/validate/schema/index.ts";
import { readFullYaml } from "../../src/generator/yaml/full-reader.ts";
import { parseYaml } from "../../src/generator/yaml/index.ts";
import { readPlainYaml } from "../../src/generator/yaml/plain-reader.ts";
import { FILE_FINDINGS } from "../../src/limits.ts";
import { anyDevfile } from "./devfile-texts.ts";
import { anyYamlFile, anyYamlText } from "./yaml-texts.ts";

/** How many inputs the tests give to all targets together. */
export const FUZZ_RUNS = 10_000;

/** Something that must take whatever comes. */
export interface FuzzTarget {
  readonly name: string;
  readonly inputs: fc.Arbitrary<string> | fc.Arbitrary<Uint8Array>;
  /** Throws when it does not do what it should. */
  check(input: string | Uint8Array): void;
}

/** Everything that is fuzzed, by the tests a little and by scripts/fuzz.ts at length. */
export const FUZZ_TARGETS: readonly FuzzTarget[] = [
  { name: "yaml-readers-agree", inputs: anyYamlText, check: readersAgree },
  { name: "yaml-file", inputs: anyYamlFile, check: reads },
  { name: "devfile", inputs: anyDevfile, check: judges },
];

/** What a message may come to: names of a devfile are shown, not all of a text. */
const MESSAGE_CHARS = 20_000;

/** A devfile is judged, and the same way again; every finding names a place in it and says something. */
function judges(input: string | Uint8Array): void {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  const first = judgeDevfile(bytes);
  const lines = textOf(bytes).split(/\r\n?|\n/);
  for (const finding of first) {
    const { file, message, hint = "", line = 1, column = 1 } = finding;
    const isLong = message.length + hint.length > MESSAGE_CHARS;
    if (isLong || message === "" || file !== "devfile.yaml" || column < 1 || line > lines.length) {
      throw new Error(`This is no finding: ${JSON.stringify(finding).slice(0, 500)}`);
    }
  }
  // Not each time: it takes as long again.
  if (bytes.length % 8 > 0 || isDeepStrictEqual(judgeDevfile(bytes), first)) return;
  throw new Error("It is judged otherwise the second time");
}

/** Gives what the rules on the shape and the meaning of a devfile find. */
export function judgeDevfile(bytes: Uint8Array): readonly Finding[] {
  const findings: Finding[] = [];
  const root = parseYaml("devfile.yaml", bytes, (finding) => findings.push(finding));
  if (root === undefined) return findings;
  const devfile = readDevfile(root);
  const parsed = { path: "devfile.yaml", bytes, contents: devfile, broken: false };
  const version = { folder: "", declared: undefined, isDefault: true, files: [], devfile: parsed };
  findings.push(...applyRules(schemaRules, [devfile]));
  findings.push(...applyRules(devfileMeaningRules, [{ devfile, content: devfile.node }]));
  findings.push(...applyRules(besideRules, [version]));
  return sortFindings(findings);
}

/** What the reader of plain YAML takes, the other one reads alike, and without complaint. */
function readersAgree(input: string | Uint8Array): void {
  const text = typeof input === "string" ? input : textOf(input);
  const plain = readPlainYaml(text);
  if (plain === undefined) return;
  const complaints: unknown[] = [];
  const full = readFullYaml(text, (complaint) => complaints.push(complaint));
  if (complaints.length > 0 || !isDeepStrictEqual(full?.tree, plain)) {
    throw new Error(`The readers disagree on ${JSON.stringify(text)}`);
  }
}

/** A file is read whole, or refused with an error; every finding of a text has its place in it. */
function reads(input: string | Uint8Array): void {
  const bytes = typeof input === "string" ? new TextEncoder().encode(input) : input;
  const findings: Finding[] = [];
  const root = parseYaml("a.yaml", bytes, (finding) => findings.push(finding));
  const refused = findings.some(({ severity }) => severity === "error");
  root?.value();
  const lines = textOf(bytes).split(/\r\n?|\n/);
  const lost = findings.filter(
    ({ rule, line, column }) =>
      rule !== "too-many-findings" &&
      (line === undefined || column === undefined || column > (lines[line - 1]?.length ?? -1) + 2),
  );
  if (refused !== (root === undefined)) throw new Error("A file is neither read nor refused");
  if (lost.length > 0) throw new Error(`Findings have no place: ${JSON.stringify(lost)}`);
  if (findings.length > 2 * (FILE_FINDINGS + 1)) throw new Error("There are too many findings");
}
