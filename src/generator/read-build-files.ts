import { constants } from "node:fs";
import { type FileHandle, open, readdir, realpath } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { ioError, systemCode } from "../atomic-file.ts";
import { DevregError } from "../errors.ts";
import { FOLDER_DEPTH, REPOSITORY_FILES, STACK_VERSION_BYTES } from "../limits.ts";
import type { BuildFile, BuildFiles } from "./build.ts";
import { compareBytewise } from "./ordering.ts";

/** Where the parts of a build lie; in the image of the Go server each has an address of its own. */
export interface BuildLocation {
  /** The index; build.json and icons/ are looked for beside it. */
  readonly indexPath: string;
  readonly stacksDir: string;
  readonly samplesDir: string;
}

/** What an error means when a path of a build is simply not there. */
const NOT_THERE: ReadonlySet<string | undefined> = new Set([
  "ENOENT",
  "ENOTDIR",
  "EISDIR",
  "ELOOP",
  "ENAMETOOLONG",
  "EINVAL",
]);

/** Reads the files of a build on disk, each when it is asked for. */
export class FolderBuildFiles implements BuildFiles {
  /** Folder of each first part of a path. */
  readonly #roots: ReadonlyMap<string, string>;

  constructor(location: BuildLocation) {
    this.#roots = new Map([
      ["stacks", location.stacksDir],
      ["samples", location.samplesDir],
      ["icons", join(dirname(location.indexPath), "icons")],
    ]);
  }

  async paths(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const folder of this.#roots.keys()) await this.#walk(folder, 0, found);
    return found.sort(compareBytewise);
  }

  async list(folder: string): Promise<readonly string[]> {
    const names = await this.#names(folder);
    return names.files.sort(compareBytewise);
  }

  async stat(path: string): Promise<BuildFile | undefined> {
    const file = await this.#open(path);
    if (file === undefined) return undefined;
    try {
      const { size, mtime } = await file.stat();
      return { size, modified: mtime };
    } finally {
      await file.close();
    }
  }

  async read(path: string): Promise<Uint8Array> {
    const file = await this.#open(path);
    if (file === undefined) {
      throw new DevregError("NOT_FOUND", `Cannot read "${path}": the build does not have it`);
    }
    try {
      const { size } = await file.stat();
      if (size > STACK_VERSION_BYTES) {
        throw new DevregError(
          "LIMIT_EXCEEDED",
          `Cannot read "${path}": over ${STACK_VERSION_BYTES} bytes`,
        );
      }
      return await file.readFile();
    } catch (error) {
      throw ioError("read", path, error);
    } finally {
      await file.close();
    }
  }

  async #walk(folder: string, depth: number, found: string[]): Promise<void> {
    if (depth > FOLDER_DEPTH) throw tooLarge(folder, `over ${FOLDER_DEPTH} folders deep`);
    const { files, folders } = await this.#names(folder);
    for (const name of files) found.push(`${folder}/${name}`);
    if (found.length > REPOSITORY_FILES) throw tooLarge(folder, `over ${REPOSITORY_FILES} files`);
    for (const name of folders) await this.#walk(`${folder}/${name}`, depth + 1, found);
  }

  async #names(folder: string): Promise<{ files: string[]; folders: string[] }> {
    const real = await this.#resolve(folder);
    const files: string[] = [];
    const folders: string[] = [];
    if (real === undefined) return { files, folders };
    try {
      for (const entry of await readdir(real, { withFileTypes: true })) {
        if (entry.isDirectory()) folders.push(entry.name);
        else if (entry.isFile()) files.push(entry.name);
        else if (entry.isSymbolicLink()) {
          // A link counts as the file it leads to; folders behind links are not walked, which also
          // keeps loops out.
          if ((await this.stat(`${folder}/${entry.name}`)) !== undefined) files.push(entry.name);
        }
      }
    } catch (error) {
      if (!NOT_THERE.has(systemCode(error))) throw ioError("read", folder, error);
    }
    return { files, folders };
  }

  /** Opens a regular file; what lies elsewhere or is something else is not there. */
  async #open(path: string): Promise<FileHandle | undefined> {
    const real = await this.#resolve(path);
    if (real === undefined) return undefined;
    try {
      // O_NONBLOCK: a named pipe must not stop the server.
      const file = await open(
        real,
        constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
      );
      if ((await file.stat()).isFile()) return file;
      await file.close();
      return undefined;
    } catch (error) {
      if (NOT_THERE.has(systemCode(error))) return undefined;
      throw ioError("read", path, error);
    }
  }

  /** Gives the real path behind a path of the build, unless it leaves its root. */
  async #resolve(path: string): Promise<string | undefined> {
    const [first = "", ...rest] = path.split("/");
    const root = this.#roots.get(first);
    if (root === undefined || !rest.every(isPlainName)) return undefined;
    try {
      const [realRoot, real] = await Promise.all([realpath(root), realpath(join(root, ...rest))]);
      return real === realRoot || real.startsWith(realRoot + sep) ? real : undefined;
    } catch (error) {
      if (NOT_THERE.has(systemCode(error))) return undefined;
      throw ioError("read", path, error);
    }
  }
}

function isPlainName(part: string): boolean {
  return (
    part !== "" && part !== "." && part !== ".." && part === basename(part) && !/[\0\\]/.test(part)
  );
}

function tooLarge(folder: string, state: string): DevregError {
  return new DevregError("LIMIT_EXCEEDED", `Cannot list "${folder}": ${state}`);
}
