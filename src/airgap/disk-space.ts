import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { ioError, systemCode } from "../atomic-file.ts";
import { formatBytes } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { DISK_MARGIN_BYTES } from "../mirror-limits.ts";

/**
 * Checks that a volume has room before anything is written to it.
 *
 * @param path a file or folder that is or will be there
 * @param needBytes how much will be written
 * @throws {DevregError} IO when there is too little
 */
export async function requireSpace(path: string, needBytes: number): Promise<void> {
  const freeBytes = await freeSpace(path);
  if (freeBytes >= needBytes + DISK_MARGIN_BYTES) return;
  throw new DevregError(
    "IO",
    `Cannot write "${path}": it needs ${formatBytes(needBytes)}, ${formatBytes(freeBytes)} are free`,
    { hint: "Free space on this volume or choose another place, then run it again" },
  );
}

/** Gives the free bytes of the volume that a path is or will be on. */
async function freeSpace(path: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(path);
    return bavail * bsize;
  } catch (error) {
    if (systemCode(error) === "ENOENT" && dirname(path) !== path) return freeSpace(dirname(path));
    throw ioError("look at", path, error);
  }
}
