import { randomUUID } from "node:crypto";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Content, openContent } from "./bytes.ts";
import { DevregError, describeError } from "./errors.ts";

/** The end of the name of a file that is being written; what carries it may be removed. */
export const PARTIAL_SUFFIX = ".partial";

const DEFAULT_MODE = 0o644;

/** How a file is written. */
export interface AtomicFileOptions {
  /** Permission bits before the umask; 0o644 unless told. */
  readonly mode?: number;
  /** Where the unfinished file is kept, on the same file system; beside the file unless told. */
  readonly temporaryFolder?: string;
}

/**
 * Writes a file so that its path shows the old content or all of the new, also after a power cut:
 * unfinished under another name, synced, renamed, the folder synced. When anything fails, also in
 * reading the content, the unfinished file is removed and the error passed on.
 *
 * @throws {DevregError} IO when the disk is full or refuses
 */
export async function writeFileAtomic(
  path: string,
  content: Content,
  options: AtomicFileOptions = {},
): Promise<void> {
  const folder = options.temporaryFolder ?? dirname(path);
  const partial = join(folder, `.${basename(path)}.${randomUUID()}${PARTIAL_SUFFIX}`);
  try {
    await writeSynced(partial, content, options.mode ?? DEFAULT_MODE);
    await rename(partial, path);
  } catch (error) {
    // The first error is the one to report: what cannot be removed now is left to the next clean-up.
    await rm(partial, { force: true }).catch(() => undefined);
    throw ioError("write", path, error);
  }
  await syncFolder(dirname(path));
}

/**
 * Writes a file that must not exist yet and waits until it is on the disk; its name is durable only
 * after {@link syncFolder}.
 *
 * @throws {DevregError} IO when it exists, the disk is full or refuses; what was begun stays
 */
export async function writeNewFile(
  path: string,
  content: Content,
  mode = DEFAULT_MODE,
): Promise<void> {
  try {
    await writeSynced(path, content, mode);
  } catch (error) {
    throw ioError("write", path, error);
  }
}

/** Makes the names in a folder durable. @throws {DevregError} IO when the disk refuses */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    throw ioError("sync", path, error);
  }
}

/** Makes a folder and those above it. @throws {DevregError} IO when the disk refuses */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw ioError("make folder", path, error);
  }
}

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: "Free space on this volume or choose another folder, then run it again",
  EDQUOT: "Raise the disk quota or choose another folder, then run it again",
  EROFS: "The file system is read-only: choose a folder that can be written",
  EACCES: "Check the owner and the permissions of the folder",
  EPERM: "Check the owner and the permissions of the folder",
  EMFILE: "Raise the limit of open files (ulimit -n)",
};

/**
 * Turns a failure of the file system into an IO error that says what was done to which path; errors
 * of devreg, and what is no error of the system, pass as they are.
 */
export function ioError(verb: string, path: string, error: unknown): unknown {
  if (error instanceof DevregError) return error;
  const code = systemCode(error);
  if (code === undefined) return error;
  const hint = HINTS[code];
  return new DevregError("IO", `Cannot ${verb} "${path}": ${systemState(error)}`, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
  });
}

/**
 * Says what the system objects to, "permission denied", without its code and the path, which the
 * message around it names; of other errors what describeError() says.
 */
export function systemState(error: unknown): string {
  const code = systemCode(error);
  const text = describeError(error);
  if (code === "EISDIR") return "it is a folder";
  if (code === undefined || !text.startsWith(`${code}: `)) return text;
  return text.slice(code.length + 2).replace(/, [a-z]+(?: '.*)?$/s, "");
}

/** Gives the code of a system error ("ENOENT"); undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" && /^E[A-Z0-9]+$/.test(error.code) ? error.code : undefined;
}

async function writeSynced(path: string, content: Content, mode: number): Promise<void> {
  const file = await open(path, "wx", mode);
  try {
    for await (const chunk of openContent(content)) await writeWhole(file, chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Writes all of a chunk to an open file: at its end, or at that position in bytes. */
export async function writeWhole(
  file: FileHandle,
  chunk: Uint8Array,
  position?: number,
): Promise<void> {
  let offset = 0;
  while (offset < chunk.byteLength) {
    const at = position === undefined ? null : position + offset;
    const { bytesWritten } = await file.write(chunk, offset, chunk.byteLength - offset, at);
    offset += bytesWritten;
  }
}
