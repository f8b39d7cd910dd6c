/** How many signatures are remembered and for how long. */
export interface MemoryBounds {
  readonly entries: number;
  readonly forMs: number;
}

/** Remembers signatures for as long as their timestamps are believed, so that each works once. */
export class UsedSignatures {
  readonly #bounds: MemoryBounds;
  readonly #nowMs: () => number;
  /** When each was used, oldest first. */
  readonly #used = new Map<string, number>();

  constructor(bounds: MemoryBounds, nowMs: () => number) {
    this.#bounds = bounds;
    this.#nowMs = nowMs;
  }

  /** Marks a signature as used. Gives false when it was before, or when no more can be remembered. */
  use(signature: string): boolean {
    const nowMs = this.#nowMs();
    for (const [old, atMs] of this.#used) {
      if (nowMs - atMs <= this.#bounds.forMs) break;
      this.#used.delete(old);
    }
    if (this.#used.has(signature) || this.#used.size >= this.#bounds.entries) return false;
    this.#used.set(signature, nowMs);
    return true;
  }
}
