import { posix } from "node:path";
import { DevregError } from "../errors.ts";
import { LINK_HOPS } from "../limits.ts";
import type { ProjectEntry, ProjectTree, Provenance } from "./fetch/index.ts";
import { type GoTime, parseGoTime } from "./go-time.ts";

/** The content of one file of a project. */
export interface ProjectFile {
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

/** Looks a file of a project up by its path, following links; undefined when it has none. */
export type FindFile = (path: string) => ProjectFile | undefined;

/** Makes a lookup of the files of a project. */
export function fileFinder({ entries }: ProjectTree): FindFile {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  return (path) => {
    let at: ProjectEntry | undefined = byPath.get(path);
    for (let hops = 0; at?.mode === "symlink" && hops < LINK_HOPS; hops++) {
      at = byPath.get(posix.join(posix.dirname(at.path), at.target));
    }
    if (at === undefined || at.mode === "symlink") return undefined;
    return { bytes: at.bytes, executable: at.mode === "executable" };
  };
}

/**
 * Gives the files of a project by path, sorted bytewise. A link to a file stands for its content, as
 * in a folder.
 *
 * @throws {DevregError} UNSUPPORTED for a link to anything else
 */
export function projectFiles(tree: ProjectTree): ReadonlyMap<string, ProjectFile> {
  const find = fileFinder(tree);
  return new Map(
    tree.entries.map(({ path }) => {
      const file = find(path);
      if (file !== undefined) return [path, file];
      throw new DevregError("UNSUPPORTED", `Cannot use "${path}": it links to no file`, {
        hint: "Replace the link by the files it stands for",
      });
    }),
  );
}

/** Gives the author date of the commit that a project was fetched from. */
export function authorDate(provenance: Provenance): { readonly fetched?: GoTime } {
  const date = provenance.kind === "git" ? parseGoTime(provenance.authorTime) : undefined;
  return date === undefined ? {} : { fetched: date };
}
