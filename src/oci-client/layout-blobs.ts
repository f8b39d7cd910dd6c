import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { ioError, makeFolder, syncFolder, systemCode, writeFileAtomic } from "../atomic-file.ts";
import { type ByteStream, type Content, openContent } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import type { FetchOptions } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import { algorithmOf, type Digest, type DigestAlgorithm, hexOf, parseDigest } from "./digest.ts";
import { LAYOUT_BLOBS, PARTIAL_FOLDER } from "./layout-marker.ts";
import type { ContentPool } from "./layout-ports.ts";
import { rangeOf, readFileRange } from "./layout-range.ts";
import { verifyBytes, verifyStream } from "./verify.ts";

/**
 * The content of an image layout in a folder, by digest, shared by all its repositories. Spec:
 * image-spec v1.1, Image Layout, Blobs.
 */
export class BlobPool implements ContentPool {
  readonly #root: string;
  readonly #flights = new Map<Digest, Promise<void>>();
  readonly #folders = new Map<DigestAlgorithm, string>();

  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Gives the size in bytes of stored content; undefined when it is not there.
   *
   * @throws {DevregError} IO when a link or a folder stands in its place
   */
  async sizeOf(digest: Digest): Promise<number | undefined> {
    const folder = await this.#folder(algorithmOf(parseDigest(digest)));
    if (folder === undefined) return undefined;
    const path = join(folder, hexOf(digest));
    const entry = await entryAt(path);
    if (entry !== undefined && !entry.isFile()) throw notAFile(path);
    return entry?.size;
  }

  /** Tells whether content is stored in its full size. */
  async holds(target: Descriptor): Promise<boolean> {
    return (await this.sizeOf(target.digest)) === target.size;
  }

  /**
   * Opens stored content; the file is open only while the stream is read. Undefined when it is not
   * there. Nothing is verified.
   */
  async read(digest: Digest, options: FetchOptions = {}): Promise<ByteStream | undefined> {
    const size = await this.sizeOf(digest);
    if (size === undefined) return undefined;
    return readFileRange(this.#path(digest), rangeOf(size, options), options.signal);
  }

  /**
   * Stores content unless it is there in full; what is damaged is replaced. Several writers of the
   * same content wait for the first. The stream never has to fit into memory.
   *
   * @throws {DevregError} SIZE_MISMATCH, DIGEST_MISMATCH, IO
   */
  async write(expected: Descriptor, content: Content): Promise<void> {
    if (await this.holds(expected)) return;
    const running = this.#flights.get(expected.digest);
    if (running !== undefined && (await succeeds(running))) return;
    const flight = this.#publish(expected, content);
    this.#flights.set(expected.digest, flight);
    try {
      await flight;
    } finally {
      if (this.#flights.get(expected.digest) === flight) this.#flights.delete(expected.digest);
    }
  }

  async #publish(expected: Descriptor, content: Content): Promise<void> {
    if (content instanceof Uint8Array) verifyBytes(expected, content);
    const algorithm = algorithmOf(expected.digest);
    if ((await this.#folder(algorithm)) === undefined) await this.#makeFolder(algorithm);
    await writeFileAtomic(
      this.#path(expected.digest),
      content instanceof Uint8Array ? content : () => verifyStream(expected, openContent(content)),
      { temporaryFolder: join(this.#root, PARTIAL_FOLDER) },
    );
  }

  #path(digest: Digest): string {
    return join(this.#root, LAYOUT_BLOBS, algorithmOf(digest), hexOf(parseDigest(digest)));
  }

  /** Gives the folder of an algorithm if it is there, checked once that no link leads elsewhere. */
  async #folder(algorithm: DigestAlgorithm): Promise<string | undefined> {
    const known = this.#folders.get(algorithm);
    if (known !== undefined) return known;
    const blobs = join(this.#root, LAYOUT_BLOBS);
    const folder = join(blobs, algorithm);
    for (const path of [blobs, folder]) {
      const entry = await entryAt(path);
      if (entry === undefined) return undefined;
      if (!entry.isDirectory()) throw notAFolder(path);
    }
    this.#folders.set(algorithm, folder);
    return folder;
  }

  async #makeFolder(algorithm: DigestAlgorithm): Promise<void> {
    const blobs = join(this.#root, LAYOUT_BLOBS);
    await makeFolder(join(blobs, algorithm));
    await syncFolder(blobs);
  }
}

async function entryAt(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw ioError("look at", path, error);
  }
}

async function succeeds(flight: Promise<void>): Promise<boolean> {
  // Whoever began the flight reports its failure; the next writer tries with its own content.
  return flight.then(
    () => true,
    () => false,
  );
}

function notAFile(path: string): DevregError {
  return new DevregError("IO", `Cannot read "${path}": it is not a regular file`, {
    hint: "Links are not followed inside an image layout; put the file itself there",
  });
}

function notAFolder(path: string): DevregError {
  return new DevregError("IO", `Cannot read "${path}": it is not a folder`, {
    hint: "Links are not followed inside an image layout; put the folder itself there",
  });
}
