import { describe, expect, test } from "bun:test";
import { AddressBuckets } from "../../../src/server/updates/address-buckets.ts";
import { BodyReading, readBody } from "../../../src/server/updates/read-body.ts";
import { TokenBucket } from "../../../src/server/updates/token-bucket.ts";
import { UsedSignatures } from "../../../src/server/updates/used-signatures.ts";
import { fakeClock } from "../../support/clock.ts";

describe("TokenBucket", () => {
  test("lets a burst through, then as many as the rate says", () => {
    const clock = fakeClock();
    const bucket = new TokenBucket({ burst: 3, perSecond: 2 }, clock.nowMs);
    expect([bucket.take(), bucket.take(), bucket.take(), bucket.take()]).toEqual([0, 0, 0, 500]);
    clock.advance(250);
    expect(bucket.take()).toBe(250);
    clock.advance(250);
    expect([bucket.take(), bucket.take()]).toEqual([0, 500]);
  });

  test("never holds more than the burst, and survives a clock that goes back", () => {
    const clock = fakeClock();
    const bucket = new TokenBucket({ burst: 2, perSecond: 1 }, clock.nowMs);
    clock.advance(1_000_000);
    expect([bucket.take(), bucket.take()]).toEqual([0, 0]);
    clock.advance(-5_000);
    expect(bucket.take()).toBe(1000);
  });
});

describe("AddressBuckets", () => {
  test("gives each address its own share, and a network of IPv6 one", () => {
    const clock = fakeClock();
    const size = { burst: 1, perSecond: 1, addresses: 10 };
    const buckets = new AddressBuckets(size, clock.nowMs);
    const take = (...addresses: readonly string[]) => addresses.map((each) => buckets.take(each));
    expect(take("192.0.2.1", "192.0.2.1", "192.0.2.2")).toEqual([0, 1000, 0]);
    expect(take("2001:db8::1", "2001:0DB8:0:0:9::2", "2001:db8:0:1::1")).toEqual([0, 1000, 0]);
    expect(take("fe80::1%eth0", "fe80::2%eth1", "::1", "::")).toEqual([0, 1000, 0, 1000]);
    expect([buckets.take(undefined), buckets.take(undefined)]).toEqual([0, 1000]);
    clock.advance(1000);
    expect(take("192.0.2.1", "192.0.2.1")).toEqual([0, 1000]);
  });

  test("lets addresses that it cannot remember share one", () => {
    const clock = fakeClock();
    const buckets = new AddressBuckets({ burst: 2, perSecond: 1, addresses: 2 }, clock.nowMs);
    const take = (addresses: string) => [...addresses].map((each) => buckets.take(each));
    expect(take("abcdeab")).toEqual([0, 0, 0, 0, 1000, 0, 0]);
    // Who was not seen for as long as a bucket takes to fill is forgotten.
    clock.advance(2000);
    expect(take("de")).toEqual([0, 0]);
  });
});

describe("UsedSignatures", () => {
  test("lets each signature through once while it is remembered", () => {
    const clock = fakeClock();
    const used = new UsedSignatures({ entries: 10, forMs: 1000 }, clock.nowMs);
    expect([used.use("a"), used.use("a"), used.use("b")]).toEqual([true, false, true]);
    clock.advance(1000);
    expect(used.use("a")).toBe(false);
    clock.advance(1);
    expect(used.use("a")).toBe(true);
  });

  test("refuses what it cannot remember", () => {
    const clock = fakeClock();
    const used = new UsedSignatures({ entries: 2, forMs: 1000 }, clock.nowMs);
    expect(["a", "b", "c", "a"].map((each) => used.use(each))).toEqual([true, true, false, false]);
    clock.advance(1001);
    expect(used.use("c")).toBe(true);
  });
});

describe("readBody()", () => {
  const post = (body: Bun.BodyInit, headers: Record<string, string> = {}) =>
    new Request("http://registry.example/", { method: "POST", body, headers });
  const bounds = { bytes: 10, timeoutMs: 60_000 };

  test("gives the bytes as they came", async () => {
    expect(await readBody(post("0123456789"), bounds)).toEqual(Buffer.from("0123456789"));
    const none = new Request("http://registry.example/", { method: "POST" });
    expect(await readBody(none, bounds)).toEqual(new Uint8Array());
  });

  test("reads no further than the bound, whatever the length says", async () => {
    let pulled = 0;
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(4));
      },
      cancel: () => {
        cancelled = true;
      },
    });
    expect(await readBody(post(endless), bounds)).toBe("too-large");
    expect(pulled).toBeLessThan(8);
    expect(cancelled).toBe(true);
  });

  test("reads nothing of what says that it is too large", async () => {
    const request = post("short", { "content-length": "11" });
    expect(await readBody(request, bounds)).toBe("too-large");
    expect(request.bodyUsed).toBe(false);
  });

  test("does not wait for ever", async () => {
    const silent = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) });
    expect(await readBody(post(silent), { bytes: 10, timeoutMs: 5 })).toBe("too-slow");
  });
});

describe("BodyReading", () => {
  const post = (body: Bun.BodyInit) =>
    new Request("http://registry.example/", { method: "POST", body });
  const silent = () =>
    post(new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) }));

  test("breaks off who began first when there is no room for one more", async () => {
    const bodies = new BodyReading({ bytes: 10, timeoutMs: 60_000, sideBySide: 2 });
    const ended: number[] = [];
    const slow = [0, 1, 2].map((at) =>
      bodies.read(silent()).then((body) => ended.push(at) && body),
    );
    expect(await slow[0]).toBe("too-slow");
    expect(await bodies.read(post("at once"))).toEqual(Buffer.from("at once"));
    expect(await slow[1]).toBe("too-slow");
    expect(ended).toEqual([0, 1]);
  });

  test("has room again when a body was read", async () => {
    const bodies = new BodyReading({ bytes: 10, timeoutMs: 60_000, sideBySide: 2 });
    let isBroken = false;
    bodies.read(silent()).then(() => {
      isBroken = true;
    });
    for (let turn = 0; turn < 5; turn++) expect(await bodies.read(post("a"))).toHaveLength(1);
    expect(isBroken).toBe(false);
  });
});
