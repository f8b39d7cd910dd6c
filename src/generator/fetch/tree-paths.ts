import { DevregError } from "../../errors.ts";
import { FOLDER_DEPTH, PROJECT_NAME_BYTES, PROJECT_PATH_BYTES } from "../../limits.ts";

/**
 * Checks one name of a path: that no system takes it for something else than a name in this folder.
 *
 * @throws {DevregError} INPUT_INVALID, LIMIT_EXCEEDED
 */
export function checkName(name: string, path: string): void {
  if (name === "" || name === "." || name === "..") throw refused(path, `"${name}" is no name`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f/\\]/.test(name)) {
    throw refused(path, "a name has a slash, a backslash or a control character");
  }
  if (name.includes("\ufffd")) throw refused(path, "a name is no UTF-8");
  if (isGitFolder(name)) throw refused(path, "it would be taken for git's own folder");
  if (Buffer.byteLength(name) > PROJECT_NAME_BYTES) {
    throw tooLong(path, `a name is over ${PROJECT_NAME_BYTES} bytes`);
  }
}

/** Checks a path as a whole, and each of its names. @throws {DevregError} as {@link checkName} */
export function checkPath(path: string): void {
  const names = path.split("/");
  if (names.length > FOLDER_DEPTH) throw tooLong(path, `it is over ${FOLDER_DEPTH} folders deep`);
  if (Buffer.byteLength(path) > PROJECT_PATH_BYTES) {
    throw tooLong(path, `it is over ${PROJECT_PATH_BYTES} bytes`);
  }
  for (const name of names) checkName(name, path);
}

/** Tells whether a system that ignores case, or a dot at the end, takes a name for ".git". */
function isGitFolder(name: string): boolean {
  return /^(?:\.git|git~1)[. ]*$/i.test(
    name.normalize("NFKC").replace(/[\u200b-\u200f\ufeff]/g, ""),
  );
}

/**
 * Reads the name of a wanted folder, "" meaning all: "./a/b/" → "a/b".
 *
 * @throws {DevregError} INPUT_INVALID when it leads out of the project
 */
export function parseSubDir(subDir: string | undefined): string {
  const names = (subDir ?? "").split("/").filter((name) => name !== "" && name !== ".");
  if (names.includes("..") || /[\\\0]/.test(subDir ?? "")) {
    throw new DevregError("INPUT_INVALID", `Cannot use subDir "${subDir}": it leads elsewhere`, {
      hint: "Give a folder of the project, relative to its root",
    });
  }
  return names.join("/");
}

/** Gives a path below a folder; undefined when it lies elsewhere. */
export function pathBelow(folder: string, path: string): string | undefined {
  if (folder === "") return path;
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
}

function refused(path: string, state: string): DevregError {
  return new DevregError("INPUT_INVALID", `Cannot fetch the project: "${path}": ${state}`, {
    hint: "Rename it in the project",
  });
}

function tooLong(path: string, state: string): DevregError {
  const shown = path.slice(0, PROJECT_NAME_BYTES);
  return new DevregError("LIMIT_EXCEEDED", `Cannot fetch the project: "${shown}": ${state}`);
}
