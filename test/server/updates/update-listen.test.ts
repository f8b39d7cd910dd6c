import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { connect } from "node:net";
import { silentLogger } from "../../../src/log.ts";
import { type Listening, listen } from "../../../src/server/index.ts";
import { NOW, ownHeaders, type UpdateApp, updateApp } from "../../support/update-app.ts";

setDefaultTimeout(60_000);

const HUGE_BYTES = 100 * 1024 * 1024;
const PIECE = Buffer.alloc(64 * 1024, "x");
const running: Listening[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop(0)));
});

function start({ app }: UpdateApp): string {
  const server = listen({ app, hostname: "127.0.0.1", port: 0, log: silentLogger });
  running.push(server);
  return server.url;
}

/** Sends a body as fast as it is taken; gives the status and how much of it was taken. */
function sendHuge(
  url: string,
  headers: readonly string[],
  frame: (piece: Buffer) => readonly Buffer[],
): Promise<{ status: number; sentBytes: number }> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    let sentBytes = 0;
    let text = "";
    const socket = connect(Number(port), hostname, () => {
      const head = ["POST /api/update HTTP/1.1", "Host: x", ...headers, "", ""].join("\r\n");
      socket.write(head);
      pump();
    });
    const pump = () => {
      while (sentBytes < HUGE_BYTES && !socket.destroyed) {
        sentBytes += PIECE.byteLength;
        if (!socket.write(Buffer.concat(frame(PIECE)))) break;
      }
    };
    socket.on("drain", pump);
    socket.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
      socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve({ status: Number(text.split(" ")[1]), sentBytes }));
  });
}

describe("a body of 100 MB", () => {
  test.each([
    ["its length said", [`Content-Length: ${HUGE_BYTES}`], (piece: Buffer) => [piece]],
    [
      "in chunks",
      ["Transfer-Encoding: chunked"],
      (piece: Buffer) => [
        Buffer.from(`${piece.length.toString(16)}\r\n`),
        piece,
        Buffer.from("\r\n"),
      ],
    ],
  ] as const)("%s: refused without being read", async (_, headers, frame) => {
    const app = await updateApp();
    const { status, sentBytes } = await sendHuge(start(app), headers, frame);
    expect(status).toBe(413);
    expect(sentBytes).toBeLessThan(HUGE_BYTES / 2);
    expect(app.asked).toEqual([]);
  });
});

describe("a client that goes away", () => {
  test("leaves the update to go on", async () => {
    const entered = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<boolean>();
    const app = await updateApp({
      answer: async () => {
        entered.resolve();
        await released.promise;
        ended.resolve(app.signals[0]?.aborted ?? true);
        return { state: "updated", reasons: [] };
      },
    });
    const client = new AbortController();
    const sent = fetch(`${start(app)}/api/update`, {
      method: "POST",
      body: "{}",
      headers: ownHeaders("{}", NOW),
      signal: client.signal,
    }).catch(() => "gone");
    await entered.promise;
    client.abort();
    expect(await sent).toBe("gone");
    released.resolve();
    expect(await ended.promise).toBe(false);
  });
});
