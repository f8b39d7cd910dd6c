import { describe, expect, test } from "bun:test";
import { SERVED_LISTINGS, SERVED_LISTINGS_WAITING } from "../../../src/api-limits.ts";
import { Circuit } from "../../../src/server/v2/circuit.ts";
import { failureReply } from "../../../src/server/v2/failure.ts";
import { ListingsBusy, ListingTurns } from "../../../src/server/v2/listing-turns.ts";

const signal = new AbortController().signal;

/** A listing that goes on when it is told to, and says how often it was begun and how it ended. */
function slowListing() {
  const gate = Promise.withResolvers<void>();
  const seen = { begun: 0, ended: 0 };
  async function* items() {
    seen.begun += 1;
    try {
      yield "b";
      await gate.promise;
      yield "a";
      yield "c";
    } finally {
      seen.ended += 1;
    }
  }
  return { items, seen, goOn: () => gate.resolve() };
}

describe("ListingTurns", () => {
  test("gathers a listing once for all who ask meanwhile, and anew for who comes later", async () => {
    const turns = new ListingTurns();
    const { items, seen, goOn } = slowListing();
    const ask = () => turns.names({ name: "app", items, isForeign: true, signal });
    const all = [ask(), ask(), ask()];
    goOn();
    expect(await Promise.all(all)).toEqual(Array(3).fill(["a", "b", "c"]));
    expect(seen.begun).toBe(1);
    await ask();
    expect(seen.begun).toBe(2);
  });

  test("gathers a few foreign ones at once, has some wait, and refuses the rest", async () => {
    const turns = new ListingTurns();
    const { items, seen, goOn } = slowListing();
    const ask = (name: string, isForeign = true) => turns.names({ name, items, isForeign, signal });
    const most = SERVED_LISTINGS + SERVED_LISTINGS_WAITING;
    const all = Array.from({ length: most }, (_, at) => ask(`app${at}`));
    const refused = await ask("one-more").catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ListingsBusy);
    expect(failureReply(new Request("http://x/v2/"), refused, "id").status).toBe(429);
    expect(seen.begun).toBe(SERVED_LISTINGS);
    const own = ask("ours", false);
    goOn();
    expect(await own).toEqual(["a", "b", "c"]);
    expect((await Promise.all(all)).length).toBe(most);
  });

  test("stops when the last visitor went away", async () => {
    const turns = new ListingTurns();
    const { items, seen, goOn } = slowListing();
    const visitor = new AbortController();
    const asked = turns.names({ name: "app", items, isForeign: true, signal: visitor.signal });
    visitor.abort(new Error("left"));
    await expect(asked).rejects.toThrow("left");
    goOn();
    const next = slowListing();
    next.goOn();
    await turns.names({ name: "other", items: next.items, isForeign: true, signal });
    expect([seen.begun, seen.ended]).toEqual([1, 1]);
  });
});

test("a circuit tells a request that took too long that nobody waits for it", async () => {
  const bounds = { timeoutMs: 1, failures: 3, pauseMs: 1 };
  const clock = { nowMs: () => 0, sleep: async () => undefined };
  const circuit = new Circuit(bounds, clock, {
    isFailure: () => true,
    onFailure: () => undefined,
  });
  let given: AbortSignal | undefined;
  const late = await circuit.attempt((stop) => {
    given = stop;
    return new Promise(() => undefined);
  });
  expect(late).toBeUndefined();
  expect(given?.aborted).toBe(true);
});
