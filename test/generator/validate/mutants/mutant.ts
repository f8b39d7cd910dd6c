import { utf8 } from "../../../../src/bytes.ts";
import { DevregError } from "../../../../src/errors.ts";
import {
  compareBytewise,
  type Finding,
  type GenerateOptions,
  generate,
  type ReadHistory,
  type StackSource,
} from "../../../../src/generator/index.ts";
import { silentLogger } from "../../../../src/log.ts";
import { noProgress } from "../../../../src/progress.ts";
import { APP, BASE } from "./base.ts";

/** Stands before what a finding is to point at, and is taken out of the text. */
export const MARK = "»";

/** What a mutant changes: text that a file has once, and what is in its place. */
export type Edit = readonly [from: string, to: string];

/** Files of a repository: path → contents, or a size; undefined takes a file away. */
export type Files = Readonly<Record<string, string | Uint8Array | number | undefined>>;

/** The repository without fault, with one fault in it. */
export interface Mutant {
  readonly name: string;
  /**
   * "error schema-type", at the next mark of the file, or "error no-devfile stacks/app"; in the order
   * of a report.
   */
  readonly expects: readonly string[];
  readonly file: string;
  readonly edits: readonly Edit[];
  /** Where it is, for files that can have no mark. */
  readonly place?: string;
  /** Files that are added, replaced or taken away. */
  readonly files?: Files;
  readonly options?: Partial<GenerateOptions>;
  /** Other sources, and the history of the first one. */
  readonly more?: readonly Files[];
  readonly history?: ReadHistory;
}

/** A row of a table: what it is about, and one edit. */
export type Row = readonly [name: string, from: string, to: string];

/** Makes mutants of one file that all show the same. */
export function mutants(
  expects: string | readonly string[],
  rows: readonly Row[],
  file: string = APP,
): readonly Mutant[] {
  return rows.map(([name, from, to]) => ({
    name,
    expects: typeof expects === "string" ? [expects] : expects,
    file,
    edits: [[from, to]],
  }));
}

/** Gives a file with a change that a mutant needs besides its own. */
export function changed(file: string, from: string, to: string): Files {
  return { [file]: BASE[file]?.replace(from, to) };
}

/** Makes the files of a mutant, and says what is to be found: "error rule file:line:column". */
export function mutate({ edits, expects, file, files, place: told }: Mutant): {
  readonly files: Files;
  readonly expected: readonly string[];
} {
  const all: Files = { ...BASE, ...files };
  const given = all[file] ?? "";
  let text = typeof given === "string" ? given : "";
  for (const [from, to] of edits) {
    const parts = text.split(from);
    if (parts.length !== 2) throw new Error(`"${from}" is ${parts.length - 1} times in ${file}`);
    text = parts.join(to);
  }
  const parts = text.split(MARK);
  const places = parts.slice(0, -1).map((_, at) => placeAfter(parts.slice(0, at + 1).join("")));
  const expected = expects.map((each) => {
    // One that names its file needs no mark.
    if (each.split(" ").length > 2) return each;
    const place = told ?? places.shift();
    return `${each} ${file}${place === undefined ? "" : `:${place}`}`;
  });
  const changed = typeof given === "string" ? { [file]: parts.join("") } : {};
  return { files: given === "" && text === "" ? all : { ...all, ...changed }, expected };
}

/** Gives what generating from files finds, sorted as a report has it. */
export async function findIn(
  files: Files,
  { options = {}, more = [], history }: Partial<Mutant> = {},
): Promise<readonly Finding[]> {
  const first = { files: memorySource(files), url: "memory" };
  const { report } = await generate({
    sources: [
      history === undefined ? first : { ...first, history },
      ...more.map((each, at) => ({ files: memorySource(each), url: `memory ${at + 2}` })),
    ],
    force: false,
    toolVersion: "1.2.3",
    log: silentLogger,
    progress: noProgress,
    ...options,
  });
  return report.findings;
}

/** Gives a finding as "error rule file:line:column". */
export function lineOf({ severity, rule, file, line, column }: Finding): string {
  return `${severity} ${rule} ${[file, line, column].filter((each) => each !== undefined).join(":")}`;
}

function placeAfter(before: string): string {
  const lines = before.split(/\r\n?|\n/);
  return `${lines.length}:${(lines.at(-1) ?? "").length + 1}`;
}

/** Holds a registry repository in memory; of files of which only the size is told nothing more. */
export function memorySource(files: Files): StackSource {
  const all = new Map(
    Object.entries(files).flatMap(([path, given]) =>
      given === undefined ? [] : [[path, typeof given === "string" ? utf8(given) : given]],
    ),
  );
  return {
    name: "memory",
    list: async () => ({
      files: [...all]
        .sort(([a], [b]) => compareBytewise(a, b))
        .map(([path, bytes]) => ({
          path,
          sizeBytes: typeof bytes === "number" ? bytes : bytes.byteLength,
          executable: false,
        })),
      findings: [],
    }),
    read: async (path) => {
      const bytes = all.get(path);
      if (bytes instanceof Uint8Array) return bytes;
      const code = bytes === undefined ? "NOT_FOUND" : "LIMIT_EXCEEDED";
      throw new DevregError(code, `Cannot read "${path}"`);
    },
  };
}
