import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { DevregError } from "../errors.ts";

/**
 * Opens a file of a git repository; the caller closes it. A named pipe or device in its place, which
 * would be waited for without end, is refused.
 *
 * @throws {DevregError} INPUT_INVALID
 */
export function openGitFile(path: string): number {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (fstatSync(file).isFile()) return file;
  closeSync(file);
  throw damaged(path, "it is no file");
}

/** Reads a whole file of a git repository. @throws {DevregError} INPUT_INVALID when it is too large */
export function readGitFile(path: string, limitBytes: number): Buffer {
  const file = openGitFile(path);
  try {
    if (fstatSync(file).size > limitBytes) throw damaged(path, `it is over ${limitBytes} bytes`);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes the error of a git repository that cannot be read as it is. */
export function damaged(path: string, state: string, cause?: unknown): DevregError {
  return new DevregError("INPUT_INVALID", `Cannot read git objects in "${path}": ${state}`, {
    cause,
    hint: "Check the repository with git fsck",
  });
}
