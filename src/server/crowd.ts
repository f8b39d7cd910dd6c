import { BUSY_RETRY_S } from "./busy.ts";
import { refuse } from "./refuse.ts";
import type { RouteName } from "./route-name.ts";

/**
 * Bounds the requests whose answers are being made, for each group of addresses by itself: those
 * that wait for a slow registry behind keep nobody from the index. There is no bound for each client:
 * behind proxies many share one address, and one client has many of them as it likes.
 */
export class Crowd {
  readonly #most: number;
  readonly #underWay = new Map<RouteName, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Counts a request in. */
  enter(route: RouteName): void {
    this.#underWay.set(route, this.#count(route) + 1);
  }

  /** Counts one out again. */
  leave(route: RouteName): void {
    this.#underWay.set(route, this.#count(route) - 1);
  }

  /** Refuses a request that was counted in and is one too many; undefined for all others. */
  turnAway(request: Request, path: string, route: RouteName): Response | undefined {
    if (this.#count(route) <= this.#most) return undefined;
    return refuse(request, path, 503, "too many requests for this are being answered", {
      headers: { "retry-after": BUSY_RETRY_S },
    });
  }

  #count(route: RouteName): number {
    return this.#underWay.get(route) ?? 0;
  }
}
