import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

/** One line of last_modified.json. */
interface Dated {
  readonly name: string;
}

/**
 * Makes a larger registry repository: every stack so many times under other names, the samples once.
 * The first copy keeps its name; of the others the folder, the name in stack.yaml, that in each
 * devfile and that in last_modified.json get a number. The same input gives the same files.
 */
export function makeSyntheticRegistry(registry: string, copies: number, target: string): void {
  mkdirSync(join(target, "stacks"), { recursive: true });
  for (const stack of readdirSync(join(registry, "stacks"))) {
    const files = filesBelow(join(registry, "stacks", stack));
    for (let copy = 0; copy < copies; copy++) {
      const folder = join(target, "stacks", numbered(stack, copy));
      for (const { path, bytes, mode } of files) {
        const file = join(folder, path);
        mkdirSync(join(file, ".."), { recursive: true });
        writeFileSync(file, renamed(path, bytes, copy), { mode });
      }
    }
  }
  for (const name of ["samples", "extraDevfileEntries.yaml"]) {
    cpSync(join(registry, name), join(target, name), { recursive: true });
  }
  const dates = JSON.parse(readFileSync(join(registry, "last_modified.json"), "utf8"));
  const stacks = dates.stacks.flatMap((dated: Dated) =>
    Array.from({ length: copies }, (_, copy) => ({ ...dated, name: numbered(dated.name, copy) })),
  );
  writeFileSync(join(target, "last_modified.json"), JSON.stringify({ ...dates, stacks }));
}

/** Counts the versions of stacks of a registry repository: the folders with a devfile. */
export function countVersions(registry: string): number {
  const files = filesBelow(join(registry, "stacks"));
  return files.filter(({ path }) => /(?:^|\/)\.?devfile\.yaml$/.test(path)).length;
}

function filesBelow(folder: string) {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => ({ path, stats: statSync(join(folder, path)) }))
    .filter(({ stats }) => stats.isFile())
    .map(({ path, stats }) => ({
      path,
      bytes: readFileSync(join(folder, path)),
      mode: stats.mode,
    }));
}

function numbered(name: string, copy: number): string {
  return copy === 0 ? name : `${name}-${String(copy).padStart(3, "0")}`;
}

/** Changes the first name of a stack.yaml, at its top, or of a devfile, in its metadata. */
function renamed(path: string, bytes: Uint8Array, copy: number): Uint8Array | string {
  const name = basename(path);
  if (copy === 0 || !/^(?:stack|\.?devfile)\.yaml$/.test(name)) return bytes;
  const pattern = name === "stack.yaml" ? /^name:[ ]*([^\s#]+)/m : /^ {2}name:[ ]*([^\s#]+)/m;
  return Buffer.from(bytes)
    .toString("utf8")
    .replace(pattern, (line, old: string) => line.replace(old, numbered(old, copy)));
}
