import { Slots } from "../../../slots.ts";

/** How many work at once, and how many wait. */
export interface TurnBounds {
  readonly atOnce: number;
  /** How many more may be at work that have been so for long. */
  readonly slow: number;
  readonly mostWaiting: number;
  /** How many of those may wait for one host. */
  readonly waitingForHost: number;
  /** From when on work counts as slow. */
  readonly slowFromMs: number;
}

/** What taking turns works with. */
export interface TurnParts {
  /** Waits; ends early, without an error, when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Makes what is thrown to who may not even wait. */
  readonly full: () => Error;
}

/** Those who want something of one host, one of them at work. */
interface Line {
  readonly slots: Slots;
  users: number;
}

/**
 * Lets a few fetch at once, and only one of each host, so that a slow host keeps nobody waiting but
 * those who want something of it. Work that takes long gives its place to the next one and goes on
 * beside it, as far as there are places for such.
 */
export class HostTurns {
  readonly #bounds: TurnBounds;
  readonly #parts: TurnParts;
  readonly #lines = new Map<string, Line>();
  readonly #places: Slots;
  readonly #slowPlaces: Slots;
  #users = 0;

  constructor(bounds: TurnBounds, parts: TurnParts) {
    this.#bounds = bounds;
    this.#parts = parts;
    const { atOnce, slow, mostWaiting } = bounds;
    this.#places = new Slots(atOnce, mostWaiting, parts.full);
    this.#slowPlaces = new Slots(slow, atOnce, parts.full);
  }

  /** Runs a task when it is its turn. @throws what `full` makes; the reason of the signal */
  async run<Value>(host: string, signal: AbortSignal, task: () => Promise<Value>): Promise<Value> {
    const { atOnce, slow, mostWaiting } = this.#bounds;
    if (this.#users >= atOnce + slow + mostWaiting) throw this.#parts.full();
    const line = this.#lines.get(host) ?? this.#begin(host);
    this.#users += 1;
    line.users += 1;
    try {
      return await line.slots.run(signal, () => this.#work(signal, task));
    } finally {
      this.#users -= 1;
      line.users -= 1;
      if (line.users === 0) this.#lines.delete(host);
    }
  }

  #begin(host: string): Line {
    const slots = new Slots(1, this.#bounds.waitingForHost, this.#parts.full);
    const line: Line = { slots, users: 0 };
    this.#lines.set(host, line);
    return line;
  }

  async #work<Value>(signal: AbortSignal, task: () => Promise<Value>): Promise<Value> {
    const begun = Promise.withResolvers<{ readonly work: Promise<Value> }>();
    const place = this.#places.run(signal, async () => {
      const work = task();
      begun.resolve({ work });
      await this.#untilDoneOrSlow(work);
    });
    place.catch(begun.reject);
    return await (await begun.promise).work;
  }

  /** Resolves when work ended, however it did, or has got a place among the slow ones. */
  async #untilDoneOrSlow(work: Promise<unknown>): Promise<void> {
    const done = new AbortController();
    const ended = work.then(
      () => done.abort(),
      () => done.abort(),
    );
    await Promise.race([ended, this.#parts.sleep(this.#bounds.slowFromMs, done.signal)]);
    if (done.signal.aborted) return;
    const moved = Promise.withResolvers<void>();
    const staying = this.#slowPlaces.run(done.signal, async () => {
      moved.resolve();
      await ended;
    });
    // It ended while it waited for such a place.
    staying.catch(() => undefined);
    await Promise.race([ended, moved.promise]);
  }
}
