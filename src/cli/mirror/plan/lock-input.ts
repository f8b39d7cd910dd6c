import { statSync } from "node:fs";
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { type MirrorLock, parseLock } from "../../../airgap/index.ts";
import { ioError } from "../../../atomic-file.ts";
import { DevregError } from "../../../errors.ts";
import { LOCK_BYTES } from "../../../mirror-limits.ts";
import type { ProcessEdge } from "../../edge.ts";

/** Tells whether a word names a file, as a lock is one; registry repositories are folders. */
export function isFile(edge: ProcessEdge, word: string): boolean {
  return statSync(resolve(edge.cwd, word), { throwIfNoEntry: false })?.isFile() === true;
}

/**
 * Reads a mirror.lock.json.
 *
 * @throws {DevregError} NOT_FOUND when it is not there; INPUT_INVALID, UNSUPPORTED, LIMIT_EXCEEDED
 */
export async function readLock(edge: ProcessEdge, word: string): Promise<MirrorLock> {
  return parseLock(await readSmallFile(edge, word, LOCK_BYTES), word);
}

/**
 * Gives the registry repositories of a lock, as operands name them: at the commits they were
 * planned at.
 *
 * @throws {DevregError} USAGE when one of them is a folder, which a lock does not name
 */
export function lockedSources({ sources }: MirrorLock, shown: string): readonly string[] {
  return sources.map(({ url, commit_hash: commit }) => {
    if (url !== undefined) return commit === undefined ? url : `${url}#${commit}`;
    throw new DevregError(
      "USAGE",
      `Cannot take registry repositories from "${shown}": it was planned from a folder`,
      { hint: `Name the folder and give the lock by its flag: FOLDER --lock ${shown}` },
    );
  });
}

/**
 * Reads a file that the user names.
 *
 * @throws {DevregError} NOT_FOUND, LIMIT_EXCEEDED, IO
 */
export async function readSmallFile(
  edge: ProcessEdge,
  word: string,
  limitBytes: number,
): Promise<Uint8Array> {
  if (!isFile(edge, word)) {
    throw new DevregError("NOT_FOUND", `Cannot read "${word}": there is no such file`);
  }
  try {
    await using file = await open(resolve(edge.cwd, word), "r");
    const { size } = await file.stat();
    if (size <= limitBytes) return await file.readFile();
  } catch (error) {
    throw ioError("read", word, error);
  }
  throw new DevregError("LIMIT_EXCEEDED", `Cannot read "${word}": over ${limitBytes} bytes`);
}
