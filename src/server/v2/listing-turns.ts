import { SERVED_LISTINGS, SERVED_LISTINGS_WAITING } from "../../api-limits.ts";
import { DevregError } from "../../errors.ts";
import { Flights } from "../../flights.ts";
import type { Descriptor } from "../../oci-client/index.ts";
import { Slots } from "../../slots.ts";
import { gatherSorted } from "./paging.ts";

/** Says that as many wait for listings as may. */
export class ListingsBusy extends DevregError {
  constructor() {
    super("LIMIT_EXCEEDED", "Cannot list: too many wait already");
  }
}

/** A listing asked for. */
export interface ListingRequest<Item> {
  /** Names the listing among those of its kind. */
  readonly name: string;
  readonly items: (signal: AbortSignal) => AsyncIterable<Item>;
  /** Whether it may have to be asked for page by page, as long as the registry behind likes. */
  readonly isForeign: boolean;
  /** Says that the visitor went away. */
  readonly signal: AbortSignal;
}

/**
 * Gathers listings for visitors. Each page asked of us takes the whole listing behind us, which may
 * be long: equal ones are gathered once for all who ask meanwhile, foreign ones a few at once, and
 * none for nobody.
 */
export class ListingTurns {
  readonly #names = new Flights<readonly string[]>();
  readonly #referrers = new Flights<readonly Descriptor[]>();
  readonly #slots = new Slots(SERVED_LISTINGS, SERVED_LISTINGS_WAITING, () => new ListingsBusy());

  /** Gathers names or tags. @throws {DevregError} as the listing does; {@link ListingsBusy} */
  names(request: ListingRequest<string>): Promise<readonly string[]> {
    return this.#gather(this.#names, request, String);
  }

  /** Gathers referrers, by digest. @throws {DevregError} as {@link ListingTurns.names} */
  referrers(request: ListingRequest<Descriptor>): Promise<readonly Descriptor[]> {
    return this.#gather(this.#referrers, request, ({ digest }) => digest);
  }

  #gather<Item>(
    flights: Flights<readonly Item[]>,
    { name, items, isForeign, signal }: ListingRequest<Item>,
    keyOf: (item: Item) => string,
  ): Promise<readonly Item[]> {
    return flights.join(name, signal, (stop) => {
      const gather = () => gatherSorted(items(stop), keyOf, stop);
      return isForeign ? this.#slots.run(stop, gather) : gather();
    });
  }
}
