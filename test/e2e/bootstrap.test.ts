import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCountingProxy } from "../support/counting-proxy.ts";
import { devregBinary, runDevreg } from "../support/devreg.ts";
import { startDockerRegistry } from "../support/docker-registry.ts";
import { ownLoopback } from "../support/loopback.ts";

// Whole processes and their peers on a busy machine.
setDefaultTimeout(60_000);

const EXAMPLE = join(import.meta.dir, "../../examples/registry");
const work = mkdtempSync(join(tmpdir(), "devreg-e2e-bootstrap-"));
const build = join(work, "build");
const STACK_VERSIONS = 5;

beforeAll(async () => {
  const made = await runDevreg(["generate", EXAMPLE, "-o", build, "--no-network"]);
  expect(made.code).toBe(0);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe("devreg bootstrap", () => {
  test("loads two registries with equal digests, and a second run writes nothing", async () => {
    const peers = await Promise.all([startDockerRegistry(), startDockerRegistry()]);
    try {
      const reports = [];
      for (const { host } of peers) {
        const first = await runDevreg(["bootstrap", build, "--registry", host, "--format=json"]);
        expect(first.stderr).toBe("");
        expect(first.code).toBe(0);
        reports.push(JSON.parse(first.stdout));
      }
      expect(reports[0].pushed).toBe(STACK_VERSIONS);
      expect(reports[0].digests).toEqual(reports[1].digests);
      expect(reports.map(({ index }) => index)).toEqual(["pushed", "pushed"]);

      const proxy = await startCountingProxy(peers[0]?.host ?? "");
      const again = await runDevreg([
        "bootstrap",
        build,
        "--registry",
        proxy.host,
        "--format=json",
      ]);
      await proxy.stop();
      expect(JSON.parse(again.stdout)).toMatchObject({
        pushed: 0,
        unchanged: STACK_VERSIONS,
        bytes: 0,
        index: "unchanged",
      });
      expect(proxy.requests.filter(({ method }) => method !== "HEAD" && method !== "GET")).toEqual(
        [],
      );
      for (const [name, version] of [
        ["go-service", "1.0.0"],
        ["static-site", "1.0.0"],
      ]) {
        const asked = proxy.requests.filter(({ path }) =>
          path.includes(`devfile-catalog/${name}/`),
        );
        expect(asked.filter(({ path }) => path.endsWith(`/manifests/${version}`))).toHaveLength(1);
      }
      const stacks = proxy.requests.filter(({ path }) => path.includes("/devfile-catalog/"));
      expect(stacks).toHaveLength(STACK_VERSIONS);
    } finally {
      await Promise.all(peers.map((peer) => peer.stop()));
    }
  });

  test("keeps a prefix", async () => {
    const peer = await startDockerRegistry();
    try {
      const { code } = await runDevreg(["bootstrap", build, "--registry", `${peer.host}/team/reg`]);
      expect(code).toBe(0);
      const catalog = await (await fetch(`http://${peer.host}/v2/_catalog`)).json();
      expect(catalog).toEqual({
        repositories: [
          "team/reg/devfile-catalog/go-service",
          "team/reg/devfile-catalog/node-api",
          "team/reg/devfile-catalog/python-web",
          "team/reg/devfile-catalog/static-site",
          "team/reg/devreg/index",
        ],
      });
    } finally {
      await peer.stop();
    }
  });

  test("says what is missing when no registry is named", async () => {
    const { code, stderr } = await runDevreg(["bootstrap", build]);
    expect(code).toBe(1);
    expect(stderr).toContain("--registry is missing");
  });

  test("exits 5 when the registry stays away", async () => {
    const { code, stderr } = await runDevreg([
      "bootstrap",
      build,
      "--registry=127.0.0.1:1",
      "--wait=300ms",
    ]);
    expect(code).toBe(5);
    expect(stderr).toContain("127.0.0.1:1");
  });

  test("waits for a registry that comes up later", async () => {
    const first = await startDockerRegistry({ address: `${ownLoopback()}:0` });
    await first.stop();
    const running = runDevreg(["bootstrap", build, "--registry", first.host, "--wait=60s"]);
    const peer = await startDockerRegistry({ address: first.host });
    try {
      expect((await running).code).toBe(0);
    } finally {
      await peer.stop();
    }
  });

  test("exits 4 with wrong credentials and 0 with the right ones", async () => {
    const peer = await startDockerRegistry({ auth: { username: "ann", password: "right" } });
    try {
      const wrong = await runDevreg(["bootstrap", build, "--registry", peer.host], {
        env: { DEVREG_CREDS: "ann:wrong" },
      });
      expect(wrong.code).toBe(4);
      expect(wrong.stderr).not.toContain("wrong");
      const name = `DEVREG_AUTH_${peer.host.replace(/[^0-9]/g, "_")}`;
      const right = await runDevreg(["bootstrap", build, "--registry", peer.host], {
        env: { [name]: "ann:right" },
      });
      expect(right.code).toBe(0);
    } finally {
      await peer.stop();
    }
  });

  test("exits 130 when stopped on the way, publishes no index, and finishes when run again", async () => {
    const peer = await startDockerRegistry();
    // Slow enough that the signal lands between the first and the last request.
    const proxy = await startCountingProxy(peer.host, { delayMs: 30 });
    try {
      const child = Bun.spawn([devregBinary(), "bootstrap", build, "--registry", proxy.host], {
        stdout: "pipe",
        stderr: "pipe",
        env: { PATH: "/usr/bin:/bin" },
      });
      await proxy.firstWrite;
      child.kill("SIGTERM");
      expect(await child.exited).toBe(130);
      const index = await fetch(`http://${peer.host}/v2/devreg/index/manifests/latest`);
      expect(index.status).toBe(404);
      expect((await runDevreg(["bootstrap", build, "--registry", peer.host])).code).toBe(0);
      const after = await fetch(`http://${peer.host}/v2/devreg/index/manifests/latest`, {
        headers: { accept: "application/vnd.oci.image.manifest.v1+json" },
      });
      expect(after.status).toBe(200);
    } finally {
      await proxy.stop();
      await peer.stop();
    }
  });
});
