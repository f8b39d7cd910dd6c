import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readAll } from "../../../src/bytes.ts";
import { createTransportPool, type TransportPool } from "../../../src/net/index.ts";
import type { Descriptor } from "../../../src/oci-client/index.ts";
import {
  type Answer,
  byRoute,
  type FaultServer,
  type RecordedRequest,
  startFaultServer,
} from "../../support/fault-server.ts";
import { failureOf, openRemote } from "../../support/remote.ts";
import { blobOfSize } from "../../support/sample-content.ts";

const SIZE = 8_000_000;
const { descriptor, bytes } = blobOfSize(SIZE);
const PATH = `/v2/a/blobs/${descriptor.digest}`;

let pool: TransportPool;
beforeAll(() => {
  pool = createTransportPool({ userAgent: "devreg/test" });
});
afterAll(() => pool.close());

async function fetching<Result>(
  script: (request: RecordedRequest) => Answer | "reset",
  use: (read: Read, server: FaultServer) => Promise<Result>,
): Promise<Result> {
  const server = await startFaultServer(script);
  const repository = openRemote(server.host, { send: pool.send }).repository("a");
  const read: Read = async (target, options) =>
    readAll(await repository.fetch(target, options), 2 * SIZE, "blob");
  try {
    return await use(read, server);
  } finally {
    await server.stop();
  }
}

type Read = (
  target: Descriptor,
  options?: { readonly offset?: number; readonly length?: number },
) => Promise<Uint8Array>;

/** Answers a Range rightly. */
function ranged({ headers }: RecordedRequest, cutAfter?: number): Answer {
  const [, from = 0, to = 0] = (/^bytes=(\d+)-(\d+)$/.exec(headers["range"] ?? "") ?? []).map(
    Number,
  );
  return {
    status: 206,
    headers: { "content-range": `bytes ${from}-${to}/${SIZE}` },
    body: bytes.subarray(from, to + 1),
    ...(cutAfter === undefined ? {} : { cutAfter }),
  };
}

const whole: Answer = { status: 200, body: bytes };

