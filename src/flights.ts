/** Work under way that any number of people wait for. */
interface Flight<Value> {
  readonly landed: Promise<Value>;
  readonly stop: AbortController;
  waiting: number;
}

/** Does work once for all who ask for it meanwhile, and stops it when nobody waits any more. */
export class Flights<Value> {
  readonly #flights = new Map<string, Flight<Value>>();

  /**
   * Waits for the work of that key, which is begun if it is not under way.
   *
   * @throws what the work throws; the reason of the signal when that aborts first
   */
  async join(
    key: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<Value>,
  ): Promise<Value> {
    signal.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#begin(key, work);
    flight.waiting += 1;
    const left = Promise.withResolvers<never>();
    const leave = () => left.reject(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    try {
      return await Promise.race([flight.landed, left.promise]);
    } finally {
      signal.removeEventListener("abort", leave);
      flight.waiting -= 1;
      if (flight.waiting === 0) this.#end(key, flight);
    }
  }

  #begin(key: string, work: (signal: AbortSignal) => Promise<Value>): Flight<Value> {
    const stop = new AbortController();
    const flight: Flight<Value> = { landed: work(stop.signal), stop, waiting: 0 };
    this.#flights.set(key, flight);
    // Whoever waits hears of it; when the last one left, nobody is to.
    flight.landed.then(
      () => this.#forget(key, flight),
      () => this.#forget(key, flight),
    );
    return flight;
  }

  /** Who comes after the last one left begins anew. */
  #end(key: string, flight: Flight<Value>): void {
    this.#forget(key, flight);
    flight.stop.abort();
  }

  #forget(key: string, flight: Flight<Value>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
