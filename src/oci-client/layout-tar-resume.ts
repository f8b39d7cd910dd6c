import { type ByteStream, type Content, openContent } from "../bytes.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { type FileRange, isIntact } from "./layout-range.ts";
import type { FileOutput } from "./layout-tar-output.ts";
import { blobHeader, type StartEntry } from "./layout-tar-start.ts";
import { paddedSize, paddingOf } from "./tar-header.ts";
import { StreamCursor } from "./tar-stream-cursor.ts";

/** What of an unfinished tar is as it is to be. */
export interface KeptPrefix {
  /** Size in bytes of all that is kept. */
  readonly bytes: number;
  /** How many of the entries that the tar begins with are there. */
  readonly start: number;
  /** The planned content that is there, in its order, and where it stands. */
  readonly blobs: ReadonlyMap<Digest, FileRange>;
}

/**
 * Finds the longest run of whole entries with which an unfinished tar begins as it is to begin. All
 * of it is read and checked.
 *
 * @throws {DevregError} IO, ABORTED
 */
export async function keptPrefix(
  output: FileOutput,
  start: readonly StartEntry[],
  planned: readonly Descriptor[],
  signal?: AbortSignal,
): Promise<KeptPrefix> {
  const check = new PrefixCheck(output, signal);
  const blobs = new Map<Digest, FileRange>();
  let started = 0;
  for (const { header, size, content } of start) {
    const same = async (range: FileRange) => isSame(output.read(range, signal), content);
    if ((await check.pass(header, size, same)) === undefined) break;
    started += 1;
  }
  if (started === start.length) {
    for (const target of planned) {
      if (blobs.has(target.digest)) continue;
      const intact = async (range: FileRange) => isIntact(target, output.read(range, signal));
      const range = await check.pass(blobHeader(target), target.size, intact);
      if (range === undefined) break;
      blobs.set(target.digest, range);
    }
  }
  return { bytes: check.position, start: started, blobs };
}

/** Goes through the entries of an unfinished tar as long as they are right. */
class PrefixCheck {
  readonly #output: FileOutput;
  readonly #signal: AbortSignal | undefined;
  position = 0;

  constructor(output: FileOutput, signal: AbortSignal | undefined) {
    this.#output = output;
    this.#signal = signal;
  }

  /** Passes one entry and gives where its content stands; undefined when it is not as expected. */
  async pass(
    header: Uint8Array,
    size: number,
    isRight: (range: FileRange) => Promise<boolean>,
  ): Promise<FileRange | undefined> {
    const start = this.position + header.byteLength;
    const range = { start, end: start + size };
    const right =
      (await this.#equals(this.position, header)) &&
      (await isRight(range)) &&
      (await this.#equals(range.end, paddingOf(size)));
    if (!right) return undefined;
    this.position = start + paddedSize(size);
    return range;
  }

  #equals(position: number, expected: Uint8Array): Promise<boolean> {
    const range = { start: position, end: position + expected.byteLength };
    return isSame(this.#output.read(range, this.#signal), expected);
  }
}

/** Tells whether a stream gives that content, and then ends. */
async function isSame(stream: ByteStream, content: Content): Promise<boolean> {
  const actual = new StreamCursor(stream);
  for await (const chunk of openContent(content)) {
    if (Buffer.compare(await actual.take(chunk.byteLength), chunk) !== 0) return false;
  }
  return (await actual.take(1)).byteLength === 0;
}
