import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { startCountingProxy } from "../support/counting-proxy.ts";
import { runDevreg } from "../support/devreg.ts";
import { startDockerRegistry } from "../support/docker-registry.ts";
import {
  type LiveWorld,
  liveWorld,
  pullDevfile,
  reasonsOf,
  requestUpdate,
  servedStacks,
  stackFiles,
} from "../support/live-world.ts";
import { ownLoopback } from "../support/loopback.ts";
import { smallVolume } from "../support/small-volume.ts";
import { until } from "../support/until.ts";

// Whole processes and their peers on a busy machine.
setDefaultTimeout(120_000);

const BOTH = ["alpha first", "beta first"];
const QUICK = "--follow-interval=200ms";
const SLOW = "--follow-interval=1h";

function sharing(world: LiveWorld, host: string): string[] {
  const source = ["--source", world.source, "--webhook-secret-file", world.secretFile];
  return [...source, "--registry", host, QUICK];
}

async function isServed(world: LiveWorld, args: readonly string[]) {
  const server = await world.serve(...args);
  await until("it serves", async () => (await servedStacks(server)).length >= 2);
  return server;
}

describe("devreg serve --source --registry", () => {
  test("serves on while the registry is down, and goes on when it is back", async () => {
    await using world = await liveWorld();
    const dir = join(world.folder.path, "storage");
    const peer = await startDockerRegistry({ dir, address: `${ownLoopback()}:0` });
    const server = await isServed(world, sharing(world, peer.host));
    await until("all is well", async () => (await reasonsOf(server)) === "");
    await peer.stop();
    const commit = await world.commit(stackFiles("alpha", "second"));
    const failed = await requestUpdate(server, { commit });
    expect(failed.state).toBe("failed");
    expect([502, 503]).toContain(failed.status);
    expect(await servedStacks(server)).toEqual(BOTH);
    expect(await pullDevfile(server.url, "alpha")).toContain("description: first");
    expect(await reasonsOf(server)).toContain("registry: ");
    const back = await startDockerRegistry({ dir, address: peer.host });
    try {
      await until("it goes on", async () => (await servedStacks(server)).includes("alpha second"));
      expect(await pullDevfile(back.host, "alpha")).toContain("description: second");
      await until("all is well again", async () => (await reasonsOf(server)) === "");
    } finally {
      await back.stop();
    }
  });

  test("repairs a registry that lost its volume, also one that only the source can fill", async () => {
    await using world = await liveWorld();
    const dir = join(world.folder.path, "storage");
    const wipe = () => rmSync(join(dir, "docker"), { recursive: true });
    const peer = await startDockerRegistry({ dir });
    try {
      const one = await isServed(world, sharing(world, peer.host));
      wipe();
      const isThere = async () => (await pullDevfile(peer.host, "beta"))?.includes("name: beta");
      await until("it is full again", async () => (await isThere()) === true);
      const two = await isServed(world, sharing(world, peer.host));
      await until("the second adopted it", async () => (await reasonsOf(two)) === "");
      await one.stop();
      wipe();
      await until("it is full once more", async () => (await isThere()) === true);
      expect(await servedStacks(two)).toEqual(BOTH);
      await until("all is well", async () => (await reasonsOf(two)) === "");
    } finally {
      await peer.stop();
    }
  });

  test("names a registry that is read-only, and serves what is there", async () => {
    await using world = await liveWorld();
    const dir = join(world.folder.path, "storage");
    const first = await startDockerRegistry({ dir });
    await (await isServed(world, sharing(world, first.host))).stop();
    await first.stop();
    const peer = await startDockerRegistry({ dir, readonly: true });
    try {
      const server = await isServed(world, sharing(world, peer.host));
      const commit = await world.commit(stackFiles("alpha", "second"));
      expect(await requestUpdate(server, { commit })).toMatchObject({ state: "failed" });
      expect(await reasonsOf(server)).toContain("registry: ");
      expect(await servedStacks(server)).toEqual(BOTH);
    } finally {
      await peer.stop();
    }
  });

  test("an older build that is started beside it changes nothing and serves the newer index", async () => {
    await using world = await liveWorld();
    const old = join(world.folder.path, "old");
    const made = await runDevreg(["generate", world.source, "-o", old]);
    expect(made.stderr).not.toContain("Error");
    const peer = await startDockerRegistry();
    try {
      await world.commit(stackFiles("alpha", "second"));
      const server = await isServed(world, sharing(world, peer.host));
      const proxy = await startCountingProxy(peer.host);
      for (const flags of [["--registry", proxy.host], sharing(world, proxy.host)]) {
        const late = await world.serve(old, ...flags);
        await until("it serves the newer", async () =>
          (await servedStacks(late)).includes("alpha second"),
        );
        await late.stop();
      }
      expect(proxy.requests.filter(({ method }) => !/^(GET|HEAD)$/.test(method))).toEqual([]);
      expect(await servedStacks(server)).toContain("alpha second");
      await proxy.stop();
    } finally {
      await peer.stop();
    }
  });

  test("two replicas that update at once agree", async () => {
    await using world = await liveWorld();
    const peer = await startDockerRegistry();
    try {
      const flags = sharing(world, peer.host);
      const [one, two] = await Promise.all([isServed(world, flags), isServed(world, flags)]);
      for (const note of ["a", "b", "c", "d"]) {
        const older = await world.commit(stackFiles("alpha", `${note}1`));
        const newer = await world.commit(stackFiles("alpha", `${note}2`));
        await Promise.all([
          requestUpdate(one, { commit: older }),
          requestUpdate(two, { commit: newer }),
        ]);
        await until("both have the newer", async () => {
          const shown = [...(await servedStacks(one)), ...(await servedStacks(two))];
          return shown.filter((line) => line === `alpha ${note}2`).length === 2;
        });
        expect(await pullDevfile(peer.host, "alpha")).toContain(`description: ${note}2`);
      }
    } finally {
      await peer.stop();
    }
  });

  test("a server killed in an update leaves nothing half published", async () => {
    await using world = await liveWorld();
    const peer = await startDockerRegistry();
    try {
      const data = ["--data-dir", join(world.folder.path, "data")];
      for (let round = 0; round < 8; round += 1) {
        const reached = Promise.withResolvers<void>();
        let left = Number.POSITIVE_INFINITY;
        const fault = () => {
          left -= 1;
          if (left === 0) reached.resolve();
          return undefined;
        };
        const proxy = await startCountingProxy(peer.host, { fault });
        const flags = sharing(world, proxy.host).map((flag) => flag.replace(QUICK, SLOW));
        const server = await isServed(world, [...flags, ...data]);
        await until("all is well", async () => (await reasonsOf(server)) === "");
        const note = `round ${round}`;
        await world.commit({ ...stackFiles("alpha", note), ...stackFiles(`more-${round}`) });
        left = 4 * round + 2;
        const update = requestUpdate(server).catch(() => undefined);
        await reached.promise;
        await server.stop("SIGKILL");
        await update;
        await proxy.stop();
        const index = await fetch(`http://${peer.host}/v2/devreg/index/tags/list`);
        expect(index.status).toBe(200);
        const follower = await isServed(world, ["--follow", peer.host, QUICK]);
        for (const line of await servedStacks(follower)) {
          const [name = ""] = line.split(" ");
          expect(await pullDevfile(follower.url, name)).toContain(`name: ${name}`);
        }
        await follower.stop();
      }
    } finally {
      await peer.stop();
    }
  });
});

