import { type ByteStream, type Content, openContent } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import type { FetchOptions } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import type { ContentPool } from "./layout-ports.ts";
import type { TarAppender } from "./layout-tar-appender.ts";
import type { TarContent } from "./layout-tar-content.ts";
import type { TarOrder } from "./layout-tar-order.ts";
import { blobHeader } from "./layout-tar-start.ts";
import type { TarTurns } from "./layout-tar-turns.ts";
import { OCTET_STREAM } from "./media-types.ts";
import { verifyBytes, verifyStream } from "./verify.ts";

/** What takes content into a tar. */
export interface TarPoolParts {
  readonly order: TarOrder;
  readonly turns: TarTurns;
  readonly content: TarContent;
  readonly appender: TarAppender;
}

/**
 * The content of a tar that is being written. Whatever is pushed waits for its turn, unless it has
 * come, and each time something comes to its turn all that follows and waits is written.
 */
export class TarPool implements ContentPool {
  readonly #parts: TarPoolParts;
  readonly #flights = new Map<Digest, Promise<void>>();
  /** What will not come unless the push that is under way succeeds. */
  readonly #doomed = new Set<Digest>();
  #draining: Promise<void> = Promise.resolve();

  constructor(parts: TarPoolParts) {
    this.#parts = parts;
  }

  async sizeOf(digest: Digest): Promise<number | undefined> {
    return this.#parts.content.sizeOf(digest);
  }

  async holds(target: Descriptor): Promise<boolean> {
    return this.#parts.content.sizeOf(target.digest) === target.size;
  }

  async read(digest: Digest, options: FetchOptions = {}): Promise<ByteStream | undefined> {
    const { content } = this.#parts;
    return content.sizeOf(digest) === undefined ? undefined : content.read(digest, options);
  }

  async write(expected: Descriptor, content: Content): Promise<void> {
    const { digest, size } = expected;
    // Each turn of the loop waits for a push of the same content that another caller began.
    for (let running = this.#flights.get(digest); running; running = this.#flights.get(digest)) {
      await running.catch(() => undefined);
    }
    const stored = this.#parts.content.sizeOf(digest);
    if (stored === size) return;
    if (stored !== undefined) throw wrongSize(expected, stored);
    const flight = this.#take(expected, content).finally(() => this.#flights.delete(digest));
    this.#flights.set(digest, flight);
    await flight;
  }

  /** Says that planned content will not come. */
  skip({ digest }: Descriptor): void {
    const { content, order } = this.#parts;
    if (content.sizeOf(digest) !== undefined) return;
    if (this.#flights.has(digest)) this.#doomed.add(digest);
    else order.skip(digest);
    this.goOn();
  }

  /** Begins to write what waits and whose turn has come, and lets in whoever may go on. */
  goOn(): void {
    const { content, order, turns } = this.#parts;
    if (content.isHeld(order.next) && turns.beginWriting()) this.#draining = this.#drain();
    turns.moved();
  }

  /** Waits until nothing is being written. */
  async rest(): Promise<void> {
    await this.#draining;
  }

  /** Waits for the pushes under way, then writes all that waits: the planned in its order first. */
  async complete(): Promise<void> {
    const { appender, content, order, turns } = this.#parts;
    while (this.#flights.size > 0) await Promise.allSettled(this.#flights.values());
    await this.#draining;
    appender.check();
    turns.beginWriting();
    for (; order.next !== undefined; order.advance()) {
      if (content.isHeld(order.next)) await this.#append(order.next);
    }
    for (const digest of content.held) await this.#append(digest);
  }

  async #take(expected: Descriptor, content: Content): Promise<void> {
    const { appender, order } = this.#parts;
    appender.check();
    try {
      if (content instanceof Uint8Array) verifyBytes(expected, content);
      order.expect(expected.digest);
      const kept = content instanceof Uint8Array && this.#parts.content.keep(expected, content);
      if (!kept) await this.#takeInTurn(expected, content);
    } catch (error) {
      if (this.#doomed.has(expected.digest)) order.skip(expected.digest);
      throw error;
    } finally {
      this.#doomed.delete(expected.digest);
      this.goOn();
    }
  }

  async #takeInTurn(expected: Descriptor, content: Content): Promise<void> {
    const { turns } = this.#parts;
    const turn = await turns.enter(expected);
    let kept = false;
    try {
      if (turn === "tar") await this.#writeStraight(expected, content);
      else await this.#parts.content.store(expected, content);
      kept = true;
    } finally {
      turns.leave(expected, turn, kept);
    }
  }

  async #writeStraight(expected: Descriptor, content: Content): Promise<void> {
    const { appender, order } = this.#parts;
    const start = appender.bytes;
    try {
      const range = await appender.entry({
        header: blobHeader(expected),
        size: expected.size,
        content: () => verifyStream(expected, openContent(content)),
      });
      await this.#parts.content.wrote(expected, range);
      order.advance();
    } catch (error) {
      await appender.rewind(start, error);
      throw error;
    }
  }

  async #drain(): Promise<void> {
    const { appender, content, order, turns } = this.#parts;
    try {
      for (let { next } = order; content.isHeld(next); next = order.next) {
        await this.#append(next);
        order.advance();
        turns.left(next);
      }
    } catch (error) {
      appender.fail(error);
    } finally {
      turns.endWriting();
    }
  }

  async #append(digest: Digest): Promise<void> {
    const { appender, content } = this.#parts;
    const size = content.sizeOf(digest) ?? 0;
    const header = blobHeader({ mediaType: OCTET_STREAM, digest, size });
    const range = await appender.entry({ header, size, content: content.open(digest) });
    await content.wrote({ digest, size }, range);
  }
}

function wrongSize({ digest, size }: Descriptor, stored: number): DevregError {
  return new DevregError(
    "SIZE_MISMATCH",
    `Cannot accept ${digest}: it has ${stored} bytes and is given as ${size}`,
  );
}
