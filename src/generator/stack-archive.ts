import { gunzipSync } from "node:zlib";
import { DevregError } from "../errors.ts";
import { STACK_VERSION_BYTES } from "../limits.ts";
import { ARCHIVE_NAME, type PackagedFile } from "./package-stack.ts";
import { gzipStored, packTar, type TarFile } from "./package-stack-archive.ts";
import { readTar } from "./read-tar.ts";

/** The most that an archive may unpack to; headers may double what small files hold. */
const ARCHIVE_BYTES = 2 * STACK_VERSION_BYTES;

/**
 * Reads the archive among the files of a stack version; empty when there is none.
 *
 * @param limitBytes the most that it may unpack to
 * @param limitEntries from how many entries on it is refused
 * @throws {DevregError} INPUT_INVALID when it is no gzip'd tar, or one that unpacks to more;
 *   LIMIT_EXCEEDED
 */
export async function readStackArchive(
  files: readonly PackagedFile[],
  limitBytes = ARCHIVE_BYTES,
  limitEntries?: number,
): Promise<readonly TarFile[]> {
  const archive = files.find(({ name }) => name === ARCHIVE_NAME);
  if (archive === undefined) return [];
  const entries = await readTar(unzip(archive.bytes, limitBytes), ARCHIVE_NAME, limitEntries);
  return entries
    .filter(({ type }) => type === "file")
    .map(({ name, executable = false, bytes }) => ({ name, executable, bytes }));
}

function unzip(bytes: Uint8Array, limitBytes: number): Uint8Array {
  try {
    return gunzipSync(bytes, { maxOutputLength: limitBytes });
  } catch (cause) {
    const message = `Cannot read "${ARCHIVE_NAME}": it is no gzip'd tar`;
    throw new DevregError("INPUT_INVALID", message, { cause });
  }
}

/** Adds files to the archive of a stack version, by their path in its folder. */
export async function addToStackArchive(
  files: readonly PackagedFile[],
  added: readonly PackagedFile[],
): Promise<PackagedFile> {
  const more = added.map(({ name, bytes }) => ({ name: `./${name}`, bytes }));
  const tar = await packTar([...(await readStackArchive(files)), ...more]);
  return { name: ARCHIVE_NAME, bytes: gzipStored(tar) };
}
