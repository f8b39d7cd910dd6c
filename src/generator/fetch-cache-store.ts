import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import {
  type FileHandle,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
} from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ioError, makeFolder, PARTIAL_SUFFIX, writeFileAtomic } from "../atomic-file.ts";
import { type ByteStream, utf8 } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import {
  FETCH_CACHE_BYTES,
  FETCH_CACHE_RECORD_BYTES,
  FETCH_CACHE_RECORDS_BYTES,
} from "../limits.ts";

const recordSchema = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  contentType: z.string(),
  etag: z.string().exactOptional(),
});

/** What is known of a kept body. */
export type KeptRecord = z.infer<typeof recordSchema>;

/** A body on the disk, complete but not looked at. */
export interface SpooledBody {
  readonly sha256: string;
  /** Its first and its last bytes. */
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  /** Reads it and removes it afterwards. */
  readOnce(): ByteStream;
  /** Moves it to its place and remembers it under a key. */
  keep(key: string, record: Omit<KeptRecord, "sha256">): Promise<void>;
}

const EDGE_BYTES = 64;

/**
 * Keeps bodies in a folder, by their content, and finds them by a key. Several processes may use one
 * folder: files appear whole, and one that is damaged or gone is as one that never was.
 */
export class FetchCacheStore {
  readonly #contents: string;
  readonly #records: string;

  readonly #now: () => Date;

  /** Takes the folder and a clock; {@link open} comes first. */
  constructor(folder: string, now: () => Date) {
    this.#contents = join(folder, "sha256");
    this.#records = join(folder, "answers");
    this.#now = now;
  }

  /** Makes the folder if need be; what was not used for longest makes room. @throws {DevregError} IO */
  async open(): Promise<void> {
    await makeFolder(this.#contents);
    await makeFolder(this.#records);
    await prune(this.#contents, FETCH_CACHE_BYTES);
    await prune(this.#records, FETCH_CACHE_RECORDS_BYTES);
  }

  /** Finds what is kept under a key; undefined when it is gone or damaged. */
  async find(key: string): Promise<KeptRecord | undefined> {
    const path = join(this.#records, `${key}.json`);
    try {
      if ((await stat(path)).size > FETCH_CACHE_RECORD_BYTES) return undefined;
      const record = recordSchema.parse(JSON.parse(await readFile(path, "utf8")));
      return (await this.#isWhole(record)) ? record : undefined;
    } catch (error) {
      if (error instanceof z.ZodError || error instanceof SyntaxError || isGone(error)) {
        return undefined;
      }
      throw ioError("read", path, error);
    }
  }

  /** Reads a kept body. */
  read({ sha256 }: KeptRecord): ByteStream {
    return readFileStream(join(this.#contents, sha256));
  }

  /**
   * Writes a body to the disk.
   *
   * @throws {DevregError} LIMIT_EXCEEDED, IO; whatever reading the body throws
   */
  async spool(body: ByteStream, limitBytes: number, what: string): Promise<SpooledBody> {
    const partial = join(this.#contents, `${randomUUID()}${PARTIAL_SUFFIX}`);
    try {
      const file = await open(partial, "wx", 0o600);
      const { sha256, ...edges } = await writeHashed(file, body, limitBytes, what).finally(() =>
        file.close(),
      );
      return {
        sha256,
        ...edges,
        readOnce: () => readAndRemove(partial),
        keep: async (key, record) => {
          await rename(partial, join(this.#contents, sha256));
          const text = JSON.stringify({ sha256, ...record });
          await writeFileAtomic(join(this.#records, `${key}.json`), utf8(text), { mode: 0o600 });
        },
      };
    } catch (error) {
      await rm(partial, { force: true });
      throw ioError("keep", partial, error);
    }
  }

  async #isWhole({ sha256 }: KeptRecord): Promise<boolean> {
    const path = join(this.#contents, sha256);
    const hash = createHash("sha256");
    for await (const chunk of createReadStream(path)) hash.update(chunk);
    if (hash.digest("hex") !== sha256) return false;
    const now = this.#now();
    await utimes(path, now, now);
    return true;
  }
}

/** Removes what was touched longest ago, until the rest is within a bound; leftovers go with it. */
async function prune(folder: string, limitBytes: number): Promise<void> {
  try {
    const found = [];
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const { size, mtimeMs } = await stat(path).catch(() => GONE);
      found.push({ path, size, mtimeMs });
    }
    let bytes = 0;
    for (const { path, size } of found.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
      bytes += size;
      if (bytes > limitBytes) await rm(path, { force: true });
    }
  } catch (error) {
    throw ioError("clear", folder, error);
  }
}

/** Another process may have removed it. */
const GONE = { size: 0, mtimeMs: 0 };

async function writeHashed(file: FileHandle, body: ByteStream, limitBytes: number, what: string) {
  const hash = createHash("sha256");
  let bytes = 0;
  let head = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > limitBytes) {
      throw new DevregError("LIMIT_EXCEEDED", `Cannot read ${what}: over ${limitBytes} bytes`);
    }
    hash.update(chunk);
    await file.writeFile(chunk);
    if (head.byteLength < EDGE_BYTES) head = Buffer.concat([head, chunk.subarray(0, EDGE_BYTES)]);
    tail = Buffer.concat([tail, chunk.subarray(-EDGE_BYTES)]).subarray(-EDGE_BYTES);
  }
  return { sha256: hash.digest("hex"), head, tail };
}

/** Opens the file when the first piece is wanted. */
async function* readFileStream(path: string): ByteStream {
  yield* createReadStream(path);
}

async function* readAndRemove(path: string): ByteStream {
  try {
    yield* readFileStream(path);
  } finally {
    await rm(path, { force: true });
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
