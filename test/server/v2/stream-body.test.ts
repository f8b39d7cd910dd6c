import { describe, expect, test } from "bun:test";
import type { ByteStream } from "../../../src/bytes.ts";
import { BLOB_HEAD_BYTES } from "../../../src/limits.ts";
import { streamBody } from "../../../src/server/v2/stream-body.ts";

/** Gives out chunks of one size and counts how many were taken. */
function chunked(sizeBytes: number, count: number, failure?: Error) {
  const seen = { taken: 0, released: false };
  async function* open(): ByteStream {
    try {
      for (; seen.taken < count; ) {
        seen.taken += 1;
        yield new Uint8Array(sizeBytes).fill(seen.taken);
      }
      if (failure !== undefined) throw failure;
    } finally {
      seen.released = true;
    }
  }
  return { seen, stream: open() };
}

const neverBroken = (error: unknown) => {
  throw error;
};

const PIECE = 256 * 1024;
const MANY = (4 * BLOB_HEAD_BYTES) / PIECE;

describe("streamBody()", () => {
  test("gives content that comes in one chunk as it is, however long", async () => {
    const { stream, seen } = chunked(2 * BLOB_HEAD_BYTES, 1);
    const body = await streamBody(stream, 2 * BLOB_HEAD_BYTES, neverBroken);
    expect(body).toBeInstanceOf(Uint8Array);
    expect(seen.released).toBe(true);
  });

  test("gathers what is short", async () => {
    const { stream } = chunked(10, 3);
    const body = await streamBody(stream, 30, neverBroken);
    expect(body).toEqual(
      Uint8Array.from([...Array(10).fill(1), ...Array(10).fill(2), ...Array(10).fill(3)]),
    );
  });

  test("gives nothing for nothing", async () => {
    expect(await streamBody(chunked(0, 0).stream, 0, neverBroken)).toEqual(new Uint8Array());
  });

  test("throws what goes wrong before anything was given out", async () => {
    const { stream } = chunked(10, 2, new Error("broken"));
    await expect(streamBody(stream, 30, neverBroken)).rejects.toThrow("broken");
  });

  test("passes long content on at the pace of the reader", async () => {
    const { stream, seen } = chunked(PIECE, MANY);
    const body = await streamBody(stream, MANY * PIECE, neverBroken);
    if (!(body instanceof ReadableStream)) throw new Error("not streamed");
    const before = seen.taken;
    expect(before).toBeLessThan(MANY);
    await Bun.sleep(0);
    expect(seen.taken).toBe(before);
    const whole = await new Response(body).arrayBuffer();
    expect(whole.byteLength).toBe(MANY * PIECE);
    expect(seen).toEqual({ taken: MANY, released: true });
  });

  test("breaks off when the source does", async () => {
    const told: unknown[] = [];
    const { stream } = chunked(PIECE, MANY, new Error("cut"));
    const body = await streamBody(stream, 2 * MANY * PIECE, (error) => told.push(error));
    const outcome = new Response(body).arrayBuffer().then(
      () => "whole",
      () => "broken off",
    );
    expect(await outcome).toBe("broken off");
    expect(told).toEqual([new Error("cut")]);
  });

  test("releases the source when the client goes away", async () => {
    const { stream, seen } = chunked(PIECE, MANY);
    const body = await streamBody(stream, MANY * PIECE, neverBroken);
    if (!(body instanceof ReadableStream)) throw new Error("not streamed");
    await body.cancel();
    expect(seen.released).toBe(true);
  });
});

describe("Bun.serve()", () => {
  /** The day that this fails, long blobs can have a length too. */
  test("sends a stream in chunks whatever length it is given", async () => {
    const server = Bun.serve({
      port: 0,
      fetch: () => {
        const headers = { "content-length": String(MANY * PIECE) };
        const body = new ReadableStream<Uint8Array>({
          async start(controller) {
            for await (const chunk of chunked(PIECE, MANY).stream) controller.enqueue(chunk);
            controller.close();
          },
        });
        return new Response(body, { headers });
      },
    });
    const response = await fetch(server.url);
    expect(response.headers.get("content-length")).toBeNull();
    expect(response.headers.get("transfer-encoding")).toBe("chunked");
    expect((await response.arrayBuffer()).byteLength).toBe(MANY * PIECE);
    await server.stop(true);
  });
});
