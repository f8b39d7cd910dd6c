import { describe, expect, test } from "bun:test";
import { DevregError } from "../../../src/errors.ts";
import { fakeClock } from "../../support/clock.ts";
import { failureOf, openRemote } from "../../support/remote.ts";
import { artifactOf, blobOf } from "../../support/sample-content.ts";
import { type StubAnswer, stubTransport } from "../../support/stub-transport.ts";

const { descriptor } = blobOf("x");
const FINE: StubAnswer = { status: 200, headers: { "content-length": "1" } };
const reset = () => new DevregError("NETWORK", "Cannot reach a: the connection was reset");

/** A registry that answers with each of the failures first. */
function failing(failures: readonly (StubAnswer | DevregError)[], random = 0.5) {
  const clock = fakeClock(random);
  const stub = stubTransport(() => {
    const failure = failures[stub.requests.length - 1];
    if (failure instanceof DevregError) throw failure;
    return failure ?? FINE;
  });
  const repository = openRemote("a.example", { send: stub.send, clock }).repository("r");
  return { ...stub, clock, repository };
}

describe("retries", () => {
  for (const status of [408, 429, 499, 500, 502, 503, 504, 522]) {
    test(`pass over a ${status}`, async () => {
      const { repository, requests } = failing([{ status }]);
      expect(await repository.exists(descriptor)).toBe(true);
      expect(requests).toHaveLength(2);
    });
  }

  for (const status of [400, 403, 404, 405, 416, 501]) {
    test(`leave a ${status} alone`, async () => {
      const { repository, requests } = failing([{ status }]);
      await repository.exists(descriptor).catch(() => undefined);
      expect(requests).toHaveLength(1);
    });
  }

  test("pass over a connection that was reset and one that was too slow", async () => {
    const { repository } = failing([reset(), new DevregError("TIMEOUT", "Cannot reach a: slow")]);
    expect(await repository.exists(descriptor)).toBe(true);
  });

  test("are not made for who left, whatever the reason", async () => {
    const late = new DevregError("TIMEOUT", "Cannot wait: it took too long");
    for (const place of ["a.example", "localhost:5000"]) {
      const leaving = new AbortController();
      const stub = stubTransport(() => {
        leaving.abort(late);
        throw late;
      });
      const repository = openRemote(place, { send: stub.send }).repository("r");
      expect(await failureOf(repository.resolve("1", leaving.signal))).toBe(late);
      expect(stub.requests).toHaveLength(1);
    }
  });

  test("leave other errors alone", async () => {
    const { repository, requests } = failing([new DevregError("ABORTED", "Cannot go on")]);
    expect((await failureOf(repository.exists(descriptor))).code).toBe("ABORTED");
    expect(requests).toHaveLength(1);
  });

  test("wait longer each time, by a share of the doubled time, five attempts in all", async () => {
    const { repository, clock, requests } = failing(new Array(9).fill({ status: 503 }), 0.5);
    expect((await failureOf(repository.exists(descriptor))).code).toBe("REGISTRY_RESPONSE");
    expect(clock.sleeps).toEqual([100, 200, 400, 800]);
    expect(requests).toHaveLength(5);
  });

  test("give the last network error when nothing helps", async () => {
    const { repository } = failing(new Array(9).fill(reset()));
    expect((await failureOf(repository.exists(descriptor))).message).toContain("was reset");
  });

  test("wait as long as Retry-After says, in seconds or by date", async () => {
    const date = new Date(90_000).toUTCString();
    const { repository, clock } = failing([
      { status: 429, headers: { "retry-after": "45" } },
      { status: 503, headers: { "retry-after": date } },
    ]);
    expect(await repository.exists(descriptor)).toBe(true);
    expect(clock.sleeps).toEqual([45_000, 45_000]);
  });

  test("do not wait for hours: the answer is reported instead", async () => {
    const { repository, clock } = failing([{ status: 429, headers: { "retry-after": "21600" } }]);
    expect((await failureOf(repository.exists(descriptor))).message).toContain("429");
    expect(clock.sleeps).toEqual([]);
  });

  for (const value of ["soon", "-5"]) {
    test(`ignore a Retry-After that is neither: ${value}`, async () => {
      const { repository, clock } = failing([{ status: 503, headers: { "retry-after": value } }]);
      await repository.exists(descriptor);
      expect(clock.sleeps).toEqual([100]);
    });
  }

  test("of a busy host hold back every request to it", async () => {
    const waits: { readonly ms: number; readonly wake: () => void }[] = [];
    const clock = {
      ...fakeClock(),
      sleep: (ms: number) => new Promise<void>((wake) => waits.push({ ms, wake })),
    };
    const stub = stubTransport(() =>
      stub.requests.length === 1 ? { status: 429, headers: { "retry-after": "7" } } : FINE,
    );
    const repository = openRemote("a.example", { send: stub.send, clock }).repository("r");
    const first = repository.exists(descriptor);
    while (waits.length === 0) await Promise.resolve();
    const second = repository.exists(descriptor);
    while (waits.length === 1) await Promise.resolve();
    expect([stub.requests.length, ...waits.map(({ ms }) => ms)]).toEqual([1, 7_000, 7_000]);
    for (const { wake } of waits) wake();
    expect(await Promise.all([first, second])).toEqual([true, true]);
  });

  test("send a manifest again", async () => {
    const { root } = artifactOf(["one"]);
    const { repository, requests } = failing([
      { status: 429, headers: { "retry-after": "1" } },
      { status: 201 },
    ]);
    await repository.push(root.descriptor, root.bytes);
    expect(requests.map(({ method }) => method)).toEqual(["PUT", "PUT"]);
    expect(requests[1]?.body).toBe(requests[0]?.body);
  });
});

describe("concurrency", () => {
  test("is bounded, and streamed uploads do not hold up what they read", async () => {
    let under = 0;
    let most = 0;
    const stub = stubTransport(async () => {
      under += 1;
      most = Math.max(most, under);
      await Promise.resolve();
      under -= 1;
      return FINE;
    });
    const registry = openRemote("a.example", { send: stub.send, concurrency: 3 });
    const repository = registry.repository("r");
    await Promise.all(Array.from({ length: 20 }, () => repository.exists(descriptor)));
    expect([most, stub.requests.length]).toEqual([3, 20]);
  });

  test("lets a stream be uploaded that is a download from the same host", async () => {
    const blob = blobOf("content");
    const answers: Record<string, StubAnswer> = {
      HEAD: { status: 404 },
      GET: { status: 200, body: "content" },
      POST: { status: 202, headers: { location: "/upload" } },
      PUT: { status: 201 },
    };
    const stub = stubTransport(({ method }) => answers[method] ?? { status: 500 });
    const registry = openRemote("a.example", { send: stub.send, concurrency: 1 });
    const [source, target] = [registry.repository("s"), registry.repository("t")];
    await target.push(blob.descriptor, async function* () {
      yield* await source.fetch(blob.descriptor);
    });
    expect(stub.requests.map(({ method }) => method).sort()).toEqual([
      "GET",
      "HEAD",
      "POST",
      "PUT",
    ]);
  });
});
