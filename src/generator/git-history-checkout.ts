import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { DevregError } from "../errors.ts";
import { GIT_CHAIN, GIT_FILE_BYTES } from "../limits.ts";

/** The git repository that a folder was checked out from. */
export interface Checkout {
  /** The folder asked for, relative to the top of the checkout; empty when it is the top. */
  readonly prefix: string;
  /** The `objects` folder. */
  readonly objectsDir: string;
  /** Gives what a reference ("refs/heads/main", "FETCH_HEAD") leads to; undefined for none. */
  readonly reference: (name: string) => string | undefined;
  /** Name of the commit checked out. */
  readonly head: string;
  /** Commits whose parents were not fetched. */
  readonly shallow: ReadonlySet<string>;
}

/**
 * Finds the checkout that a folder belongs to: its top is the next folder upwards with a `.git`,
 * which may be a file that points elsewhere (worktrees, submodules).
 *
 * @returns undefined when there is none, or no commit yet
 * @throws {DevregError} UNSUPPORTED for SHA-256 and reftable repositories
 */
export function findCheckout(folder: string): Checkout | undefined {
  const start = realpathSync(folder);
  const found = findGitDir(start);
  if (found === undefined) return undefined;
  const commonDir = resolve(found.gitDir, readLine(join(found.gitDir, "commondir")) ?? ".");
  if (existsSync(join(commonDir, "reftable"))) throw unsupported(found.top, "reftable references");
  const reference = (name: string) => followReference(found.gitDir, commonDir, name);
  const head = reference("HEAD");
  if (head === undefined) return undefined;
  if (head.length !== 40) throw unsupported(found.top, "SHA-256 names");
  return {
    prefix: relative(found.top, start).split("\\").join("/"),
    objectsDir: join(commonDir, "objects"),
    reference,
    head,
    shallow: new Set(readLines(join(commonDir, "shallow"))),
  };
}

function findGitDir(start: string): { readonly top: string; readonly gitDir: string } | undefined {
  for (let top = start; ; top = dirname(top)) {
    const gitDir = gitDirOf(top);
    if (gitDir !== undefined && existsSync(join(gitDir, "HEAD"))) return { top, gitDir };
    if (dirname(top) === top) return undefined;
  }
}

function gitDirOf(top: string): string | undefined {
  const path = join(top, ".git");
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  if (stats.isDirectory()) return path;
  const target = /^gitdir: (.+)$/.exec(readLine(path) ?? "")?.[1];
  return target === undefined ? undefined : resolve(top, target);
}

/** Follows a reference to an object. Spec: gitrepository-layout, HEAD, refs, packed-refs. */
function followReference(gitDir: string, commonDir: string, name: string): string | undefined {
  let next = name;
  for (let steps = 0; steps < GIT_CHAIN; steps++) {
    if (next.split("/").includes("..")) return undefined;
    const value =
      readLine(join(gitDir, next)) ??
      readLine(join(commonDir, next)) ??
      packedReference(commonDir, next);
    const symbolic = /^ref: (refs\/.+)$/.exec(value ?? "")?.[1];
    if (symbolic === undefined) {
      const [oid = ""] = (value ?? "").split("\t");
      return isObjectName(oid) ? oid : undefined;
    }
    next = symbolic;
  }
  return undefined;
}

function packedReference(commonDir: string, reference: string): string | undefined {
  const line = readLines(join(commonDir, "packed-refs")).find((each) =>
    each.endsWith(` ${reference}`),
  );
  return line?.split(" ")[0];
}

function isObjectName(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

function readLine(path: string): string | undefined {
  return readLines(path)[0];
}

/** Gives the lines of a small file that are not empty; none when it is no file. */
function readLines(path: string): readonly string[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isFile()) return [];
  if (stats.size > GIT_FILE_BYTES) {
    throw new DevregError("LIMIT_EXCEEDED", `Cannot read "${path}": over ${GIT_FILE_BYTES} bytes`);
  }
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.map((line) => line.trimEnd()).filter((line) => line !== "");
}

function unsupported(top: string, what: string): DevregError {
  return new DevregError("UNSUPPORTED", `Cannot read git history of "${top}": it uses ${what}`, {
    hint: "Keep a last_modified.json in the repository",
  });
}
