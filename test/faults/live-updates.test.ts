import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { createHmac } from "node:crypto";
import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startCountingProxy } from "../support/counting-proxy.ts";
import { runDevreg, type Serving } from "../support/devreg.ts";
import { startDockerRegistry } from "../support/docker-registry.ts";
import { killInUpdates } from "../support/live-kills.ts";
import {
  liveWorld,
  pullDevfile,
  reasonsOf,
  requestUpdate,
  SECRET,
  servedStacks,
  stackFiles,
} from "../support/live-world.ts";
import { openSmallMirror } from "../support/small-mirror.ts";
import { until } from "../support/until.ts";
import { sendWebhook } from "../support/webhooks.ts";

// Whole processes and their peers on a busy machine.
setDefaultTimeout(120_000);

const QUICK = "--follow-interval=200ms";
const MIB = 1024 * 1024;

/** Gives the most memory that a process had so far. */
function peakMib({ pid }: Serving): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

describe("live updates through faults", () => {
  test("an old image that is restarted beside three new replicas changes nothing", async () => {
    await using world = await liveWorld();
    const peer = await startDockerRegistry();
    const proxy = await startCountingProxy(peer.host);
    try {
      const old = join(world.folder.path, "old");
      expect((await runDevreg(["generate", world.source, "-o", old])).code).toBe(0);
      const newest = await world.commit({ ...stackFiles("alpha", "new"), "stacks/beta": null });
      const image = join(world.folder.path, "new");
      expect((await runDevreg(["generate", world.source, "-o", image])).code).toBe(0);
      const flags = ["--registry", peer.host, "--webhook-secret-file", world.secretFile, QUICK];
      const replicas = await Promise.all(
        Array.from({ length: 3 }, () => world.serve(image, "--source", world.source, ...flags)),
      );
      const shown = async () => await Promise.all(replicas.map(servedStacks));
      for (const replica of replicas) {
        await until("it is well", async () => (await reasonsOf(replica)) === "");
      }
      const sourced = ["--source", world.source];
      for (const more of [[], sourced, [...sourced, "--data-dir", join(old, "..", "data")]]) {
        const late = await world.serve(old, "--registry", proxy.host, QUICK, ...more);
        await until("it serves what is new", async () => {
          return (await servedStacks(late)).join() === "alpha new";
        });
        const answer = await fetch(`${late.url}/v2index`);
        expect(answer.headers.get("x-devfile-registry-revision")).toBe(newest);
        await late.stop();
      }
      const writes = proxy.requests.filter(({ method }) => !["GET", "HEAD"].includes(method));
      expect(writes).toEqual([]);
      expect(await shown()).toEqual([["alpha new"], ["alpha new"], ["alpha new"]]);
    } finally {
      await proxy.stop();
      await peer.stop();
    }
  });

  test("a server that is killed in updates leaves and begins with nothing half", async () => {
    await killInUpdates({ seed: 3, rounds: 6 });
  });

  test("a source that is down is named, the server serves on and goes on by itself", async () => {
    await using world = await liveWorld();
    const flags = ["--source", world.source, "--webhook-secret-file", world.secretFile];
    const server = await world.serve(...flags);
    await until("it serves", async () => (await servedStacks(server)).length === 2);
    await world.stopGit();
    const commit = await world.commit(stackFiles("alpha", "second"));
    const answer = await sendWebhook(server.url, "github", { source: world.source, commit });
    expect(answer.status).toBe(502);
    expect(answer.state).toBe("failed");
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
    expect(await reasonsOf(server)).toContain("source: ");
    expect(await servedStacks(server)).toEqual(["alpha first", "beta first"]);
    expect(await pullDevfile(server.url, "alpha")).toContain("description: first");
    world.startGit();
    await until("it goes on", async () => (await servedStacks(server)).includes("alpha second"));
    expect(await reasonsOf(server)).toBe("");
  });

  test("a registry that lost its volume beneath three replicas is full again", async () => {
    await using world = await liveWorld();
    const dir = join(world.folder.path, "storage");
    const peer = await startDockerRegistry({ dir });
    try {
      const flags = ["--source", world.source, "--registry", peer.host, QUICK];
      const replicas = await Promise.all(Array.from({ length: 3 }, () => world.serve(...flags)));
      for (const replica of replicas) {
        await until("it serves", async () => (await reasonsOf(replica)) === "");
      }
      rmSync(join(dir, "docker"), { recursive: true });
      await until("the registry is full", async () => {
        const pulled = await Promise.all(
          ["alpha", "beta"].map((name) => pullDevfile(peer.host, name)),
        );
        const index = await fetch(`http://${peer.host}/v2/devreg/index/manifests/latest`, {
          headers: { accept: "application/vnd.oci.image.manifest.v1+json" },
        });
        return pulled.every((devfile) => devfile?.includes("first")) && index.ok;
      });
      for (const replica of replicas) {
        await until("it is well", async () => (await reasonsOf(replica)) === "");
        expect(await servedStacks(replica)).toEqual(["alpha first", "beta first"]);
      }
    } finally {
      await peer.stop();
    }
  });

  test("a second load of a mirror shows in a server that follows, without a restart", async () => {
    await using mirror = await openSmallMirror();
    await Promise.all([mirror.push("team/one:1"), mirror.push("team/two:1")]);
    const target = `${mirror.target.host}/devfiles`;
    const bring = async (bundle: string, stacks: Readonly<Record<string, readonly string[]>>) => {
      const saved = await mirror.save(await mirror.write("registry", stacks), bundle);
      expect(saved.code, saved.stderr).toBe(0);
      const loaded = await mirror.run("load", bundle, "--to", target);
      expect(loaded.code, loaded.stderr).toBe(0);
    };
    await using world = await liveWorld();
    await bring("first.tar", { one: [mirror.image("team/one:1")] });
    const server = await world.serve("--follow", target, QUICK);
    const names = async () => (await servedStacks(server)).map((line) => line.split(" ")[0]);
    await until("it serves the first", async () => (await names()).join() === "one");
    await bring("second.tar", { two: [mirror.image("team/two:1")] });
    await until("it serves the second", async () => (await names()).join() === "one,two");
    expect(await pullDevfile(server.url, "two")).toContain(mirror.mirrored("devfiles", "team/two"));
    expect(await (await fetch(`${server.url}/devfiles/two`)).text()).toContain(mirror.target.host);
    expect(await reasonsOf(server)).toBe("");
  });
});

