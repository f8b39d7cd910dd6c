import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { connect } from "node:net";
import { type ByteStream, owned } from "../../../src/bytes.ts";
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

  test("passes on what comes too slowly to wait for it, from its first byte on", async () => {
    const rest = Promise.withResolvers<void>();
    const stream = (async function* open(): ByteStream {
      yield new Uint8Array([1]);
      await rest.promise;
      yield new Uint8Array([2]);
      yield new Uint8Array([3]);
    })();
    const body = await streamBody(stream, 3, neverBroken, 1);
    expect(body).toBeInstanceOf(ReadableStream);
    rest.resolve();
    expect(await new Response(body).bytes()).toEqual(Uint8Array.from([1, 2, 3]));
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

/** Gives out `count` chunks that are all different, and keeps them. */
function numbered(count: number) {
  const given: Uint8Array[] = [];
  const hash = createHash("sha256");
  async function* open(): ByteStream {
    for (let chunk = 0; chunk < count; chunk += 1) {
      const words = new Uint32Array(PIECE / 4).map((_, at) => chunk * PIECE + at);
      const bytes = new Uint8Array(words.buffer);
      hash.update(bytes);
      given.push(bytes);
      yield bytes;
    }
  }
  return { given, stream: open(), digest: () => hash.digest("hex") };
}

/** Reads an answer to its end, stopping after every piece; gives the digest of its chunks' bytes. */
async function readSlowly(url: URL): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const pieces: Buffer[] = [];
  const socket = connect(Number(url.port), url.hostname, () => {
    socket.write("GET / HTTP/1.1\r\nhost: here\r\nconnection: close\r\n\r\n");
  });
  socket.on("data", (piece) => {
    pieces.push(Buffer.from(piece));
    socket.pause();
    setImmediate(() => setImmediate(() => socket.resume()));
  });
  socket.on("end", () => resolve(Buffer.concat(pieces)));
  socket.on("error", reject);
  const raw = await promise;
  const hash = createHash("sha256");
  for (let at = raw.indexOf("\r\n\r\n") + 4; at < raw.length; ) {
    const line = raw.indexOf("\r\n", at);
    const size = Number.parseInt(raw.toString("latin1", at, line), 16);
    hash.update(raw.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
  return hash.digest("hex");
}

describe("streamBody() of chunks that are the reader's alone", () => {
  test("leaves the memory of other chunks alone", async () => {
    const { stream, given } = numbered(MANY);
    const body = await streamBody(stream, MANY * PIECE, neverBroken);
    await new Response(body).arrayBuffer();
    expect(given.map(({ byteLength }) => byteLength)).toEqual(Array(MANY).fill(PIECE));
  });

  test.each(["at once", "slowly"])(
    "sends each byte to a client that reads %p, and gives its memory back",
    async (pace) => {
      const count = 8 * MANY;
      const { stream, given, digest } = numbered(count);
      const server = Bun.serve({
        port: 0,
        hostname: "127.0.0.1",
        fetch: async () =>
          new Response(await streamBody(owned(stream), count * PIECE, neverBroken)),
      });
      const got =
        pace === "slowly"
          ? await readSlowly(server.url)
          : createHash("sha256")
              .update(new Uint8Array(await (await fetch(server.url)).arrayBuffer()))
              .digest("hex");
      expect(got).toBe(digest());
      expect(given.map(({ byteLength }) => byteLength)).toEqual(Array(count).fill(0));
      await server.stop(true);
    },
  );
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
