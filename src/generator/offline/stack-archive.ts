import { gunzipSync } from "node:zlib";
import { DevregError } from "../../errors.ts";
import { STACK_VERSION_BYTES } from "../../limits.ts";
import { ARCHIVE_NAME, type PackagedFile } from "../package-stack.ts";
import { gzipStored, packTar, type TarFile } from "../package-stack-archive.ts";

/** The most that an archive may unpack to; headers may double what small files hold. */
const ARCHIVE_BYTES = 2 * STACK_VERSION_BYTES;

/**
 * Reads the archive among the files of a stack version; empty when there is none.
 *
 * @throws {DevregError} INPUT_INVALID when it is no gzip'd tar
 */
export async function readStackArchive(
  files: readonly PackagedFile[],
): Promise<readonly TarFile[]> {
  const archive = files.find(({ name }) => name === ARCHIVE_NAME);
  if (archive === undefined) return [];
  try {
    const { extract } = await import("tar-stream");
    const tar = extract();
    tar.end(gunzipSync(archive.bytes, { maxOutputLength: ARCHIVE_BYTES }));
    const found: TarFile[] = [];
    for await (const entry of tar) {
      const { type, name, mode = 0 } = entry.header;
      const chunks: Uint8Array[] = [];
      // The stream is typed for objects too; that of an entry gives bytes.
      for await (const chunk of entry as AsyncIterable<Uint8Array>) chunks.push(chunk);
      if (type !== "file") continue;
      found.push({ name, executable: (mode & 0o111) !== 0, bytes: Buffer.concat(chunks) });
    }
    return found;
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
