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

/** What a circuit takes for a failure, and who is told. */
export interface CircuitWatch {
  readonly isFailure: (error: unknown) => boolean;
  /** Told of each failure, and whether nothing is asked for a while because of it. */
  readonly onFailure: (error: unknown, isPaused: boolean) => void;
}

/** Asks something that may be down; the signal says that nobody waits any more. */
type Ask<Value> = (signal: AbortSignal) => Promise<Value>;

/**
 * Guards requests to something that may be down: each has little time, and after several failures
 * none is made for a while.
 */
export class Circuit {
  readonly #bounds: CircuitBounds;
  readonly #clock: Clock;
  readonly #watch: CircuitWatch;
  #answers = 0;
  #failures = 0;
  #closedUntilMs = 0;

  constructor(bounds: CircuitBounds, clock: Clock, watch: CircuitWatch) {
    this.#bounds = bounds;
    this.#clock = clock;
    this.#watch = watch;
  }

  /** Runs a request; undefined when it failed, took too long or was not made. */
  async attempt<Value>(ask: Ask<Value>): Promise<{ readonly value: Value } | undefined> {
    try {
      return { value: await this.run(ask) };
    } catch {
      // Whoever watches the circuit was told.
      return undefined;
    }
  }

  /**
   * Runs a request, which ends also when the caller's signal aborts.
   *
   * @throws what the request throws; {DevregError} TIMEOUT when it takes too long or is not made
   */
  async run<Value>(ask: Ask<Value>, signal?: AbortSignal): Promise<Value> {
    const isTry = this.#isOpen;
    if (isTry) signal?.throwIfAborted();
    if (!this.#mayAsk()) throw silent("it is left alone for a while");
    return isTry && signal !== undefined ? this.#try(ask, signal) : this.#count(ask, signal);
  }

  /**
   * Runs the one request that is let through after a pause. It goes on though its visitor leaves:
   * else whoever leaves early again and again would keep all others out for ever.
   */
  #try<Value>(ask: Ask<Value>, signal: AbortSignal): Promise<Value> {
    const left = new AbortController();
    const gone = Promise.withResolvers<never>();
    const tried = this.#count((stop) => ask(AbortSignal.any([stop, left.signal])), undefined);
    const leave = () => {
      gone.reject(signal.reason);
      const end = () => left.abort(signal.reason);
      tried.then(end, end);
    };
    signal.addEventListener("abort", leave, { once: true });
    return Promise.race([tried, gone.promise]);
  }

  /** Runs a request and counts what came of it. */
  async #count<Value>(ask: Ask<Value>, signal: AbortSignal | undefined): Promise<Value> {
    const before = this.#answers;
    try {
      const value = await this.#inTime(ask, signal);
      this.#answered();
      return value;
    } catch (error) {
      // Who leaves early has not seen whether an answer would have come.
      if (signal?.aborted === true) throw error;
      if (this.#watch.isFailure(error)) this.#failed(error, this.#answers > before);
      else this.#answered();
      throw error;
    }
  }

  /** The request's signal lives on when it succeeded: what was opened is read after that. */
  async #inTime<Value>(ask: Ask<Value>, signal: AbortSignal | undefined): Promise<Value> {
    const stop = new AbortController();
    const timer = new AbortController();
    const late = this.#clock.sleep(this.#bounds.timeoutMs, timer.signal).then(() => LATE);
    try {
      const either = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
      const value = await Promise.race([ask(either), late]);
      if (value === LATE) throw silent("no answer");
      return value as Value; // late gives nothing else
    } catch (error) {
      stop.abort(error);
      throw error;
    } finally {
      timer.abort();
    }
  }

  /** Whether so many failed that nothing is asked but to try. */
  get #isOpen(): boolean {
    return this.#failures >= this.#bounds.failures;
  }

  /** After a pause one request is let through to try, and the pause begins anew meanwhile. */
  #mayAsk(): boolean {
    if (!this.#isOpen) return true;
    if (this.#clock.nowMs() < this.#closedUntilMs) return false;
    this.#closedUntilMs = this.#clock.nowMs() + this.#bounds.pauseMs;
    return true;
  }

  #answered(): void {
    this.#answers += 1;
    this.#failures = 0;
  }

  /** Where others were answered meanwhile it is that request which fails, and no reason to pause. */
  #failed(error: unknown, othersAnswered: boolean): void {
    if (!othersAnswered) this.#failures += 1;
    const isPaused = this.#isOpen;
    if (isPaused) this.#closedUntilMs = this.#clock.nowMs() + this.#bounds.pauseMs;
    this.#watch.onFailure(error, isPaused);
  }
}

const LATE = Symbol("late");

function silent(state: string): DevregError {
  return new DevregError("TIMEOUT", `Cannot ask the registry: ${state}`);
}
