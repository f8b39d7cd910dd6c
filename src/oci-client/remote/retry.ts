import type { DevregError } from "../../errors.ts";
import {
  ATTEMPTS,
  BACKOFF_CAP_MS,
  BACKOFF_MS,
  REMEMBERED_ENTRIES,
  RETRY_TOTAL_MS,
} from "../../limits.ts";
import type { Logger } from "../../log.ts";
import { type HttpResponse, isTransient, type Transport } from "../../net/index.ts";
import { BoundedMap } from "./bounded-map.ts";
import type { Clock } from "./clock.ts";

const RETRIED_STATUSES = new Set([408, 429, 499, 500, 502, 503, 504, 522]);
/** Answers that ask every task to hold back from the host, not only the one that got it. */
const BUSY_STATUSES = new Set([429, 503]);

/** Tells whether a status may go away by itself. */
function isTransientStatus(status: number): boolean {
  return RETRIED_STATUSES.has(status);
}

/** Counts the attempts at one thing and waits between them. */
export interface Attempts {
  /** Waits until the next attempt may be made; other tasks' answers from the host count too. */
  ready(signal?: AbortSignal): Promise<void>;
  /**
   * Says that an attempt failed, by an answer or an error. False means that there is no next one:
   * too many, too long, or the wait that the host asks for is too long.
   */
  again(failure: HttpResponse | DevregError): boolean;
  /** Starts counting from the beginning, after real progress. */
  progressed(): void;
}

/** Makes attempts that share what each host said about when to come back. */
export class Backoff {
  readonly #clock: Clock;
  readonly #log: Logger;
  /** When each host that told us to wait may be asked again. */
  readonly #notBeforeMs = new BoundedMap<string, number>(REMEMBERED_ENTRIES);

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Begins with the first attempt at something on a host ("registry.example:5000"). */
  begin(host: string): Attempts {
    const startedMs = this.#clock.nowMs();
    let failed = 0;
    let nextMs = startedMs;
    return {
      ready: (signal) => this.#waitUntil(Math.max(nextMs, this.#hostMs(host)), signal),
      progressed: () => {
        failed = 0;
      },
      again: (failure) => {
        failed += 1;
        const nowMs = this.#clock.nowMs();
        const waitMs = this.#waitMs(failure, failed);
        if (failed >= ATTEMPTS || nowMs + waitMs - startedMs > RETRY_TOTAL_MS) return false;
        this.#log.debug("registry asked again", { host, attempt: failed + 1, waitMs });
        nextMs = nowMs + waitMs;
        if (isBusy(failure)) this.#notBeforeMs.set(host, Math.max(nextMs, this.#hostMs(host)));
        return true;
      },
    };
  }

  #hostMs(host: string): number {
    return this.#notBeforeMs.get(host) ?? 0;
  }

  async #waitUntil(timeMs: number, signal?: AbortSignal): Promise<void> {
    const waitMs = timeMs - this.#clock.nowMs();
    if (waitMs > 0) await this.#clock.sleep(waitMs, signal);
  }

  #waitMs(failure: HttpResponse | DevregError, failed: number): number {
    const asked = failure instanceof Error ? undefined : retryAfterMs(failure, this.#clock.nowMs());
    const ceilingMs = Math.min(BACKOFF_CAP_MS, BACKOFF_MS * 2 ** (failed - 1));
    return asked ?? this.#clock.random() * ceilingMs;
  }
}

function isBusy(failure: HttpResponse | DevregError): boolean {
  return !(failure instanceof Error) && BUSY_STATUSES.has(failure.status);
}

/** Sends requests again that failed in a way that may pass. */
export function retrying(send: Transport, backoff: Backoff): Transport {
  return async (request) => {
    const attempts = backoff.begin(request.url.host);
    for (;;) {
      await attempts.ready(request.signal);
      const outcome = await attempt(() => send(request));
      if (!("failure" in outcome)) return outcome.response;
      const { failure } = outcome;
      // Who left, be it because it took too long, needs no other try.
      const goesOn = request.signal?.aborted !== true && attempts.again(failure);
      if (!(failure instanceof Error)) {
        if (!goesOn) return failure;
        await failure.discard();
      } else if (!goesOn) throw failure;
    }
  };
}

/** What one attempt came to: an answer to give on, or a failure that may pass. */
export type Outcome =
  | { readonly response: HttpResponse }
  | { readonly failure: HttpResponse | DevregError };

/** Makes one attempt. @throws what will not pass by trying again */
export async function attempt(send: () => Promise<HttpResponse>): Promise<Outcome> {
  try {
    const response = await send();
    return isTransientStatus(response.status) ? { failure: response } : { response };
  } catch (error) {
    if (isTransient(error)) return { failure: error };
    throw error;
  }
}

/** Reads Retry-After in either form. Spec: RFC 9110, 10.2.3. */
function retryAfterMs(response: HttpResponse, nowMs: number): number | undefined {
  const value = response.header("retry-after")?.trim();
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  // A date begins with its weekday; Date.parse would take "-5" for one too.
  const dateMs = /^[A-Za-z]/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}
