/** Bounds the bytes that are held for clients who take their time. */
export class HeldBytes {
  readonly #most: number;
  /** How many clients each of them is held for. */
  readonly #clients = new Map<Uint8Array, number>();
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Holds bytes, once for however many, until what is given back is called, or the signal aborts;
   * undefined when there is no room for them.
   */
  take(bytes: Uint8Array, signal: AbortSignal): (() => void) | undefined {
    const clients = this.#clients.get(bytes) ?? 0;
    const more = clients === 0 ? bytes.byteLength : 0;
    if (signal.aborted || this.#held + more > this.#most) return undefined;
    this.#held += more;
    this.#clients.set(bytes, clients + 1);
    let isHeld = true;
    const release = () => {
      if (isHeld) this.#release(bytes);
      isHeld = false;
      signal.removeEventListener("abort", release);
    };
    signal.addEventListener("abort", release);
    return release;
  }

  #release(bytes: Uint8Array): void {
    const clients = (this.#clients.get(bytes) ?? 0) - 1;
    if (clients > 0) {
      this.#clients.set(bytes, clients);
      return;
    }
    this.#clients.delete(bytes);
    this.#held -= bytes.byteLength;
  }
}
