import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type AttackedServer, attackedServer } from "../support/attacked-server.ts";
import { exchangeRaw, rawConnection } from "../support/raw-http.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(60_000);

let attacked: AttackedServer;

beforeAll(async () => {
  attacked = await attackedServer();
});

afterAll(async () => {
  expect(await attacked.isWell()).toBe(true);
  await attacked[Symbol.asyncDispose]();
});

const POST = "POST /index HTTP/1.1\r\nHost: x\r\n";
const CHUNKED = `${POST}Transfer-Encoding: chunked\r\n\r\n`;
const HIDDEN = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

/** What is sent → the statuses of what comes back, a plain request at the end included. */
const FRAMINGS: Readonly<Record<string, readonly [sent: string, statuses: readonly number[]]>> = {
  "Content-Length and Transfer-Encoding": [
    `${POST}Content-Length: ${5 + HIDDEN.length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
    [400],
  ],
  "Transfer-Encoding and Content-Length": [
    `${POST}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n23\r\n${HIDDEN}\r\n0\r\n\r\n`,
    [400],
  ],
  "two lengths": [
    `${POST}Content-Length: 0\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
    [400],
  ],
  "the same length twice": [`${POST}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`, [405, 200]],
  "a list of lengths": [`${POST}Content-Length: 3, 3\r\n\r\nabc`, [400]],
  "a length with a sign": [`${POST}Content-Length: +3\r\n\r\nabc`, [400]],
  "a negative length": [`${POST}Content-Length: -1\r\n\r\n`, [400]],
  "a hexadecimal length": [`${POST}Content-Length: 0x3\r\n\r\nabc`, [400]],
  "a length beyond all numbers": [`${POST}Content-Length: 99999999999999999999\r\n\r\nabc`, [400]],
  "no length": [`${POST}Content-Length:\r\n\r\n`, [400]],
  "a space before the colon": [`${POST}Content-Length : 3\r\n\r\nabc`, [400]],
  "a folded line": [`GET /index HTTP/1.1\r\nHost: x\r\nX-A: b\r\n Y: z\r\n\r\n`, [400]],
  "a folded coding": [`${POST}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`, [400]],
  "an unknown coding": [`${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, [400]],
  "chunked before another coding": [
    `${POST}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    [400],
  ],
  "two codings": [
    `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`,
    [400],
  ],
  "chunked in HTTP/1.0": [
    "POST /index HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    [400],
  ],
  "an extension of a chunk": [`${CHUNKED}3;a=b\r\nabc\r\n0\r\n\r\n`, [405, 200]],
  "an extension that ends with LF": [`${CHUNKED}3;\nabc\r\n0\r\n\r\n${HIDDEN}`, [405, 400]],
  "chunks that end with LF": [`${CHUNKED}3\nabc\n0\n\n${HIDDEN}`, [405, 400]],
  "a chunk of a negative size": [`${CHUNKED}-3\r\nabc\r\n0\r\n\r\n`, [405, 400]],
  "a chunk of a size beyond all numbers": [
    `${CHUNKED}fffffffffffffffff3\r\nabc\r\n0\r\n\r\n`,
    [405, 400],
  ],
  "a chunk that is longer than it says": [`${CHUNKED}3\r\nabcXX0\r\n\r\n${HIDDEN}`, [405, 400]],
  "a request as the body of GET": [
    `GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
    [200, 200],
  ],
  "a body of HEAD": [
    "HEAD /health HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
    [200, 200],
  ],
  "an upgrade to h2c": [
    "GET /health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n\r\n",
    [200, 200],
  ],
};

describe("a server that is lied to about where a request ends", () => {
  for (const [name, [sent, statuses]] of Object.entries(FRAMINGS)) {
    test(`${name}: ${statuses.join(", ")}`, async () => {
      const answers = await exchangeRaw(attacked.server.url, sent);
      expect(answers.map(({ status }) => status)).toEqual([...statuses]);
    });
  }

  test("never takes a body for a request", () => {
    expect(attacked.server.log()).toContain("/index");
    expect(attacked.server.log()).not.toContain("/smuggled");
  });
});

const plain = (target: string, rest = "") => `GET ${target} HTTP/1.1\r\nHost: x\r\n${rest}\r\n`;

const REQUESTS: Readonly<Record<string, readonly [sent: string, statuses: readonly number[]]>> = {
  "lines that end with LF": ["GET /index HTTP/1.1\nHost: x\n\n", [505]],
  "one header that ends with LF": ["GET /index HTTP/1.1\r\nHost: x\nX-B: c\r\n\r\n", [400]],
  "CR in the middle of a header": ["GET /index HTTP/1.1\r\nHost: x\rX-B: c\r\n\r\n", [400]],
  "a header without a colon": [plain("/health", "nocolon\r\n"), [400]],
  "a header without a name": [plain("/health", ": x\r\n"), [400]],
  "NUL in a header": [plain("/health", "X: a\0b\r\n"), [400]],
  "NUL in the target": [plain("/hea\0lth"), [505]],
  "a space in the target": [plain("/hea lth"), [505]],
  "bytes above ASCII in the target": [plain("/\xff\xfe"), [404, 200]],
  "two Hosts": [plain("/health", "Host: y\r\n"), [400, 200]],
  "no Host in HTTP/1.1": ["GET /health HTTP/1.1\r\n\r\n", [400]],
  "no Host in HTTP/1.0": ["GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", [200]],
  "HTTP/0.9": ["GET /health\r\n\r\n", [505]],
  "HTTP/2.0 in text": ["GET /health HTTP/2.0\r\nHost: x\r\n\r\n", [505]],
  "OPTIONS *": ["OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", [400]],
  TRACE: ["TRACE /health HTTP/1.1\r\nHost: x\r\nCookie: a=b\r\n\r\n", [405, 200]],
  "a target of another server": [plain("http://elsewhere.example/health"), [200, 200]],
  "a target of another scheme": [plain("ftp://elsewhere.example/health"), [400]],
  "a target without a slash": [plain("health"), [400]],
  "a method that nobody knows": ["BREW /health HTTP/1.1\r\nHost: x\r\n\r\n", []],
  "the beginning of TLS": ["\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", [400]],
  pipelining: [plain("/health") + plain("/index") + plain("/nothing"), [200, 200, 404, 200]],
  "100-continue": [`${POST}Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc`, [100, 405, 200]],
};

describe("a server that is asked what is no request", () => {
  for (const [name, [sent, statuses]] of Object.entries(REQUESTS)) {
    test(`${name}: ${statuses.join(", ") || "closed"}`, async () => {
      const answers = await exchangeRaw(attacked.server.url, sent);
      expect(answers.map(({ status }) => status)).toEqual([...statuses]);
      for (const { body } of answers) expect(body).not.toContain("Cookie");
    });
  }

  test("CONNECT opens no way to anywhere", async () => {
    using connection = await rawConnection(attacked.server.url);
    connection.send("CONNECT elsewhere.example:80 HTTP/1.1\r\nHost: elsewhere.example:80\r\n\r\n");
    await until("CONNECT is answered", async () => connection.received().endsWith("}"));
    expect(connection.received()).toMatch(/^HTTP\/1\.1 405 /);
    connection.send("to the other side");
    expect(await attacked.isWell()).toBe(true);
  });
});

describe("a server that is asked too much", () => {
  test("takes headers of 32 KiB and refuses those of 128", async () => {
    const header = (kib: number) => `Cookie: ${"c".repeat(kib * 1024)}\r\n`;
    const [large] = await exchangeRaw(attacked.server.url, plain("/health", header(32)));
    expect(large?.status).toBe(200);
    const [huge] = await exchangeRaw(attacked.server.url, plain("/health", header(128)));
    // Closed with bytes unread, the connection may break before the answer is there.
    expect([431, undefined]).toContain(huge?.status);
  });

  test("refuses a thousand headers, or takes them", async () => {
    const many = Array.from({ length: 1_000 }, (_, at) => `X-${at}: y\r\n`).join("");
    const [answer] = await exchangeRaw(attacked.server.url, plain("/health", many));
    expect([200, 400, 431]).toContain(answer?.status ?? 0);
  });

  test("refuses a query of 16 KiB and a path of 8", async () => {
    const { url } = attacked.server;
    const statusOf = async (target: string) => (await exchangeRaw(url, plain(target)))[0]?.status;
    expect(await statusOf(`/index?name=${"q".repeat(16_384)}`)).toBe(414);
    expect(await statusOf(`/${"p".repeat(8_192)}`)).toBe(414);
  });

  test("refuses a body of 100 MB without reading it into memory", async () => {
    using connection = await rawConnection(attacked.server.url);
    connection.send(`${POST}Content-Length: 100000000\r\n\r\n${"b".repeat(64 * 1024)}`);
    await until("it is refused", async () => connection.received() !== "");
    expect(connection.received()).toMatch(/^HTTP\/1\.1 (405|413) /);
  });

  test("refuses an endless body in chunks", async () => {
    using connection = await rawConnection(attacked.server.url);
    const { socket } = connection;
    const chunk = `10000\r\n${"c".repeat(65_536)}\r\n`;
    let sent = 0;
    const pour = () => {
      while (!socket.destroyed && sent < 64 * 1024 * 1024) {
        sent += chunk.length;
        if (!socket.write(chunk)) return;
      }
    };
    socket.on("drain", pour);
    connection.send("POST /api/update HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
    pour();
    await until("it is refused", async () => connection.received() !== "");
    expect(connection.received()).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(attacked.residentMib()).toBeLessThan(256);
  });
});
