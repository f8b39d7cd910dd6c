import { chmodSync, mkdirSync, rmdirSync, statSync } from "node:fs";
import { chmod, mkdir, open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ioError, syncFolder } from "../atomic-file.ts";
import { eachBounded } from "../concurrent.ts";
import { FILE_CONCURRENCY, SYNC_EACH_FILES } from "../limits.ts";
import { syncVolume } from "../sync-volume.ts";
import type { Build } from "./build.ts";
import { formatBuildInfo } from "./build-info.ts";

const FOLDER_MODE = 0o755;
const FILE_MODE = 0o644;
const MODE_BITS = 0o777;

/**
 * Writes all of a build to an empty folder and waits until it is on the disk. Each file is one trip
 * through the thread pool, several at once, for the system takes its time to make files.
 *
 * @throws {DevregError} IO when the disk is full or refuses; what was begun stays
 */
export async function writeBuildFiles(build: Build, folder: string): Promise<void> {
  const paths = await build.files.paths();
  const levels = folderLevels(paths);
  const writer = new FileWriter(folder);
  for (const level of levels) {
    await eachBounded(level, FILE_CONCURRENCY, (path) => writer.makeFolder(path));
  }
  await eachBounded(paths, FILE_CONCURRENCY, async (path) =>
    writer.write(path, await build.files.read(path)),
  );
  const tops = new Map([["index.json", build.indexBytes]]);
  if (build.info !== undefined) tops.set("build.json", formatBuildInfo(build.info));
  for (const [name, bytes] of tops) await writer.write(name, bytes);
  const files = [...paths, ...tops.keys()];
  if (files.length > SYNC_EACH_FILES && (await syncVolume(folder))) return;
  await eachBounded(files, FILE_CONCURRENCY, (path) => syncFile(join(folder, path)));
  const folders = [...levels.flat(), "."];
  await eachBounded(folders, FILE_CONCURRENCY, (path) => syncFolder(join(folder, path)));
}

/** Makes files and folders with modes that no umask cuts: whatever user serves a build reads it. */
class FileWriter {
  readonly #folder: string;
  /** Whether this process has a umask that takes from the modes of files. */
  readonly #isCut: boolean;

  constructor(folder: string) {
    this.#folder = folder;
    const probe = join(folder, ".mode");
    mkdirSync(probe, FOLDER_MODE);
    this.#isCut = (statSync(probe).mode & MODE_BITS) !== FOLDER_MODE;
    rmdirSync(probe);
    chmodSync(folder, FOLDER_MODE);
  }

  async makeFolder(path: string): Promise<void> {
    const whole = `${this.#folder}/${path}`;
    try {
      await mkdir(whole, FOLDER_MODE);
      if (this.#isCut) await chmod(whole, FOLDER_MODE);
    } catch (error) {
      throw ioError("make folder", whole, error);
    }
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    const whole = `${this.#folder}/${path}`;
    try {
      await writeFile(whole, bytes, { flag: "wx", mode: FILE_MODE });
      if (this.#isCut) await chmod(whole, FILE_MODE);
    } catch (error) {
      throw ioError("write", whole, error);
    }
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

/** Gives every folder above the files by how deep it lies, the highest first. */
function folderLevels(paths: readonly string[]): readonly (readonly string[])[] {
  const levels: Set<string>[] = [];
  for (const path of paths) {
    let depth = 0;
    for (let end = path.indexOf("/"); end >= 0; end = path.indexOf("/", end + 1)) {
      levels[depth] = (levels[depth] ?? new Set()).add(path.slice(0, end));
      depth += 1;
    }
  }
  return levels.map((level) => [...level]);
}
