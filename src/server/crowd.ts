import { BUSY_RETRY_S } from "./busy.ts";
import { refuse } from "./refuse.ts";

/** What those who watch over the server ask; it is answered at once whoever else waits. */
const WATCHED: ReadonlySet<string> = new Set(["/health", "/readyz"]);

/**
 * Bounds the requests whose answers are being made, whoever sends them. There is no bound for each
 * client: behind proxies many share one address, and one client has many of them as it likes.
 */
export class Crowd {
  readonly #most: number;
  #underWay = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Counts a request in. */
  enter(): void {
    this.#underWay += 1;
  }

  /** Counts one out again. */
  leave(): void {
    this.#underWay -= 1;
  }

  /** Refuses a request that was counted in and is one too many; undefined for all others. */
  turnAway(request: Request, path: string): Response | undefined {
    if (this.#underWay <= this.#most || WATCHED.has(path)) return undefined;
    return refuse(request, path, 503, "too many requests are being answered", {
      headers: { "retry-after": BUSY_RETRY_S },
    });
  }
}
