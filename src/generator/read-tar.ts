import { DevregError } from "../errors.ts";
import { REPOSITORY_FILES } from "../limits.ts";
import type { TarFile } from "./package-stack-archive.ts";

/** One entry of a tar; only files have bytes. */
export interface TarEntry extends TarFile {
  /** "file", "directory", "symlink", … */
  readonly type: string;
}

/**
 * Reads a plain tar in memory, its entries in the order in which they stand.
 *
 * @param what what messages call it
 * @param limitEntries from how many entries on it is refused
 * @throws {DevregError} INPUT_INVALID when it is no tar; LIMIT_EXCEEDED
 */
export async function readTar(
  bytes: Uint8Array,
  what: string,
  limitEntries = REPOSITORY_FILES,
): Promise<readonly TarEntry[]> {
  // Imported on use: a server that starts from a build never unpacks.
  const { extract } = await import("tar-stream");
  const tar = extract();
  tar.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const found: TarEntry[] = [];
  try {
    for await (const entry of tar) {
      const { type, name, mode = 0 } = entry.header;
      const chunks: Uint8Array[] = [];
      // The stream is typed for objects too; that of an entry gives bytes.
      for await (const chunk of entry as AsyncIterable<Uint8Array>) chunks.push(chunk);
      const executable = (mode & 0o111) !== 0;
      if (found.length >= limitEntries) break;
      found.push({ type: type ?? "file", name, executable, bytes: Buffer.concat(chunks) });
    }
  } catch (cause) {
    throw new DevregError("INPUT_INVALID", `Cannot read "${what}": it is no tar`, { cause });
  }
  if (found.length < limitEntries) return found;
  throw new DevregError(
    "LIMIT_EXCEEDED",
    `Cannot read "${what}": it has ${limitEntries} entries or more`,
  );
}