describe("devreg serve --data-dir", () => {
  test("serves what it served last when source and registry are down", async () => {
    await using world = await liveWorld();
    const peer = await startDockerRegistry();
    const kept = join(world.folder.path, "kept");
    const followed = join(world.folder.path, "followed");
    const flags = sharing(world, peer.host);
    await (await isServed(world, [...flags, "--data-dir", kept])).stop();
    const follow = ["--follow", peer.host, QUICK, "--data-dir", followed];
    await (await isServed(world, follow)).stop();
    await peer.stop();
    world.stopGit();
    for (const args of [[...flags, "--data-dir", kept], follow]) {
      const server = await world.serve(...args);
      expect(await servedStacks(server)).toEqual(BOTH);
      expect(await pullDevfile(server.url, "beta")).toContain("name: beta");
      expect((await fetch(`${server.url}/devfiles/alpha`)).status).toBe(200);
      await until("it says so", async () => (await reasonsOf(server)).includes("follow: "));
      await server.stop();
    }
    world.startGit();
  });

  test("says that the disk is full and serves on", async () => {
    await using world = await liveWorld();
    await using volume = await smallVolume(256 * 1024);
    const flags = ["--source", world.source, "--webhook-secret-file", world.secretFile];
    const server = await isServed(world, [...flags, "--data-dir", volume.path]);
    expect(await reasonsOf(server)).toBe("");
    const large = Buffer.alloc(512 * 1024, "0123456789abcdef").toString("base64");
    await world.commit({ "stacks/alpha/large.txt": large });
    expect(await requestUpdate(server)).toMatchObject({ state: "updated" });
    expect(await reasonsOf(server)).toContain("data: ");
    await world.commit({ "stacks/alpha/large.txt": null, ...stackFiles("alpha", "second") });
    expect(await requestUpdate(server)).toMatchObject({ state: "updated" });
    expect(await servedStacks(server)).toContain("alpha second");
    expect(await reasonsOf(server)).toBe("");
    await server.stop();
    expect(readdirSync(volume.path).sort()).toEqual(["data.json", "generation"]);
  });
});

describe("devreg serve --follow", () => {
  test("runs with no source and no build, and shows what is published without a restart", async () => {
    await using world = await liveWorld();
    const peer = await startDockerRegistry();
    try {
      const follower = await world.serve("--follow", `${peer.host}/team`, QUICK);
      expect(await servedStacks(follower)).toEqual(["503"]);
      await until("the reason is told", async () => (await reasonsOf(follower)).includes("follow"));
      const publish = () =>
        runDevreg(["bootstrap", world.source, "--registry", `${peer.host}/team`]);
      expect((await publish()).code).toBe(0);
      await until("it serves", async () => (await servedStacks(follower)).length === 2);
      expect(await pullDevfile(follower.url, "alpha")).toContain("name: alpha");
      const devfile = await (await fetch(`${follower.url}/devfiles/alpha`)).text();
      expect(devfile).toContain("name: alpha");
      await world.commit(stackFiles("gamma"));
      expect((await publish()).code).toBe(0);
      await until("it serves the new one", async () => (await servedStacks(follower)).length === 3);
      expect(await reasonsOf(follower)).toBe("");
    } finally {
      await peer.stop();
    }
  });
});
