import { isDeepStrictEqual } from "node:util";
import type fc from "fast-check";
import { textOf } from "../../src/bytes.ts";
import type { Finding } from "../../src/generator/index.ts";
import { readFullYaml } from "../../src/generator/yaml/full-reader.ts";
import { parseYaml } from "../../src/generator/yaml/index.ts";
import { readPlainYaml } from "../../src/generator/yaml/plain-reader.ts";
import { FILE_FINDINGS } from "../../src/limits.ts";
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
];

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
