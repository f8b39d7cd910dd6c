import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  read,
  readdirSync,
  readFileSync,
  realpathSync,
  type Stats,
} from "node:fs";
import { basename, dirname, join, sep } from "node:path";
import { promisify } from "node:util";
import { ioError, systemCode } from "../atomic-file.ts";
import { DevregError } from "../errors.ts";
import { FOLDER_DEPTH, REPOSITORY_FILES, STACK_VERSION_BYTES } from "../limits.ts";
import { Pace } from "../turn.ts";
import { FOLDERS_IN_A_ROW } from "../turn-limits.ts";
import type { BuildFile, BuildFiles } from "./build.ts";
import { compareBytewise } from "./ordering.ts";

/** Where the parts of a build lie; in the image of the Go server each has an address of its own. */
export interface BuildLocation {
  /** The index; build.json, icons/ and documents/ are looked for beside it. */
  readonly indexPath: string;
  readonly stacksDir: string;
  readonly samplesDir: string;
  /** Folder that no part may lead out of; absent where the parts lie apart on purpose. */
  readonly within?: string;
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

const readPiece = promisify(read);

/** Up to this size a file is read at once: a trip through the thread pool costs far more. */
const AT_ONCE_BYTES = 256 * 1024;

/** What was found so far of all files. */
interface Walk {
  readonly found: string[];
  readonly pace: Pace;
}

/** An open file, by descriptor. */
interface OpenFile {
  readonly descriptor: number;
  readonly stats: Stats;
}

/**
 * Reads the files of a build on disk, each when it is asked for. Paths are looked up and small
 * files read without leaving the thread, which makes loading a build some fifty times faster.
 */
export class FolderBuildFiles implements BuildFiles {
  /** Folder of each first part of a path. */
  readonly #roots: ReadonlyMap<string, string>;
  readonly #within: string | undefined;

  constructor(location: BuildLocation) {
    this.#within = location.within;
    const beside = dirname(location.indexPath);
    this.#roots = new Map([
      ["stacks", location.stacksDir],
      ["samples", location.samplesDir],
      ["icons", join(beside, "icons")],
      ["documents", join(beside, "documents")],
    ]);
  }

  async paths(): Promise<readonly string[]> {
    const found: string[] = [];
    const pace = new Pace(FOLDERS_IN_A_ROW);
    for (const folder of this.#roots.keys()) await this.#walk(folder, 0, { found, pace });
    return found.sort(compareBytewise);
  }

  async list(folder: string): Promise<readonly string[]> {
    const names = this.#names(folder);
    return names.files.sort(compareBytewise);
  }

  async stat(path: string): Promise<BuildFile | undefined> {
    const file = this.#open(path);
    if (file === undefined) return undefined;
    closeSync(file.descriptor);
    return { size: file.stats.size, modified: file.stats.mtime };
  }

  async read(path: string): Promise<Uint8Array> {
    const file = this.#open(path);
    if (file === undefined) {
      throw new DevregError("NOT_FOUND", `Cannot read "${path}": the build does not have it`);
    }
    const { descriptor, stats } = file;
    try {
      if (stats.size > STACK_VERSION_BYTES) {
        throw new DevregError(
          "LIMIT_EXCEEDED",
          `Cannot read "${path}": over ${STACK_VERSION_BYTES} bytes`,
        );
      }
      if (stats.size <= AT_ONCE_BYTES) return readFileSync(descriptor);
      return await readLarge(descriptor, stats.size);
    } catch (error) {
      throw ioError("read", path, error);
    } finally {
      closeSync(descriptor);
    }
  }

  blob(path: string): Blob | undefined {
    const real = this.#resolve(path);
    return real === undefined ? undefined : Bun.file(real);
  }

  async #walk(folder: string, depth: number, walk: Walk): Promise<void> {
    const { found, pace } = walk;
    if (depth > FOLDER_DEPTH) throw tooLarge(folder, `over ${FOLDER_DEPTH} folders deep`);
    const { files, folders } = this.#names(folder);
    for (const name of files) found.push(`${folder}/${name}`);
    if (found.length > REPOSITORY_FILES) throw tooLarge(folder, `over ${REPOSITORY_FILES} files`);
    await pace.did(1);
    for (const name of folders) await this.#walk(`${folder}/${name}`, depth + 1, walk);
  }

  #names(folder: string): { files: string[]; folders: string[] } {
    const real = this.#resolve(folder);
    const files: string[] = [];
    const folders: string[] = [];
    if (real === undefined) return { files, folders };
    try {
      for (const entry of readdirSync(real, { withFileTypes: true })) {
        if (entry.isDirectory()) folders.push(entry.name);
        else if (entry.isFile()) files.push(entry.name);
        else if (entry.isSymbolicLink()) {
          // A link counts as the file it leads to; folders behind links are not walked, which also
          // keeps loops out.
          if (this.#isFile(`${folder}/${entry.name}`)) files.push(entry.name);
        }
      }
    } catch (error) {
      if (!NOT_THERE.has(systemCode(error))) throw ioError("read", folder, error);
    }
    return { files, folders };
  }

  #isFile(path: string): boolean {
    const file = this.#open(path);
    if (file !== undefined) closeSync(file.descriptor);
    return file !== undefined;
  }

  /** Opens a regular file; what lies elsewhere or is something else is not there. */
  #open(path: string): OpenFile | undefined {
    const real = this.#resolve(path);
    if (real === undefined) return undefined;
    try {
      // O_NONBLOCK: a named pipe must not stop the server.
      const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
      const descriptor = openSync(real, flags);
      const stats = fstatSync(descriptor);
      if (stats.isFile()) return { descriptor, stats };
      closeSync(descriptor);
      return undefined;
    } catch (error) {
      if (NOT_THERE.has(systemCode(error))) return undefined;
      throw ioError("read", path, error);
    }
  }

  /** Gives the real path behind a path of the build, unless it leaves its root. */
  #resolve(path: string): string | undefined {
    const [first = "", ...rest] = path.split("/");
    const root = this.#roots.get(first);
    if (root === undefined || !rest.every(isPlainName)) return undefined;
    try {
      const realRoot = realpathSync(root);
      if (this.#within !== undefined && !isInside(realRoot, realpathSync(this.#within))) {
        return undefined;
      }
      const real = realpathSync(join(root, ...rest));
      return isInside(real, realRoot) ? real : undefined;
    } catch (error) {
      if (NOT_THERE.has(systemCode(error))) return undefined;
      throw ioError("read", path, error);
    }
  }
}

function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

function isPlainName(part: string): boolean {
  return (
    part !== "" && part !== "." && part !== ".." && part === basename(part) && !/[\0\\]/.test(part)
  );
}

function tooLarge(folder: string, state: string): DevregError {
  return new DevregError("LIMIT_EXCEEDED", `Cannot list "${folder}": ${state}`);
}

/** Reads a large file piece by piece, leaving the thread between the pieces. */
async function readLarge(descriptor: number, sizeBytes: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(sizeBytes);
  let offset = 0;
  while (offset < sizeBytes) {
    const { bytesRead } = await readPiece(descriptor, bytes, offset, sizeBytes - offset, offset);
    if (bytesRead === 0) break;
    offset += bytesRead;
  }
  return bytes.subarray(0, offset);
}
