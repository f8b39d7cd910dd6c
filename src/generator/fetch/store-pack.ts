import { createHash } from "node:crypto";
import { open, rename } from "node:fs/promises";
import { join } from "node:path";
import type { ByteStream } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { GIT_PACK_BYTES } from "../../limits.ts";
import { indexPack } from "./index-pack.ts";

const TRAILER_BYTES = 20;

/**
 * Keeps a pack that comes in below `objects/pack` of a git folder, with an index. Its checksum is
 * checked, each object is unpacked and named by its content.
 *
 * @throws {DevregError} LIMIT_EXCEEDED, INPUT_INVALID when it is damaged, ABORTED
 */
export async function storePack(
  bytes: ByteStream,
  gitDir: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const folder = join(gitDir, "objects", "pack");
  const incoming = join(folder, "incoming");
  const checksum = await writePack(bytes, `${incoming}.pack`);
  await indexPack(incoming, signal);
  for (const ending of ["pack", "idx"]) {
    await rename(`${incoming}.${ending}`, join(folder, `pack-${checksum}.${ending}`));
  }
}

async function writePack(bytes: ByteStream, path: string): Promise<string> {
  const hash = createHash("sha1");
  let held: Buffer = Buffer.alloc(0);
  let size = 0;
  await using file = await open(path, "w");
  for await (const chunk of bytes) {
    size += chunk.byteLength;
    if (size > GIT_PACK_BYTES) {
      throw new DevregError(
        "LIMIT_EXCEEDED",
        `Cannot fetch the git repository: over ${GIT_PACK_BYTES} bytes`,
        { hint: "Point to a smaller repository" },
      );
    }
    for (let at = 0; at < chunk.byteLength; ) {
      at += (await file.write(chunk, at)).bytesWritten;
    }
    // The checksum itself comes last and is not part of what it sums up.
    const all = Buffer.concat([held, chunk]);
    const end = Math.max(0, all.byteLength - TRAILER_BYTES);
    hash.update(all.subarray(0, end));
    held = all.subarray(end);
  }
  const checksum = hash.digest("hex");
  if (checksum !== held.toString("hex")) {
    throw new DevregError("INPUT_INVALID", "Cannot read the pack of a git server: it breaks off", {
      hint: "Try again; if it happens again, check the server's repository with git fsck",
    });
  }
  return checksum;
}
