import { link, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { systemCode } from "../../atomic-file.ts";
import { DevregError } from "../../errors.ts";
import { GIT_JOINED_PACKS } from "../../limits.ts";
import type { GitRemote } from "./git-remote.ts";

/** What one fetch of a repository leaves behind, for the next one to fetch only what is new. */
export interface GitBase {
  readonly gitDir: string;
  /** All of its files are in the git folder. */
  readonly commit: string;
  /** Whether all commits before it are there, too. */
  readonly hasHistory: boolean;
}

/**
 * Fetches what a commit has beyond an earlier one, whose objects become part of the git folder.
 * Gives false, and leaves nothing behind, where that cannot be: the commit does not follow the
 * other one, or the server or the file system is of another kind.
 *
 * @throws {DevregError} as {@link GitRemote.fetchAfter}, but NOT_FOUND
 */
export async function fetchAfter(
  remote: GitRemote,
  oid: string,
  base: GitBase,
  gitDir: string,
): Promise<boolean> {
  try {
    if (await fetchOnto(remote, oid, base, gitDir)) return true;
  } catch (error) {
    if (!(error instanceof DevregError) || error.code !== "NOT_FOUND") throw error;
  }
  await rm(gitDir, { recursive: true, force: true });
  return false;
}

async function fetchOnto(
  remote: GitRemote,
  oid: string,
  base: GitBase,
  gitDir: string,
): Promise<boolean> {
  if (!(await linkPacks(base.gitDir, gitDir))) return false;
  if (!(await remote.fetchAfter(oid, base.commit, gitDir))) return false;
  // Without history it looks as if just this commit had been fetched, so that dates come out alike.
  const shallow = base.hasHistory ? await readFile(join(base.gitDir, "shallow")) : `${oid}\n`;
  await writeFile(join(gitDir, "shallow"), shallow);
  return true;
}

/** False when there are so many packs that one fetch of everything is better, or no links. */
async function linkPacks(from: string, to: string): Promise<boolean> {
  const [source, target] = [join(from, "objects", "pack"), join(to, "objects", "pack")];
  const names = await readdir(source);
  if (names.filter((name) => name.endsWith(".pack")).length > GIT_JOINED_PACKS) return false;
  await mkdir(target, { recursive: true });
  try {
    for (const name of names) await link(join(source, name), join(target, name));
    return true;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return false;
  }
}
