import { describe, expect, test } from "bun:test";
import { Flights } from "../src/flights.ts";
import { Slots } from "../src/slots.ts";

const never = new AbortController().signal;

describe("Flights", () => {
  test("does work once for all who wait", async () => {
    const flights = new Flights<number>();
    const done = Promise.withResolvers<number>();
    let begun = 0;
    const work = () => {
      begun += 1;
      return done.promise;
    };
    const all = [flights.join("a", never, work), flights.join("a", never, work)];
    done.resolve(7);
    expect(await Promise.all(all)).toEqual([7, 7]);
    expect(begun).toBe(1);
    expect(await flights.join("a", never, async () => 8)).toBe(8);
  });

  test("goes on while somebody waits, and stops when the last one left", async () => {
    const flights = new Flights<number>();
    const stops: AbortSignal[] = [];
    const work = (signal: AbortSignal) => {
      stops.push(signal);
      return new Promise<number>(() => undefined);
    };
    const [one, other] = [new AbortController(), new AbortController()];
    const first = flights.join("a", one.signal, work);
    const second = flights.join("a", other.signal, work);
    one.abort(new Error("one left"));
    expect(first).rejects.toThrow("one left");
    await first.catch(() => undefined);
    expect(stops[0]?.aborted).toBe(false);
    other.abort(new Error("the other left"));
    await second.catch(() => undefined);
    expect(stops[0]?.aborted).toBe(true);
    // Who comes now begins anew.
    expect(await flights.join("a", never, async () => 9)).toBe(9);
  });

  test("tells a failure to all, and forgets it", async () => {
    const flights = new Flights<number>();
    const fail = async () => Promise.reject(new Error("failed"));
    const all = [flights.join("a", never, fail), flights.join("a", never, fail)];
    const ended = await Promise.allSettled(all);
    expect(ended.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await flights.join("a", never, async () => 1)).toBe(1);
  });
});

describe("Slots", () => {
  const full = () => new Error("full");

  test("lets so many work at once, the others in the order they came", async () => {
    const slots = new Slots(1, 2, full);
    const order: string[] = [];
    const first = Promise.withResolvers<void>();
    const runs = [
      slots.run(never, async () => {
        await first.promise;
        order.push("first");
      }),
      slots.run(never, async () => void order.push("second")),
      slots.run(never, async () => void order.push("third")),
    ];
    expect(slots.run(never, async () => undefined)).rejects.toThrow("full");
    first.resolve();
    await Promise.all(runs);
    expect(order).toEqual(["first", "second", "third"]);
  });

  test("forgets who went away while waiting", async () => {
    const slots = new Slots(1, 2, full);
    const first = Promise.withResolvers<void>();
    const running = slots.run(never, () => first.promise);
    const gone = new AbortController();
    const waiting = slots.run(gone.signal, async () => undefined);
    gone.abort(new Error("left"));
    await expect(waiting).rejects.toThrow("left");
    first.resolve();
    await running;
    expect(await slots.run(never, async () => "free again")).toBe("free again");
  });

  test("gives a slot back when the work fails", async () => {
    const slots = new Slots(1, 0, full);
    const fails = slots.run(never, () => Promise.reject(new Error("failed")));
    await expect(fails).rejects.toThrow("failed");
    expect(await slots.run(never, async () => 1)).toBe(1);
  });
});
