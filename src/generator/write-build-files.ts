import { chmodSync, closeSync, fchmodSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { ioError, syncFolder } from "../atomic-file.ts";
import { eachBounded } from "../concurrent.ts";
import { FILE_CONCURRENCY, SYNC_EACH_FILES, WRITE_AT_ONCE_FILES } from "../limits.ts";
import { syncVolume } from "../sync-volume.ts";
import type { Build } from "./build.ts";
import { formatBuildInfo } from "./build-info.ts";
import { compareBytewise } from "./ordering.ts";

const FOLDER_MODE = 0o755;
const FILE_MODE = 0o644;

/**
 * Writes all of a build to an empty folder and waits until it is on the disk. Small files are written
 * without leaving the thread, a slice at a time, which makes thousands of them five times as fast.
 *
 * @throws {DevregError} IO when the disk is full or refuses; what was begun stays
 */
export async function writeBuildFiles(build: Build, folder: string): Promise<void> {
  const paths = await build.files.paths();
  const folders = foldersOf(paths);
  chmodSync(folder, FOLDER_MODE);
  for (const each of folders) makeNewFolder(`${folder}/${each}`);
  for (const [at, path] of paths.entries()) {
    writeNewFile(`${folder}/${path}`, await build.files.read(path));
    // Lets signals be seen, and progress be drawn.
    if (at % WRITE_AT_ONCE_FILES === WRITE_AT_ONCE_FILES - 1) await setImmediate();
  }
  const tops = new Map([["index.json", build.indexBytes]]);
  if (build.info !== undefined) tops.set("build.json", formatBuildInfo(build.info));
  for (const [name, bytes] of tops) writeNewFile(join(folder, name), bytes);
  const files = [...paths, ...tops.keys()];
  if (files.length > SYNC_EACH_FILES && (await syncVolume(folder))) return;
  await eachBounded(files, FILE_CONCURRENCY, (path) => syncFile(join(folder, path)));
  await eachBounded([...folders, "."], FILE_CONCURRENCY, (path) => syncFolder(join(folder, path)));
}

function makeNewFolder(path: string): void {
  try {
    mkdirSync(path, FOLDER_MODE);
    chmodSync(path, FOLDER_MODE);
  } catch (error) {
    throw ioError("make folder", path, error);
  }
}

function writeNewFile(path: string, bytes: Uint8Array): void {
  try {
    const file = openSync(path, "wx", FILE_MODE);
    try {
      writeFileSync(file, bytes);
      // The mode given on opening is cut by the umask; a build is read by whatever user serves it.
      fchmodSync(file, FILE_MODE);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw ioError("write", path, error);
  }
}

async function syncFile(path: string): Promise<void> {
  try {
    await using file = await open(path, "r");
    await file.sync();
  } catch (error) {
    throw ioError("sync", path, error);
  }
}

/** Gives every folder above the files, those above before those below. */
function foldersOf(paths: readonly string[]): readonly string[] {
  const folders = new Set<string>();
  for (const path of paths) {
    for (let end = path.indexOf("/"); end >= 0; end = path.indexOf("/", end + 1)) {
      folders.add(path.slice(0, end));
    }
  }
  return [...folders].sort(compareBytewise);
}
