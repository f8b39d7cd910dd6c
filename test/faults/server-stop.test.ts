import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { createHash } from "node:crypto";
import { connect } from "node:net";
import { type Serving, startServe } from "../support/devreg.ts";
import { rawConnection } from "../support/raw-http.ts";
import { devfileText, registryRepository } from "../support/registry-repository.ts";
import { until } from "../support/until.ts";

// Whole processes, which may take ten seconds to stop.
setDefaultTimeout(60_000);

/** More than the buffers between two processes hold. */
const SIZE = 64 * 1024 * 1024;
const CONTENT = Buffer.alloc(SIZE, "a big extension ");
const FILE = "stacks/alpha/big.vsx";
async function serveBigFile() {
  const alpha = { name: "alpha", version: "1.0.0", displayName: "Alpha" };
  const folder = await registryRepository({
    "stacks/alpha/devfile.yaml": devfileText(alpha),
    [FILE]: CONTENT,
  });
  const server = await startServe([folder.path]);
  return {
    server,
    [Symbol.asyncDispose]: async () => {
      await server.stop("SIGKILL");
      await folder.remove();
    },
  };
}

/** Gives the address of the file as a blob of its stack version. */
async function blobPath({ url }: Serving): Promise<string> {
  const digest = createHash("sha256").update(CONTENT).digest("hex");
  const path = `/v2/devfile-catalog/alpha/blobs/sha256:${digest}`;
  expect((await fetch(`${url}${path}`, { method: "HEAD" })).status).toBe(200);
  return path;
}

/** Tells whether a new connection is refused. */
function isRefused({ url }: Serving): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.destroy();
      resolve(false);
    });
    socket.on("error", () => resolve(true));
  });
}

/** Begins a download and stops reading when its first bytes are there. */
async function beginDownload({ url }: Serving, path: string) {
  const connection = await rawConnection(url);
  connection.socket.once("data", () => connection.socket.pause());
  connection.send(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  await until("the download began", async () => connection.received() !== "");
  return connection;
}

describe("SIGTERM during transfers", () => {
  for (const kind of ["a file", "a blob"]) {
    test(`lets ${kind} finish, and refuses who is new`, async () => {
      await using world = await serveBigFile();
      const { server } = world;
      const path = kind === "a file" ? `/${FILE}` : await blobPath(server);
      using download = await beginDownload(server, path);
      const stopped = server.stop();
      await until("new connections are refused", () => isRefused(server));
      download.socket.resume();
      await download.closed;
      const text = download.received();
      expect(text).toMatch(/^HTTP\/1\.1 200 /);
      const body = Buffer.from(text.slice(text.indexOf("\r\n\r\n") + 4), "latin1");
      expect(unchunked(text, body).equals(CONTENT)).toBe(true);
      expect(await stopped).toBe(0);
    });
  }

  test("ends though a reader never goes on", async () => {
    await using world = await serveBigFile();
    const { server } = world;
    using download = await beginDownload(server, await blobPath(server));
    expect(await server.stop()).toBe(0);
    expect(download.received().length).toBeLessThan(SIZE);
  });

  test("does not wait for connections without a request", async () => {
    await using patient = await serveBigFile();
    await using world = await serveBigFile();
    const { server } = world;
    using _download = await beginDownload(patient.server, await blobPath(patient.server));
    using idle = await rawConnection(server.url);
    idle.send("GET /health HTTP/1.1\r\nHost: x\r\n\r\n");
    await until("it is answered", async () => idle.received().includes("up and running"));
    using _silent = await rawConnection(server.url);
    const last = patient.server.stop().then(() => "who waits for a reader");
    const first = server.stop();
    expect(await Promise.race([last, first])).toBe(0);
  });

  test("a second signal ends transfers at once", async () => {
    await using patient = await serveBigFile();
    await using world = await serveBigFile();
    const { server } = world;
    using _download = await beginDownload(patient.server, await blobPath(patient.server));
    using download = await beginDownload(server, await blobPath(server));
    const last = patient.server.stop().then(() => "who was told once");
    const first = server.stop();
    await until("new connections are refused", () => isRefused(server));
    process.kill(server.pid, "SIGTERM");
    expect(await Promise.race([last, first])).toBe(0);
    expect(download.received().length).toBeLessThan(SIZE);
  });
});

/** Takes the chunks of a body apart where it came in chunks. */
function unchunked(text: string, body: Buffer): Buffer {
  if (!/\r\ntransfer-encoding: chunked\r\n/i.test(text.slice(0, 2_000))) return body;
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = body.indexOf("\r\n", at);
    const size = Number.parseInt(body.subarray(at, end).toString("latin1"), 16);
    if (size === 0) return Buffer.concat(parts);
    parts.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
