import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type AttackedServer, attackedServer } from "../support/attacked-server.ts";
import { type RawConnection, rawConnection } from "../support/raw-http.ts";
import { until } from "../support/until.ts";

// The server closes connections after half a minute of silence, and waits 12 seconds for a head.
setDefaultTimeout(120_000);

const CONNECTIONS = 2_000;

let attacked: AttackedServer;

beforeAll(async () => {
  attacked = await attackedServer("--access-log=off");
});

afterAll(async () => {
  await attacked[Symbol.asyncDispose]();
});

function open(count: number): Promise<RawConnection[]> {
  return Promise.all(Array.from({ length: count }, () => rawConnection(attacked.server.url)));
}

/** Waits until the server has closed all of them, or the test has run too long. */
async function closedByServer(connections: readonly RawConnection[]): Promise<void> {
  await Promise.all(connections.map(({ closed }) => closed));
}

describe("clients who take their time", () => {
  test("2,000 silent connections keep nobody out, and are closed", async () => {
    const before = attacked.residentMib();
    const silent = await open(CONNECTIONS);
    for (let turn = 0; turn < 20; turn++) expect(await attacked.isWell()).toBe(true);
    expect(attacked.residentMib() - before).toBeLessThan(100);
    await closedByServer(silent);
    expect(await attacked.isWell()).toBe(true);
  });

  test("a head that comes byte by byte is not waited for", async () => {
    const slow = await open(50);
    const head = `GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ${"s".repeat(1_000)}`;
    let sent = 0;
    const timer = setInterval(() => {
      for (const { send, socket } of slow) if (!socket.destroyed) send(head[sent] ?? "s");
      sent += 1;
    }, 250);
    expect(await attacked.isWell()).toBe(true);
    await closedByServer(slow);
    clearInterval(timer);
    for (const { received } of slow) expect(received()).not.toContain("200 OK");
  });

  test("bodies that never arrive, half-open connections, and idle ones are closed", async () => {
    const [body, update, half, idle] = await open(4);
    if (!body || !update || !half || !idle) throw new Error("no connections");
    body.send("POST /index HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc");
    update.send("POST /api/update HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc");
    half.send("GET /health HTTP/1.1\r\nHost: x\r\n");
    half.socket.end();
    idle.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    await closedByServer([body, update, half, idle]);
    expect(body.received()).toMatch(/^HTTP\/1\.1 405 /);
    expect(idle.received()).toMatch(/^HTTP\/1\.1 200 /);
    expect(await attacked.isWell()).toBe(true);
  });

  test("readers that stop reading cost their own answers only", async () => {
    const before = attacked.residentMib();
    const stopped = await open(200);
    for (const { send, socket } of stopped) {
      socket.pause();
      send("GET /viewer HTTP/1.1\r\nHost: x\r\n\r\n".repeat(50));
    }
    for (let turn = 0; turn < 20; turn++) expect(await attacked.isWell()).toBe(true);
    expect(attacked.residentMib() - before).toBeLessThan(150);
    for (const each of stopped) each.socket.destroy();
    await until("it is well", () => attacked.isWell());
  });

  test("connections that break at any moment leave nothing behind", async () => {
    for (let round = 0; round < 10; round++) {
      const broken = await open(50);
      broken.forEach(({ send, socket }, at) => {
        send("GET /v2index/all HTTP/1.1\r\nHost: x\r\n\r\n".slice(0, 1 + at));
        if (at % 2 === 0) socket.resetAndDestroy();
        else socket.destroy();
      });
    }
    expect(await attacked.isWell()).toBe(true);
    expect(attacked.server.log()).not.toContain('"level":"error"');
  });
});
