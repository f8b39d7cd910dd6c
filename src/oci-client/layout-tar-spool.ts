import {
  chmod,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  rename,
  rm,
  rmdir,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { ioError, makeFolder, PARTIAL_SUFFIX, systemCode, writeWhole } from "../atomic-file.ts";
import { type ByteStream, type Content, openContent } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import type { Descriptor } from "./descriptor.ts";
import { algorithmOf, type Digest, hexOf, isDigest } from "./digest.ts";
import { isIntact, openPlainFile, readFileRange, readRange } from "./layout-range.ts";
import { verifyStream } from "./verify.ts";

/** Keeps content on the disk until its turn comes: one file each, named by digest. */
export class TarSpool {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Makes the folder unless it is there; only its owner may look into it.
   *
   * @throws {DevregError} INPUT_INVALID when a link or a file stands in its place; IO, also when it
   *   is somebody else's
   */
  static async open(folder: string): Promise<TarSpool> {
    await makeFolder(dirname(folder));
    await makePrivateFolder(folder);
    return new TarSpool(folder);
  }

  /**
   * Takes over what an earlier run left and is still wanted, checked once more; the rest of it is
   * removed. Files of other names are left alone.
   *
   * @throws {DevregError} IO, ABORTED
   */
  async adopt(
    wanted: ReadonlyMap<Digest, Descriptor>,
    signal?: AbortSignal,
  ): Promise<readonly Descriptor[]> {
    const adopted: Descriptor[] = [];
    for (const name of await this.#names()) {
      const digest = digestIn(name);
      const target = digest && wanted.get(digest);
      if (target !== undefined && (await this.#holds(target, signal))) adopted.push(target);
      else await this.#remove(name);
    }
    return adopted;
  }

  /**
   * Stores content once it was found right. It is not synced: whoever takes it over checks it.
   *
   * @throws {DevregError} SIZE_MISMATCH, DIGEST_MISMATCH, IO
   */
  async put(expected: Descriptor, content: Content): Promise<void> {
    const path = this.#path(expected.digest);
    const partial = `${path}${PARTIAL_SUFFIX}`;
    try {
      await writeFile(partial, verifyStream(expected, openContent(content)));
      await rename(partial, path);
    } catch (error) {
      // The first error is the one to report; the next run removes what cannot be removed now.
      await rm(partial, { force: true }).catch(() => undefined);
      throw ioError("write", path, error);
    }
  }

  /** Reads stored content of that size. */
  read(digest: Digest, size: number): ByteStream {
    return readFileRange(this.#path(digest), { start: 0, end: size });
  }

  /** Opens stored content; whoever opens it closes it. @throws {DevregError} IO */
  open(digest: Digest): Promise<FileHandle> {
    return openPlainFile(this.#path(digest));
  }

  /** Removes stored content. @throws {DevregError} IO */
  async remove(digest: Digest): Promise<void> {
    await this.#remove(nameOf(digest));
  }

  /** Removes the folder, unless something of another name is in it. @throws {DevregError} IO */
  async end(): Promise<void> {
    for (const name of await this.#names()) await this.#remove(name);
    try {
      await rmdir(this.#folder);
    } catch (error) {
      if (systemCode(error) === "ENOTEMPTY") return;
      throw ioError("remove", this.#folder, error);
    }
  }

  async #holds(target: Descriptor, signal: AbortSignal | undefined): Promise<boolean> {
    const path = this.#path(target.digest);
    const file = await openPlainFile(path);
    try {
      const { size } = await file.stat();
      const stream = readRange(file, path, { start: 0, end: size }, signal);
      return size === target.size && (await isIntact(target, stream));
    } finally {
      await file.close();
    }
  }

  async #names(): Promise<readonly string[]> {
    try {
      return (await readdir(this.#folder)).filter((name) => OWN_NAME.test(name));
    } catch (error) {
      throw ioError("read", this.#folder, error);
    }
  }

  async #remove(name: string): Promise<void> {
    const path = join(this.#folder, name);
    try {
      await rm(path, { force: true });
    } catch (error) {
      throw ioError("remove", path, error);
    }
  }

  #path(digest: Digest): string {
    return join(this.#folder, nameOf(digest));
  }
}

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const OWN_NAME = /^sha(?:256|512)-[0-9a-f]+(?:\.partial)?$/;

function nameOf(digest: Digest): string {
  return `${algorithmOf(digest)}-${hexOf(digest)}`;
}

function digestIn(name: string): Digest | undefined {
  const text = name.replace("-", ":");
  return isDigest(text) ? text : undefined;
}

async function makePrivateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: FOLDER_MODE });
  } catch (error) {
    if (systemCode(error) !== "EEXIST") throw ioError("make folder", path, error);
    await takeOverFolder(path);
  }
}

/** What others could write to must not be read again, nor lead writing elsewhere. */
async function takeOverFolder(path: string): Promise<void> {
  try {
    if ((await lstat(path)).isDirectory()) return await chmod(path, FOLDER_MODE);
  } catch (error) {
    throw ioError("take over", path, error);
  }
  throw new DevregError("INPUT_INVALID", `Cannot write to "${path}": it is not a folder`, {
    hint: "Remove it: links are not followed there",
  });
}

/** Anything that stands in the place of the file is removed, never followed or written to. */
async function writeFile(path: string, content: ByteStream): Promise<void> {
  await rm(path, { force: true });
  const file = await open(path, "wx", FILE_MODE);
  try {
    for await (const chunk of content) await writeWhole(file, chunk);
  } finally {
    await file.close();
  }
}
