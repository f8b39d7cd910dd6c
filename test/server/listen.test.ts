import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { silentLogger } from "../../src/log.ts";
import {
  type AppDeps,
  createMetricsApp,
  type Listening,
  type ListenOptions,
  listen,
} from "../../src/server/index.ts";
import { makeCertificate } from "../support/certificate.ts";
import { ownLoopback } from "../support/loopback.ts";
import { runProgram } from "../support/program.ts";
import { servedApp } from "../support/served-app.ts";

const HOST = "127.0.0.1";
const LONG_MS = 60_000;
const running: Listening[] = [];

function start(options: Partial<ListenOptions> & Pick<ListenOptions, "app">): Listening {
  const server = listen({ hostname: HOST, port: 0, log: silentLogger, ...options });
  running.push(server);
  return server;
}

const work = mkdtempSync(join(tmpdir(), "devreg-listen-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop(0)));
});

/** Gives the version of HTTP that curl and a server agree on, and the status. */
function agreedOn(url: string, ...options: string[]): Promise<string> {
  const shown = ["--write-out", "%{http_version} %{http_code}", "--output", "/dev/null"];
  return runProgram(["curl", "--silent", "--show-error", ...shown, ...options, `${url}/health`]);
}

/** An application whose answers wait until they are let go. */
function held() {
  const entered = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const app = new Hono().get("/", async (c) => {
    entered.resolve();
    await released.promise;
    return c.text("done");
  });
  return { app, entered: entered.promise, release: () => released.resolve() };
}

/** Sends one request as it stands and gives the answer's status line and body. */
function exchange(url: string, request: string): Promise<{ status: string; body: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), HOST, () => socket.write(request));
    let text = "";
    socket.setEncoding("utf8").on("data", (chunk) => {
      text += chunk;
    });
    socket.on("error", reject).on("close", () => {
      const [head = "", body = ""] = text.split("\r\n\r\n");
      resolve({ status: head.split(" ")[1] ?? "", body });
    });
  });
}

describe("the Host header", () => {
  test.each(["", "a b", "a/b", "x@y", "h?x#y", "[::1", "%zz", "evil.example:99999", '"><script>'])(
    "%j plays no part in what is answered",
    async (host) => {
      const { url } = start({ app: (await servedApp()).app });
      const ask = (path: string) =>
        exchange(url, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      expect((await ask("/health")).status).toBe("200");
      const tags = await ask("/v2/devfile-catalog/go/tags/list?n=1");
      expect(tags.status).toBe("200");
      expect(JSON.parse(tags.body)).toEqual({ name: "devfile-catalog/go", tags: ["1.0.0"] });
      expect((await ask("/elsewhere/index")).status).toBe("404");
    },
  );

  test("may be missing in HTTP/1.0, as in the probes of load balancers", async () => {
    const { url } = start({ app: (await servedApp()).app });
    expect((await exchange(url, "GET /health HTTP/1.0\r\n\r\n")).status).toBe("200");
  });
});

describe("listen()", () => {
  test("takes a free port and says which", async () => {
    const { app, metrics } = await servedApp();
    const side = { app: createMetricsApp(metrics), hostname: HOST, port: 0 };
    const server = start({ app, metrics: side });
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
    const health = await fetch(`${server.url}/health`);
    expect(await health.json()).toEqual({ message: "the server is up and running" });
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404);
    const exposed = await fetch(`${server.metricsUrl}/metrics`);
    expect(exposed.headers.get("content-type")).toStartWith("text/plain");
    expect(await exposed.text()).toContain("devreg_index_entries 3");
    expect((await fetch(`${server.metricsUrl}/index`)).status).toBe(404);
  });

  test("names the flag of a port that is taken, and holds none of the others", async () => {
    const { app } = await servedApp();
    const hostname = ownLoopback();
    const taken = start({ app, hostname });
    const port = Number(new URL(taken.url).port);
    expect(() => start({ app, hostname, port })).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: `Cannot listen on ${hostname}:${port}: the port is in use`,
        hint: expect.stringContaining("--listen"),
      }),
    );
    const free = start({ app, hostname });
    const freePort = Number(new URL(free.url).port);
    await free.stop(0);
    const metrics = { app, hostname, port };
    expect(() => start({ app, hostname, port: freePort, metrics })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("--metrics-listen") }),
    );
    expect(start({ app, hostname, port: freePort }).url).toEndWith(`:${freePort}`);
  });

  test("says in words that an address is not of this machine", async () => {
    const { app } = await servedApp();
    expect(() => start({ app, hostname: "192.0.2.1", port: 0 })).toThrow(
      "Cannot listen on 192.0.2.1:0: this machine has no such address",
    );
  });

  test("keeps the length of what HEAD asks for, and of what GET gets", async () => {
    const { app } = await servedApp();
    const { url } = start({ app });
    for (const path of ["/v2index/all", "/stacks/go/2.0.0/logo.svg", "/viewer"]) {
      const head = await fetch(url + path, { method: "HEAD" });
      const get = await fetch(url + path);
      const length = get.headers.get("content-length") ?? "none";
      expect(head.headers.get("content-length")).toBe(length);
      expect(Number(length)).toBeGreaterThan(0);
    }
  });

  test("survives what is no HTTP", async () => {
    const { app } = await servedApp();
    const { url } = start({ app });
    const { port } = new URL(url);
    for (const text of [
      "\0\0\0\r\n\r\n",
      "GET /\u00ff HTTP/9.9\r\n\r\n",
      "GET  HTTP/1.1\r\n\r\n",
    ]) {
      const socket = connect(Number(port), HOST);
      socket.end(text);
      await new Promise((resolve) => socket.on("close", resolve).resume());
    }
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });
});

