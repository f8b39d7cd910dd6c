import { describe, expect, test } from "bun:test";
import { UpdateQueue } from "../../../../src/cli/serve/update/update-queue.ts";
import { NEWEST, type Wish, wishOf } from "../../../../src/cli/serve/update/wish.ts";
import type { UpdateOutcome } from "../../../../src/server/index.ts";
import { WAITING_UPDATES } from "../../../../src/update-limits.ts";

const [ONE, TWO] = ["1".repeat(40), "2".repeat(40)];

/** A queue whose runs end when the test says so. */
function heldQueue() {
  const runs: { readonly wish: Wish; readonly end: (outcome: UpdateOutcome) => void }[] = [];
  const waiting: (() => void)[] = [];
  const queue = new UpdateQueue((wish) => {
    const { promise, resolve } = Promise.withResolvers<UpdateOutcome>();
    runs.push({ wish, end: resolve });
    for (const tell of waiting.splice(0)) tell();
    return promise;
  });
  const begun = async (count: number) => {
    while (runs.length < count) await new Promise<void>((resolve) => waiting.push(resolve));
    return runs[count - 1];
  };
  return { queue, runs, begun };
}

const OWN: Wish = { ...NEWEST, askedBy: ["command"] };
const own = (commit?: string, force = false): Wish =>
  wishOf({ origin: "own", ...(commit === undefined ? {} : { commit }), force });

describe("UpdateQueue", () => {
  test("makes one run of all that comes while another one is under way", async () => {
    const { queue, runs, begun } = heldQueue();
    const first = queue.add(NEWEST);
    const run = await begun(1);
    const rest = [own(ONE), own(TWO), own(ONE), NEWEST].map((wish) => queue.add(wish));
    run?.end({ state: "updated", reasons: ["a"] });
    expect((await first).reasons).toEqual(["a"]);
    const second = await begun(2);
    expect(second?.wish).toEqual({ ...OWN, commits: [ONE, TWO] });
    second?.end({ state: "unchanged", reasons: ["b"] });
    for (const outcome of await Promise.all(rest)) expect(outcome.reasons).toEqual(["b"]);
    await queue.idle();
    expect(runs).toHaveLength(2);
  });

  test("runs what is forced alone, in its turn", async () => {
    const { queue, begun } = heldQueue();
    const all = [NEWEST, own(ONE), own(TWO, true), NEWEST].map((wish) => queue.add(wish));
    const wishes: Wish[] = [];
    for (let count = 1; count <= 3; count += 1) {
      const run = await begun(count);
      if (run !== undefined) wishes.push(run.wish);
      run?.end({ state: "updated", reasons: [] });
    }
    await Promise.all(all);
    expect(wishes).toEqual([
      { ...OWN, commits: [ONE] },
      { ...OWN, newest: false, commits: [TWO], force: true },
      NEWEST,
    ]);
  });

  test("turns away what is too much, and goes on after a run that broke", async () => {
    const { queue, begun } = heldQueue();
    void queue.add(NEWEST);
    const run = await begun(1);
    const waiting = Array.from({ length: WAITING_UPDATES }, () => queue.add(NEWEST));
    expect(await queue.add(NEWEST)).toMatchObject({ state: "failed" });
    run?.end({ state: "updated", reasons: [] });
    (await begun(2))?.end({ state: "unchanged", reasons: [] });
    expect(await Promise.all(waiting)).toHaveLength(WAITING_UPDATES);

    let runs = 0;
    const breaking = new UpdateQueue(async () => {
      runs += 1;
      if (runs === 1) throw new Error("broken");
      return { state: "updated", reasons: [] };
    });
    await expect(breaking.add(NEWEST)).rejects.toThrow("broken");
    expect(await breaking.add(NEWEST)).toMatchObject({ state: "updated" });
  });
});

describe("wishOf()", () => {
  test("wants exactly the commit of our own form, and the branch of a forge's", () => {
    expect(own()).toEqual(OWN);
    expect(own(ONE)).toEqual({ ...OWN, newest: false, commits: [ONE] });
    for (const origin of ["github", "gitlab"] as const) {
      expect(wishOf({ origin, commit: ONE })).toEqual({
        ...NEWEST,
        askedBy: ["webhook"],
        hints: [ONE],
      });
    }
    expect(wishOf({ origin: "own", samples: true }).samples).toBe(true);
    expect(wishOf({ origin: "own", force: true }).force).toBe(false);
  });
});
