import type { Transport } from "../../net/index.ts";

/**
 * Bounds how many requests wait for the headers of their answers at once, per host. Streamed
 * uploads have a lane of their own: what they read may be a download from the same host, which
 * must not wait for them.
 */
export function gated(send: Transport, limit: number): Transport {
  const lanes = new Map<string, Lane>();
  return async (request) => {
    const key = `${typeof request.body === "function" ? "stream" : "small"} ${request.url.host}`;
    const lane = lanes.get(key) ?? new Lane(limit);
    lanes.set(key, lane);
    await lane.enter();
    try {
      return await send(request);
    } finally {
      if (lane.leave()) lanes.delete(key);
    }
  };
}

class Lane {
  #free: number;
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];

  constructor(limit: number) {
    this.#free = limit;
    this.#limit = limit;
  }

  async enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Lets the next one in; true when nobody is left. */
  leave(): boolean {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
    return this.#free === this.#limit;
  }
}
