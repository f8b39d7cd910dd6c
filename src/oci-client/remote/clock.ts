/** Time and chance as a remote registry's client uses them. */
export interface Clock {
  nowMs(): number;
  /** Resolves after a while; rejects at once when the signal ends it. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Gives a number from 0 up to, not including, 1. */
  random(): number;
}