describe("listen() with TLS", () => {
  const { certificate, key } = makeCertificate(work);
  const tls = { cert: readFileSync(certificate, "utf8"), key: readFileSync(key, "utf8") };

  test("speaks HTTP/2 to who offers it only when told to", async () => {
    const { app } = await servedApp();
    const plain = start({ app, tls });
    expect(await agreedOn(plain.url, "--http2", "--cacert", certificate)).toBe("1.1 200");
    const both = start({ app, tls, http2: true });
    expect(await agreedOn(both.url, "--http2", "--cacert", certificate)).toBe("2 200");
    expect(await agreedOn(both.url, "--http1.1", "--cacert", certificate)).toBe("1.1 200");
  });

  test("speaks HTTP/2 without TLS to who knows that it does", async () => {
    const { app } = await servedApp();
    const { url } = start({ app, http2: true });
    expect(await agreedOn(url, "--http2-prior-knowledge")).toBe("2 200");
    expect(await agreedOn(url)).toBe("1.1 200");
  });

  test("names the flags of a certificate that cannot be used", async () => {
    const { app } = await servedApp();
    for (const broken of [
      { cert: "no PEM", key: "no PEM" },
      { ...tls, key: "no PEM" },
    ]) {
      expect(() => start({ app, tls: broken })).toThrow(
        expect.objectContaining({
          code: "CONFIG_INVALID",
          message: expect.stringContaining("Cannot serve TLS"),
          hint: expect.stringContaining("--tls-cert"),
        }),
      );
    }
  });
});

describe("stop()", () => {
  test("lets requests under way finish and refuses new ones", async () => {
    const { app, entered, release } = held();
    const server = start({ app });
    const answer = fetch(server.url);
    await entered;
    const stopped = server.stop(LONG_MS);
    await expect(fetch(server.url)).rejects.toThrow();
    release();
    expect(await (await answer).text()).toBe("done");
    await stopped;
  });

  test("breaks off what takes longer than the deadline", async () => {
    const { app, entered, release } = held();
    const server = start({ app });
    const outcome = fetch(server.url).then(
      () => "answered",
      () => "broken off",
    );
    await entered;
    await server.stop(1);
    expect(await outcome).toBe("broken off");
    release();
  });
});

describe("a stream that fails half-way", () => {
  test("breaks the connection instead of ending the answer", async () => {
    const size = 8 * 1024 * 1024;
    const digest = `sha256:${"a".repeat(64)}` as const;
    async function* cut() {
      for (let i = 0; i < 4; i++) yield new Uint8Array(1024 * 1024);
      throw new Error("the registry behind went away");
    }
    const descriptor = { mediaType: "application/octet-stream", digest, size };
    const registry: AppDeps["registry"] = {
      repositories: async function* none() {},
      repository: () => ({
        exists: async () => true,
        fetch: async () => cut(),
        resolveBlob: async () => descriptor,
        resolve: async () => undefined,
        tags: async function* none() {},
        referrers: async function* none() {},
      }),
    };
    const { app } = await servedApp({ deps: { registry } });
    const { url } = start({ app });
    const curl = Bun.spawn(["curl", "-s", "-o", "/dev/null", `${url}/v2/big/blobs/${digest}`]);
    // 18: the transfer ended short; 56: the connection was reset.
    expect([18, 56]).toContain(await curl.exited);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });
});
