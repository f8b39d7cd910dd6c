import { constants } from "node:fs";
import { type FileHandle, open, rename, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ioError, PARTIAL_SUFFIX, syncFolder, systemCode, writeWhole } from "../atomic-file.ts";
import type { ByteStream } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { type FileRange, readRange } from "./layout-range.ts";

/** Takes a tar, from its start to its end. */
export interface TarOutput {
  /** What to call it in messages. */
  readonly shown: string;
  /** How many bytes have been written. */
  readonly bytes: number;
  /** Writes on; the next chunk only when this one is through. */
  append(chunk: Uint8Array): Promise<void>;
  /** Makes what was written durable, and visible under its name. */
  finish(): Promise<void>;
  /** Ends the writing and leaves what there is. */
  close(): Promise<void>;
}

/** A stream takes what it is given for good. */
export class StreamOutput implements TarOutput {
  readonly shown = "-";
  readonly #write: (chunk: Uint8Array) => Promise<void>;
  bytes = 0;

  constructor(write: (chunk: Uint8Array) => Promise<void>) {
    this.#write = write;
  }

  async append(chunk: Uint8Array): Promise<void> {
    await this.#write(chunk);
    this.bytes += chunk.byteLength;
  }

  async finish(): Promise<void> {}

  async close(): Promise<void> {}
}

/** A file is written under an unfinished name, and takes its own when it is whole. */
export class FileOutput implements TarOutput {
  readonly shown: string;
  /** The unfinished file. */
  readonly partial: string;
  readonly file: FileHandle;
  readonly #path: string;
  #writing: Promise<unknown> = Promise.resolve();
  #closed = false;
  bytes = 0;

  private constructor(path: string, partial: string, file: FileHandle) {
    this.shown = path;
    this.partial = partial;
    this.file = file;
    this.#path = resolve(path);
  }

  /** Opens the unfinished file, or makes it. @throws {DevregError} IO, INPUT_INVALID */
  static async open(path: string): Promise<FileOutput> {
    const partial = `${resolve(path)}${PARTIAL_SUFFIX}`;
    await refuseOthers(path);
    await refuseOthers(partial);
    try {
      const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
      return new FileOutput(path, partial, await open(partial, flags, 0o644));
    } catch (error) {
      throw ioError("open", partial, error);
    }
  }

  async append(chunk: Uint8Array): Promise<void> {
    const writing = this.#write(chunk);
    this.#writing = writing;
    await writing;
    this.bytes += chunk.byteLength;
  }

  /** Cuts the file off behind that many bytes, and goes on from there. */
  async rewind(bytes: number): Promise<void> {
    try {
      await this.file.truncate(bytes);
      this.bytes = bytes;
    } catch (error) {
      throw ioError("write", this.partial, error);
    }
  }

  /** Reads back a part of what was written. */
  read(range: FileRange, signal?: AbortSignal): ByteStream {
    return readRange(this.file, this.partial, range, signal);
  }

  async finish(): Promise<void> {
    try {
      await this.file.sync();
      await this.close();
      await rename(this.partial, this.#path);
    } catch (error) {
      throw ioError("write", this.#path, error);
    }
    await syncFolder(dirname(this.#path));
  }

  async close(): Promise<void> {
    // The descriptor may be given to another file once it is closed: nothing may be under way then.
    await this.#writing.catch(() => undefined);
    if (!this.#closed) await this.file.close();
    this.#closed = true;
  }

  async #write(chunk: Uint8Array): Promise<void> {
    try {
      await writeWhole(this.file, chunk, this.bytes);
    } catch (error) {
      throw ioError("write", this.partial, error);
    }
  }
}

/** A folder, a pipe or a device cannot be replaced by a file: better to know it before hours pass. */
async function refuseOthers(path: string): Promise<void> {
  try {
    if ((await stat(path)).isFile()) return;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return;
    throw ioError("look at", path, error);
  }
  throw new DevregError("INPUT_INVALID", `Cannot write "${path}": it is not a regular file`, {
    hint: "Name a file that exists or can be made, or - for a stream",
  });
}
