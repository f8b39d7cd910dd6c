import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import type { TarOrder } from "./layout-tar-order.ts";

/** Where pushed content goes: straight into the tar, or into the spool to wait for its turn. */
export type Turn = "tar" | "spool";

/** How content is let in. */
export interface TurnOptions {
  readonly order: TarOrder;
  /** How many bytes may wait in the spool. */
  readonly spoolBytes: number;
  /** Whether what comes next may go straight into the tar. */
  readonly straight: boolean;
}

interface Waiting {
  readonly target: Descriptor;
  readonly resolve: (turn: Turn) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Decides who may write to a tar and who may fill its spool. A push waits while the spool is full,
 * unless its turn has come. When nothing else goes on, the push that is nearest to its turn is let in
 * all the same: what comes next may only be pushed after it.
 */
export class TarTurns {
  readonly #options: TurnOptions;
  /** Bytes in the spool, by what waits there. */
  readonly #spooled = new Map<Digest, number>();
  #spooledBytes = 0;
  #waiting: Waiting[] = [];
  /** Pushes that were let in and have not ended. */
  #active = 0;
  #writing = false;
  #fault: { readonly error: unknown } | undefined;

  constructor(options: TurnOptions) {
    this.#options = options;
  }

  /** Waits until content may be taken in; {@link leave} must follow. */
  enter(target: Descriptor): Promise<Turn> {
    if (this.#fault !== undefined) return Promise.reject(this.#fault.error);
    const { promise, resolve, reject } = Promise.withResolvers<Turn>();
    this.#waiting.push({ target, resolve, reject });
    this.#review();
    return promise;
  }

  /** Says that a push ended; what it brought stays in the spool when it was `kept` there. */
  leave(target: Descriptor, turn: Turn, kept: boolean): void {
    this.#active -= 1;
    if (turn === "tar") this.#writing = false;
    else if (!kept) this.#free(target.digest);
  }

  /** Counts what is in the spool already. */
  adopt(target: Descriptor): void {
    this.#charge(target);
  }

  /** Says that content has left the spool. */
  left(digest: Digest): void {
    this.#free(digest);
    this.#review();
  }

  /** Takes the right to write to the tar; false while somebody else has it. */
  beginWriting(): boolean {
    if (this.#writing) return false;
    this.#writing = true;
    return true;
  }

  /** Gives back the right to write to the tar. */
  endWriting(): void {
    this.#writing = false;
    this.#review();
  }

  /** Lets in whoever may go on now that the order has moved. */
  moved(): void {
    this.#review();
  }

  /** Ends the waiting of everybody. */
  fail(error: unknown): void {
    this.#fault ??= { error };
    for (const { reject } of this.#waiting) reject(error);
    this.#waiting = [];
  }

  #review(): void {
    for (;;) {
      const sorted = this.#waiting.toSorted((a, b) => this.#compare(a, b));
      const admitted = sorted.find(({ target }) => this.#mayEnter(target)) ?? this.#nearest(sorted);
      if (admitted === undefined) return;
      this.#waiting = this.#waiting.filter((one) => one !== admitted);
      this.#admit(admitted);
    }
  }

  #mayEnter({ digest, size }: Descriptor): boolean {
    const { order, spoolBytes, straight } = this.#options;
    if (order.positionOf(digest) === Number.POSITIVE_INFINITY) return true;
    // Whoever writes ends just before it; a moment later it need not go through the spool.
    if (digest === order.next) return !straight || !this.#writing;
    return this.#spooledBytes + size <= spoolBytes;
  }

  #nearest([nearest]: readonly Waiting[]): Waiting | undefined {
    return this.#active === 0 && !this.#writing ? nearest : undefined;
  }

  #admit({ target, resolve }: Waiting): void {
    const { order, straight } = this.#options;
    this.#active += 1;
    const direct = straight && target.digest === order.next && this.beginWriting();
    if (!direct) this.#charge(target);
    resolve(direct ? "tar" : "spool");
  }

  /** What nobody planned stays to the end, so it takes no room from what comes and goes. */
  #charge({ digest, size }: Descriptor): void {
    if (this.#options.order.positionOf(digest) === Number.POSITIVE_INFINITY) return;
    this.#free(digest);
    this.#spooled.set(digest, size);
    this.#spooledBytes += size;
  }

  #free(digest: Digest): void {
    this.#spooledBytes -= this.#spooled.get(digest) ?? 0;
    this.#spooled.delete(digest);
  }

  #compare(a: Waiting, b: Waiting): number {
    const { order } = this.#options;
    const [first, second] = [order.positionOf(a.target.digest), order.positionOf(b.target.digest)];
    return first === second ? 0 : first - second;
  }
}
