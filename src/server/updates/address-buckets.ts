import { isIPv6 } from "node:net";
import { type BucketSize, TokenBucket } from "./token-bucket.ts";

/** A bucket for each address, and how many of them at once. */
export interface BucketsSize extends BucketSize {
  readonly addresses: number;
}

/**
 * Counts requests for each address they come from, so that strangers use up their own share and
 * nobody else's. Addresses beyond those that are remembered share one bucket.
 */
export class AddressBuckets {
  readonly #size: BucketsSize;
  readonly #nowMs: () => number;
  /** By network, the one looked for last at the end. */
  readonly #buckets = new Map<string, { readonly bucket: TokenBucket; usedMs: number }>();
  readonly #shared: TokenBucket;

  /** @param nowMs monotonic milliseconds */
  constructor(size: BucketsSize, nowMs: () => number) {
    this.#size = size;
    this.#nowMs = nowMs;
    this.#shared = new TokenBucket(size, nowMs);
  }

  /** Takes one token of an address and gives 0, or the milliseconds until there is one. */
  take(address: string | undefined): number {
    this.#forgetFull();
    const network = networkOf(address);
    const known = this.#buckets.get(network);
    if (known === undefined && this.#buckets.size >= this.#size.addresses) {
      return this.#shared.take();
    }
    const bucket = known?.bucket ?? new TokenBucket(this.#size, this.#nowMs);
    this.#buckets.delete(network);
    this.#buckets.set(network, { bucket, usedMs: this.#nowMs() });
    return bucket.take();
  }

  /** A bucket that nobody took from for so long is as full as a new one. */
  #forgetFull(): void {
    const { burst, perSecond } = this.#size;
    const fullAfterMs = (burst / perSecond) * 1000;
    const nowMs = this.#nowMs();
    for (const [network, { usedMs }] of this.#buckets) {
      if (nowMs - usedMs < fullAfterMs) return;
      this.#buckets.delete(network);
    }
  }
}

/** Whoever has one IPv6 address has the 2^64 beside it, too. */
function networkOf(address = ""): string {
  if (!isIPv6(address)) return address;
  // Written in one way, as an address of a page is; the zone tells of an interface of ours.
  const { hostname } = new URL(`http://[${address.split("%", 1)[0]}]`);
  const [first = [], last = []] = hostname
    .slice(1, -1)
    .split("::")
    .map((groups) => groups.split(":").filter((group) => group !== ""));
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => "0");
  return [...first, ...zeros, ...last].slice(0, 4).join(":");
}
