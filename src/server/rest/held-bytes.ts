/** Bounds the bytes that are held for clients who take their time. */
export class HeldBytes {
  readonly #most: number;
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Holds bytes until what is given back is called, or the signal aborts; undefined when there is no
   * room for them.
   */
  take(bytes: number, signal: AbortSignal): (() => void) | undefined {
    if (signal.aborted || this.#held + bytes > this.#most) return undefined;
    this.#held += bytes;
    let isHeld = true;
    const release = () => {
      if (isHeld) this.#held -= bytes;
      isHeld = false;
      signal.removeEventListener("abort", release);
    };
    signal.addEventListener("abort", release);
    return release;
  }
}
