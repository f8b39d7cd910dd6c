import { constants } from "node:fs";
import { lstat, open, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { ioError, makeFolder, systemCode } from "../../atomic-file.ts";
import { DevregError } from "../../errors.ts";
import { OUTPUT_CLAIMS } from "../../mirror-limits.ts";
import {
  openReadonlyLayout,
  openTarLayout,
  type ReadonlyRegistry,
} from "../../oci-client/index.ts";
import { BUNDLE_REPOSITORY } from "./bundle-format.ts";

/** Where a bundle goes that others may write to, too. */
interface OutputPlace {
  readonly kind: "folder" | "file";
  readonly path: string;
}

/** The right to write a bundle to a place, while no other run has it. */
export interface OutputClaim {
  /** Whether a run of ours began something there that is not whole. */
  readonly isBegun: boolean;
  /** Gives it up; a place whose bundle is not whole stays marked as one to go on with. */
  end(isWhole: boolean): Promise<void>;
}

/**
 * Takes the right to write to a place: no other run may be writing there, and nothing may be lost
 * that is no bundle. It is held by a lock on a file beside the place, which the system lets go of
 * however a run ends.
 *
 * @throws {DevregError} INPUT_INVALID when another run has it, or something else is there; IO
 */
export async function claimOutput(
  output: OutputPlace | { readonly kind: "stream" },
): Promise<OutputClaim> {
  if (output.kind === "stream") return { isBegun: false, end: async () => undefined };
  const { path } = output;
  const mark = join(dirname(path), `.${basename(path)}.lock`);
  await makeFolder(dirname(path));
  // One that was begun by a run of ours need not be a whole bundle.
  const isBegun = (await inodeOf(mark)) !== undefined;
  const lock = await takeLock(mark, path);
  const end = async (isWhole: boolean) => {
    // Removed while the lock is held, so that nobody is left with a lock on what is gone.
    if (isWhole) await removeFile(mark);
    lock.close();
  };
  try {
    if (!isBegun) await refuseForeign(output);
  } catch (error) {
    await end(true);
    throw error;
  }
  return { isBegun, end };
}

/** A lock of the system on a file. */
interface FileLock {
  close(): void;
}

/** Whoever waited for a lock on a file that was removed meanwhile has to begin again. */
async function takeLock(mark: string, path: string): Promise<FileLock> {
  for (let attempt = 0; attempt < OUTPUT_CLAIMS; attempt += 1) {
    const before = await makeMark(mark);
    const lock = await lockFile(mark, path);
    if ((await inodeOf(mark)) === before) return lock;
    lock.close();
  }
  throw inUse(path);
}

async function makeMark(mark: string): Promise<number> {
  try {
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
    await using file = await open(mark, flags, 0o644);
    return (await file.stat()).ino;
  } catch (error) {
    throw ioError("open", mark, error);
  }
}

/** A database is the one thing here that locks files; nothing is ever written to it. */
async function lockFile(mark: string, path: string): Promise<FileLock> {
  const { Database } = await import("bun:sqlite");
  const database = new Database(mark, { readwrite: true });
  try {
    database.run("BEGIN EXCLUSIVE");
    return database;
  } catch (cause) {
    database.close();
    const isTaken = cause instanceof Error && "code" in cause && cause.code === "SQLITE_BUSY";
    if (isTaken) throw inUse(path, cause);
    throw new DevregError("IO", `Cannot lock "${mark}"`, { cause });
  }
}

async function inodeOf(path: string): Promise<number | undefined> {
  try {
    return (await lstat(path)).ino;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw ioError("look at", path, error);
  }
}

async function removeFile(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (error) {
    throw ioError("remove", path, error);
  }
}

/** A bundle is replaced by the next one; files and images of somebody else are not. */
async function refuseForeign(output: OutputPlace): Promise<void> {
  const isOurs = output.kind === "folder" ? isFreeFolder : isFreeFile;
  if (await isOurs(output.path)) return;
  throw new DevregError(
    "INPUT_INVALID",
    `Cannot write a bundle to "${output.path}": what is there is no bundle of devreg`,
    { hint: "Choose another place, or remove what is there" },
  );
}

/** Other tools give images in a layout no repository; with one they are seen. */
const UNNAMED = "unnamed";

/** What no layout is in at all is looked at by whoever makes one. */
async function isFreeFolder(path: string): Promise<boolean> {
  try {
    const registry = await openReadonlyLayout(path, { unnamed: UNNAMED });
    return (await isBundle(registry)) || (await isEmpty(registry));
  } catch (error) {
    if (error instanceof DevregError && error.code === "NOT_FOUND") return true;
    throw error;
  }
}

async function isFreeFile(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).size === 0) return true;
    await using registry = await openTarLayout(path);
    return await isBundle(registry);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return true;
    if (error instanceof DevregError) return false;
    throw ioError("look at", path, error);
  }
}

async function isBundle(registry: ReadonlyRegistry): Promise<boolean> {
  return (await registry.repository(BUNDLE_REPOSITORY).resolve("latest")) !== undefined;
}

async function isEmpty(registry: ReadonlyRegistry): Promise<boolean> {
  for await (const _ of registry.repositories()) return false;
  return true;
}

function inUse(path: string, cause?: unknown): DevregError {
  return new DevregError(
    "INPUT_INVALID",
    `Cannot write a bundle to "${path}": another run is writing to it`,
    { hint: "Wait until that has ended, or choose another place", cause },
  );
}