describe("POST /api/update through faults", () => {
  test("does not exist without a secret, and takes the one that its file has now", async () => {
    await using world = await liveWorld();
    const plain = await world.serve("--source", world.source);
    await until("it serves", async () => (await servedStacks(plain)).length === 2);
    expect((await fetch(`${plain.url}/api/update`, { method: "POST" })).status).toBe(404);
    const flags = ["--source", world.source, "--webhook-secret-file", world.secretFile];
    const server = await world.serve(...flags);
    await until("it serves", async () => (await servedStacks(server)).length === 2);
    expect((await fetch(`${server.url}/api/update`)).status).toBe(405);
    expect(await requestUpdate(server)).toMatchObject({ status: 200, state: "unchanged" });
    writeFileSync(world.secretFile, "another one\n");
    await until("the new secret counts", async () => {
      return (await requestUpdate(server, {}, "another one")).status === 200;
    });
    expect((await requestUpdate(server)).status).toBe(401);
  });

  test("refuses what is signed wrong, too old or sent twice, and says no more than that", async () => {
    await using world = await liveWorld();
    const flags = ["--source", world.source, "--webhook-secret-file", world.secretFile];
    const server = await world.serve(...flags);
    await until("it serves", async () => (await servedStacks(server)).length === 2);
    await world.commit(stackFiles("alpha", "second"));
    const send = async (seconds: number, secret: string) => {
      const body = "{}";
      const signed = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
      const answer = await fetch(`${server.url}/api/update`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-devreg-timestamp": String(seconds),
          "x-devreg-signature-256": `sha256=${signed}`,
        },
        body,
      });
      return [answer.status, await answer.text()];
    };
    const now = Math.floor(Date.now() / 1000);
    const refused = [401, JSON.stringify({ status: "the signature is missing or wrong" })];
    expect(await send(now, "wrong")).toEqual(refused);
    // A clock that is off by more than the window is a clock that one should know of.
    for (const away of [-600, 600]) expect(await send(now + away, SECRET)).toEqual(refused);
    expect(await servedStacks(server)).toContain("alpha first");
    await until("the log says why", async () =>
      server.log().includes("X-Devreg-Timestamp is not of now"),
    );
    expect((await send(now, SECRET))[0]).toBe(200);
    expect(await servedStacks(server)).toContain("alpha second");
    expect(await send(now, SECRET)).toEqual(refused);
  });

  test("does not read a body of 100 MB, nor keep it in memory", async () => {
    await using world = await liveWorld();
    const flags = ["--source", world.source, "--webhook-secret-file", world.secretFile];
    const server = await world.serve(...flags);
    await until("it serves", async () => (await servedStacks(server)).length === 2);
    const file = join(world.folder.path, "large");
    writeFileSync(file, "");
    truncateSync(file, 100 * MIB);
    const beforeMib = peakMib(server);
    for (const header of ["X-A: b", "Transfer-Encoding: chunked"]) {
      const command = [
        ...["curl", "-s", "-X", "POST", "-T", file, "-o", "/dev/null", "-w", "%{http_code}"],
        ...["-H", header, "-H", "Expect:", `${server.url}/api/update`],
      ];
      const child = Bun.spawn(command, { stdout: "pipe", stderr: "ignore" });
      // The connection is closed while curl still sends, so it may not see the answer.
      expect(["413", "000"]).toContain(await child.stdout.text());
    }
    const head = `POST /api/update HTTP/1.1\r\nHost: x\r\nContent-Length: ${100 * MIB}\r\n\r\n`;
    const answer = Promise.withResolvers<string>();
    const { hostname, port } = new URL(server.url);
    const socket = await Bun.connect({
      hostname,
      port: Number(port),
      socket: { data: (_, bytes) => answer.resolve(bytes.toString()) },
    });
    socket.write(head);
    expect(await answer.promise).toStartWith("HTTP/1.1 413 ");
    socket.end();
    expect(peakMib(server) - beforeMib).toBeLessThan(32);
    expect(await requestUpdate(server)).toMatchObject({ status: 200, state: "unchanged" });
  });
});
