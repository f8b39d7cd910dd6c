import { describe, expect, test } from "bun:test";
import { HostTurns } from "../../../../src/cli/serve/starters/host-turns.ts";

const never = new AbortController().signal;
const BOUNDS = { atOnce: 2, slow: 1, mostWaiting: 3, waitingForHost: 2, slowFromMs: 10 };

/** Turns whose time goes on when the test says. */
function world(bounds = BOUNDS) {
  const sleeping = new Set<() => void>();
  const turns = new HostTurns(bounds, {
    full: () => new Error("full"),
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        sleeping.add(resolve);
        signal.addEventListener("abort", () => resolve());
      }),
  });
  const begun: string[] = [];
  const begin = (host: string, name = host, signal = never) => {
    const end = Promise.withResolvers<string>();
    const done = turns.run(host, signal, () => {
      begun.push(name);
      return end.promise;
    });
    return { done, end: () => end.resolve(name), fail: () => end.reject(new Error(name)) };
  };
  const timePasses = async () => {
    for (const wake of sleeping) wake();
    await settle();
  };
  return { turns, begun, begin, timePasses };
}

/** Lets everything that can go on do so. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}

describe("HostTurns", () => {
  test("asks one host for one thing at a time, and lets others past", async () => {
    const { begun, begin } = world();
    const slow = begin("slow", "slow 1");
    begin("slow", "slow 2");
    const quick = begin("quick");
    await settle();
    expect(begun).toEqual(["slow 1", "quick"]);
    quick.end();
    expect(await quick.done).toBe("quick");
    const other = begin("other");
    await settle();
    expect(begun).toEqual(["slow 1", "quick", "other"]);
    other.end();
    slow.end();
    expect(await slow.done).toBe("slow 1");
    await settle();
    expect(begun.at(-1)).toBe("slow 2");
  });

  test("gives the place of slow work to the next, as far as there are places for it", async () => {
    const { begun, begin, timePasses } = world();
    const [a, b] = [begin("a"), begin("b")];
    const [c, d] = [begin("c"), begin("d")];
    await settle();
    expect(begun).toEqual(["a", "b"]);
    await timePasses();
    // One of them moved over; the other waits for a place among the slow ones.
    expect(begun).toEqual(["a", "b", "c"]);
    a.end();
    expect(await a.done).toBe("a");
    await settle();
    expect(begun).toEqual(["a", "b", "c", "d"]);
    for (const each of [b, c, d]) each.end();
    expect(await Promise.all([b.done, c.done, d.done])).toEqual(["b", "c", "d"]);
    const after = [begin("e"), begin("f"), begin("g")];
    await settle();
    expect(begun.slice(4)).toEqual(["e", "f"]);
    for (const each of after) each.end();
    await Promise.all(after.map(({ done }) => done));
  });

  test("refuses whom there is no room for, for one host earlier", async () => {
    const { begin } = world();
    const a = [1, 2, 3].map((at) => begin("a", `a${at}`));
    await expect(begin("a", "a4").done).rejects.toThrow("full");
    const others = ["b", "c", "d"].map((host) => begin(host));
    await expect(begin("e").done).rejects.toThrow("full");
    for (const each of [...a, ...others]) each.end();
    await Promise.all([...a, ...others].map(({ done }) => done));
    const late = begin("e");
    late.end();
    expect(await late.done).toBe("e");
  });

  test("hands on failures, and forgets who went away", async () => {
    const { begun, begin } = world();
    const a = begin("a", "a1");
    const gone = new AbortController();
    const left = begin("a", "a2", gone.signal);
    const last = begin("a", "a3");
    await settle();
    gone.abort(new Error("left"));
    await expect(left.done).rejects.toThrow("left");
    a.fail();
    await expect(a.done).rejects.toThrow("a1");
    last.end();
    expect(await last.done).toBe("a3");
    expect(begun).toEqual(["a1", "a3"]);
  });
});
