import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProxyOptions, startCountingProxy } from "../support/counting-proxy.ts";
import { devregBinary, runDevreg } from "../support/devreg.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";

setDefaultTimeout(60_000);

const EXAMPLE = join(import.meta.dir, "../../examples/registry");
const work = mkdtempSync(join(tmpdir(), "devreg-faults-"));
const build = join(work, "build");
const ACCEPT = { accept: "application/vnd.oci.image.manifest.v1+json" };

beforeAll(async () => {
  const made = await runDevreg(["generate", EXAMPLE, "-o", build, "--no-network"]);
  expect(made.code).toBe(0);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

async function throughFault(
  fault: ProxyOptions["fault"],
  check: (run: {
    peer: DockerRegistry;
    host: string;
    bootstrap: () => ReturnType<typeof runDevreg>;
  }) => Promise<void>,
): Promise<void> {
  const peer = await startDockerRegistry();
  const proxy = await startCountingProxy(peer.host, fault === undefined ? {} : { fault });
  try {
    const { host } = proxy;
    const bootstrap = () =>
      runDevreg(["bootstrap", build, "--registry", host, "--format=json", "--wait=5s"]);
    await check({ peer, host, bootstrap });
  } finally {
    await proxy.stop();
    await peer.stop();
  }
}

const statusOf = async (peer: DockerRegistry, path: string) =>
  (await fetch(`http://${peer.host}/v2/${path}`, { headers: ACCEPT })).status;

describe("devreg bootstrap through faults", () => {
  const passing: readonly [string, NonNullable<ProxyOptions["fault"]>][] = [
    [
      "a 503 on the first request for each manifest",
      ({ method, path }, seen) =>
        method === "HEAD" && path.includes("/manifests/") && seen === 0
          ? new Response(null, { status: 503, headers: { "content-length": "0" } })
          : undefined,
    ],
    [
      "a 429 with Retry-After on the first PUT of each manifest",
      ({ method, path }, seen) =>
        method === "PUT" && path.includes("/manifests/") && seen === 0
          ? new Response("slow down", { status: 429, headers: { "retry-after": "1" } })
          : undefined,
    ],
    [
      "a registry that does not see content the first time it is named",
      ({ method, path }, seen) =>
        method === "PUT" && path.includes("/manifests/") && seen === 0
          ? new Response(JSON.stringify({ errors: [{ code: "MANIFEST_BLOB_UNKNOWN" }] }), {
              status: 400,
              headers: { "content-type": "application/json" },
            })
          : undefined,
    ],
    [
      "a 502 on each first POST of an upload",
      ({ method }, seen) =>
        method === "POST" && seen === 0 ? new Response("bad gateway", { status: 502 }) : undefined,
    ],
  ];
  for (const [what, fault] of passing) {
    test(`gets over ${what}`, async () => {
      await throughFault(fault, async ({ peer, bootstrap }) => {
        const { code, stdout } = await bootstrap();
        expect(code).toBe(0);
        expect(JSON.parse(stdout)).toMatchObject({ pushed: 5, failures: [], index: "pushed" });
        expect(await statusOf(peer, "devfile-catalog/go-service/manifests/1.1.0")).toBe(200);
        expect(await statusOf(peer, "devreg/index/manifests/latest")).toBe(200);
      });
    });
  }

  test("a stack that is refused is named, the others are complete, the index is kept back", async () => {
    const denied = JSON.stringify({ errors: [{ code: "DENIED", message: "quota" }] });
    const refuse: ProxyOptions["fault"] = ({ method, path }) =>
      method === "PUT" && path.includes("/static-site/manifests/")
        ? new Response(denied, { status: 400, headers: { "content-type": "application/json" } })
        : undefined;
    await throughFault(refuse, async ({ peer, bootstrap }) => {
      const { code, stdout } = await bootstrap();
      expect(code).toBe(2);
      const report = JSON.parse(stdout);
      expect(report).toMatchObject({ pushed: 4, index: "kept-back" });
      expect(report.failures).toHaveLength(1);
      expect(report.failures[0].name).toBe("devfile-catalog/static-site:1.0.0");
      expect(await statusOf(peer, "devreg/index/manifests/latest")).toBe(404);
      expect(await statusOf(peer, "devfile-catalog/node-api/manifests/3.0.1")).toBe(200);
    });
  });

  test("a registry that refuses every write is exit 4 and leaves nothing", async () => {
    const forbid: ProxyOptions["fault"] = ({ method }) =>
      method === "POST" || method === "PUT" ? new Response("no", { status: 403 }) : undefined;
    await throughFault(forbid, async ({ peer, bootstrap }) => {
      expect((await bootstrap()).code).toBe(4);
      const catalog = await (await fetch(`http://${peer.host}/v2/_catalog`)).json();
      expect(catalog).toEqual({ repositories: [] });
    });
  });

  test("a registry that falls silent does not outlast a request to stop", async () => {
    const asked = Promise.withResolvers<void>();
    const silent = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      idleTimeout: 0,
      fetch: (request) => {
        if (new URL(request.url).pathname === "/v2/") return new Response("{}");
        asked.resolve();
        return new Promise<Response>(() => undefined);
      },
    });
    const child = Bun.spawn(
      [devregBinary(), "bootstrap", build, "--registry", `127.0.0.1:${silent.port}`],
      { stdout: "pipe", stderr: "pipe", env: { PATH: "/usr/bin:/bin" } },
    );
    await asked.promise;
    child.kill("SIGINT");
    expect(await child.exited).toBe(130);
    expect(await child.stderr.text()).toContain("It is safe to run it again");
    await silent.stop(true);
  });

  test("an upload location on another host gets the bytes but never the credentials", async () => {
    const seen: (string | null)[] = [];
    const elsewhere = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: (request) => {
        seen.push(request.headers.get("authorization"));
        return new Response(null, { status: 500 });
      },
    });
    const steer: ProxyOptions["fault"] = ({ method }) =>
      method === "POST"
        ? new Response(null, {
            status: 202,
            headers: { location: `http://127.0.0.1:${elsewhere.port}/upload?state=x` },
          })
        : undefined;
    await throughFault(steer, async ({ host }) => {
      const run = await runDevreg(["bootstrap", build, "--registry", host, "--wait=1s"], {
        env: { DEVREG_CREDS: "ann:canary-token" },
      });
      expect(run.code).not.toBe(0);
      expect(seen.length).toBeGreaterThan(0);
      expect(new Set(seen)).toEqual(new Set([null]));
      expect(run.stdout + run.stderr).not.toContain("canary-token");
    });
    await elsewhere.stop(true);
  });
});
