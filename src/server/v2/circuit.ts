import { DevregError } from "../../errors.ts";

/** Time as the circuit needs it. */
export interface Clock {
  /** Monotonic milliseconds. */
  nowMs(): number;
  /** Waits; ends early, without an error, when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** When a circuit gives up waiting, and when it stops asking. */
export interface CircuitBounds {
  readonly timeoutMs: number;
  /** Failures in a row after which nothing is asked for a while. */
  readonly failures: number;
  readonly pauseMs: number;
}

/** Guards requests to something that may be down: each has little time, and after several failures none is made for a while. */
export class Circuit {
  readonly #bounds: CircuitBounds;
  readonly #clock: Clock;
  readonly #onFailure: (error: unknown) => void;
  #failures = 0;
  #closedUntilMs = 0;

  constructor(bounds: CircuitBounds, clock: Clock, onFailure: (error: unknown) => void) {
    this.#bounds = bounds;
    this.#clock = clock;
    this.#onFailure = onFailure;
  }

  /**
   * Runs a request; undefined when it failed, took too long or was not made. The signal tells it
   * that nobody waits any more.
   */
  async attempt<Value>(
    request: (signal: AbortSignal) => Promise<Value>,
  ): Promise<{ readonly value: Value } | undefined> {
    if (!this.#mayAsk()) return undefined;
    const waiting = new AbortController();
    try {
      const late = this.#clock.sleep(this.#bounds.timeoutMs, waiting.signal).then(() => LATE);
      const value = await Promise.race([request(waiting.signal), late]);
      if (value === LATE) throw new DevregError("TIMEOUT", "Cannot ask the registry: no answer");
      this.#failures = 0;
      return { value: value as Value };
    } catch (error) {
      this.#failed(error);
      return undefined;
    } finally {
      waiting.abort();
    }
  }

  /** After a pause one request is let through to try, and the pause begins anew meanwhile. */
  #mayAsk(): boolean {
    if (this.#failures < this.#bounds.failures) return true;
    if (this.#clock.nowMs() < this.#closedUntilMs) return false;
    this.#closedUntilMs = this.#clock.nowMs() + this.#bounds.pauseMs;
    return true;
  }

  #failed(error: unknown): void {
    this.#failures += 1;
    this.#closedUntilMs = this.#clock.nowMs() + this.#bounds.pauseMs;
    this.#onFailure(error);
  }
}

const LATE = Symbol("late");
