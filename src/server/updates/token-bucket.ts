/** How much a bucket holds and how fast it fills. */
export interface BucketSize {
  readonly burst: number;
  readonly perSecond: number;
}

/** Lets a burst through and then so many a second. */
export class TokenBucket {
  readonly #size: BucketSize;
  readonly #nowMs: () => number;
  #tokens: number;
  #filledMs: number;

  constructor(size: BucketSize, nowMs: () => number) {
    this.#size = size;
    this.#nowMs = nowMs;
    this.#tokens = size.burst;
    this.#filledMs = nowMs();
  }

  /** Takes one token and gives 0, or takes none and gives the milliseconds until there is one. */
  take(): number {
    const { burst, perSecond } = this.#size;
    const nowMs = this.#nowMs();
    const grown = (Math.max(0, nowMs - this.#filledMs) * perSecond) / 1000;
    this.#tokens = Math.min(burst, this.#tokens + grown);
    this.#filledMs = nowMs;
    if (this.#tokens < 1) return Math.ceil(((1 - this.#tokens) * 1000) / perSecond);
    this.#tokens -= 1;
    return 0;
  }
}