describe("a blob download", () => {
  test("asks for a whole blob without Range and gives its bytes", () =>
    fetching(
      () => whole,
      async (read, { requests }) => {
        expect(Bun.hash(await read(descriptor))).toBe(Bun.hash(bytes));
        expect(requests[0]?.headers["range"]).toBeUndefined();
      },
    ));

  test("goes on where it broke off, by a closed range", () =>
    fetching(
      (request) => (request.headers["range"] ? ranged(request) : { ...whole, cutAfter: 1_000_000 }),
      async (read, { requests }) => {
        expect(Bun.hash(await read(descriptor))).toBe(Bun.hash(bytes));
        expect(requests[1]?.headers["range"]).toBe(`bytes=1000000-${SIZE - 1}`);
        expect(requests).toHaveLength(2);
      },
    ));

  test("gives up when it breaks off again and again after less than a MiB", () =>
    fetching(
      (request) =>
        request.headers["range"] ? ranged(request, 200_000) : { ...whole, cutAfter: 200_000 },
      async (read) => {
        const failure = await failureOf(read(descriptor));
        expect(failure.code).toBe("NETWORK");
      },
    ));

  test("may break off any number of times when a MiB came in between", () =>
    fetching(
      (request) =>
        request.headers["range"] ? ranged(request, 1_100_000) : { ...whole, cutAfter: 1_100_000 },
      async (read, { requests }) => {
        expect(Bun.hash(await read(descriptor))).toBe(Bun.hash(bytes));
        expect(requests).toHaveLength(8);
      },
    ));

  test("skips what it has when a range is answered with everything", () =>
    fetching(
      byRoute({ [`GET ${PATH}`]: [{ ...whole, cutAfter: 1_000_000 }, whole] }),
      async (read) => expect(Bun.hash(await read(descriptor))).toBe(Bun.hash(bytes)),
    ));

  for (const range of ["bytes 5-7999999/8000000", "bytes 0-7999999/8000000", "nonsense", ""]) {
    test(`refuses the range "${range}" for another one`, () =>
      fetching(
        ({ headers }) =>
          headers["range"] === undefined
            ? { ...whole, cutAfter: 1_000_000 }
            : { status: 206, headers: { "content-range": range }, body: bytes },
        async (read) => {
          const failure = await failureOf(read(descriptor));
          expect(failure.code).toBe("REGISTRY_RESPONSE");
          expect(failure.message).toContain("gave range");
        },
      ));
  }

  test("refuses a range of a blob of another size", () =>
    fetching(
      (request) => {
        const from = /bytes=(\d+)/.exec(request.headers["range"] ?? "")?.[1];
        if (from === undefined) return { ...whole, cutAfter: 1_000_000 };
        return { status: 206, headers: { "content-range": `bytes ${from}-9/9999` }, body: "x" };
      },
      async (read) => expect((await failureOf(read(descriptor))).code).toBe("REGISTRY_RESPONSE"),
    ));

  test("goes on after an answer whose end is not marked", () =>
    fetching(
      (request) =>
        request.headers["range"]
          ? ranged(request)
          : { status: 200, body: bytes.subarray(0, 1_000_000), undelimited: true },
      async (read) => expect(Bun.hash(await read(descriptor))).toBe(Bun.hash(bytes)),
    ));

  test("fails with SIZE_MISMATCH when the registry has less", () =>
    fetching(
      () => ({ status: 200, body: bytes.subarray(0, 10) }),
      async (read) => expect((await failureOf(read(descriptor))).code).toBe("SIZE_MISMATCH"),
    ));

  test("fails with SIZE_MISMATCH when the registry sends without end", () =>
    fetching(
      () => ({ status: 200, body: bytes, endless: true }),
      async (read) => expect((await failureOf(read(descriptor))).code).toBe("SIZE_MISMATCH"),
    ));

  test("fails with DIGEST_MISMATCH for other bytes and never gives the last of them", () =>
    fetching(
      () => ({ status: 200, body: blobOfSize(SIZE, 2).bytes }),
      async (_, server) => {
        const repository = openRemote(server.host, { send: pool.send }).repository("a");
        let received = 0;
        const failure = await failureOf(
          (async () => {
            for await (const chunk of await repository.fetch(descriptor)) received += chunk.length;
          })(),
        );
        expect(failure.code).toBe("DIGEST_MISMATCH");
        expect(received).toBeLessThan(SIZE);
      },
    ));

  test("fails with NOT_FOUND before anything is read", () =>
    fetching(
      () => ({
        status: 404,
        body: '{"errors":[{"code":"BLOB_UNKNOWN","message":"blob unknown"}]}',
      }),
      async (read) => {
        const failure = await failureOf(read(descriptor));
        expect(failure.code).toBe("NOT_FOUND");
        expect(failure.message).toContain("(BLOB_UNKNOWN: blob unknown)");
      },
    ));

  test("of a part asks for that range", () =>
    fetching(ranged, async (read, { requests }) => {
      expect(await read(descriptor, { offset: 10, length: 20 })).toEqual(bytes.subarray(10, 30));
      expect(await read(descriptor, { offset: SIZE - 5 })).toEqual(bytes.subarray(SIZE - 5));
      expect(await read(descriptor, { offset: SIZE + 5 })).toEqual(new Uint8Array());
      expect(requests.map(({ headers }) => headers["range"])).toEqual([
        "bytes=10-29",
        `bytes=${SIZE - 5}-${SIZE - 1}`,
      ]);
    }));

  test("of a part is cut out when the range is not honoured", () =>
    fetching(
      () => whole,
      async (read) =>
        expect(await read(descriptor, { offset: 7, length: 9 })).toEqual(bytes.subarray(7, 16)),
    ));
});
