/** Lets a loop sleep until somebody wants it to work, without losing a wish made meanwhile. */
export class Wake {
  #wanted = false;
  #resolve: (() => void) | undefined;

  /** Wakes the loop, now or when it next waits. */
  wake(): void {
    this.#wanted = true;
    this.#resolve?.();
  }

  /** Resolves when woken, or when the signal aborts. */
  async wait(signal: AbortSignal): Promise<void> {
    if (!this.#wanted && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#resolve = resolve;
      signal.addEventListener("abort", () => resolve(), { once: true });
      await promise;
      this.#resolve = undefined;
    }
    this.#wanted = false;
  }
}
