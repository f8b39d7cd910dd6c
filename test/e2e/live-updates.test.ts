import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { startCountingProxy } from "../support/counting-proxy.ts";
import { startDockerRegistry } from "../support/docker-registry.ts";
import { jsonOf } from "../support/json-of.ts";
import {
  liveWorld,
  pullDevfile,
  reasonsOf,
  requestUpdate,
  servedStacks,
  stackFiles,
} from "../support/live-world.ts";
import { until } from "../support/until.ts";

// Whole processes and their peers on a busy machine.
setDefaultTimeout(120_000);

/** One of the updates that /info tells of. */
interface UpdateTold {
  readonly asked_by: readonly string[];
  readonly state: string;
}

const BOTH = ["alpha first", "beta first"];

describe("devreg serve --source", () => {
  test("listens at once, and serves what it fetched", async () => {
    await using world = await liveWorld();
    world.stopGit();
    const server = await world.serve("--source", world.source);
    const answer = await fetch(`${server.url}/v2index`);
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).not.toBeNull();
    await until("the reason is told", async () => (await reasonsOf(server)).includes("source: "));
    world.startGit();
    await until("it serves", async () => (await servedStacks(server)).length === 2);
    expect(await servedStacks(server)).toEqual(BOTH);
    const revision = (await fetch(`${server.url}/v2index`)).headers.get(
      "x-devfile-registry-revision",
    );
    expect(revision).toBe(world.git("rev-parse", "main"));
    expect(await reasonsOf(server)).toBe("");
  });

  test("brings what is merged into two replicas and the registry, and nothing else", async () => {
    await using world = await liveWorld();
    const peer = await startDockerRegistry();
    const proxy = await startCountingProxy(peer.host);
    try {
      const flags = ["--source", world.source, "--webhook-secret-file", world.secretFile];
      const shared = [...flags, "--registry", proxy.host, "--follow-interval=200ms"];
      const one = await world.serve(...shared);
      await until("the first serves", async () => (await servedStacks(one)).length === 2);
      const two = await world.serve(...shared);
      await until("the second serves", async () => (await servedStacks(two)).length === 2);
      // What it begins with is an update of its own, which would push the next commit as well.
      expect(await requestUpdate(two)).toMatchObject({ state: "unchanged" });
      const tag = (await fetch(`${two.url}/devfiles/beta`)).headers.get("etag");

      const added = await world.commit({
        ...stackFiles("alpha", "changed"),
        ...stackFiles("gamma"),
      });
      const before = proxy.requests.length;
      const answer = await requestUpdate(one, { commit: added });
      expect(answer).toMatchObject({ status: 200, state: "updated", generation: added });
      expect(answer.changed).toEqual({
        added: ["gamma:1.0.0"],
        changed: ["alpha:1.0.0"],
        removed: [],
      });
      const now = ["alpha changed", "beta first", "gamma first"];
      expect(await servedStacks(one)).toEqual(now);
      await until("the other follows", async () => (await servedStacks(two)).length === 3);
      expect(await servedStacks(two)).toEqual(now);
      const requests = proxy.requests.slice(before);
      expect(requests.filter(({ path }) => path.includes("/beta/"))).toEqual([]);
      const puts = requests.filter(
        ({ method, path }) => method === "PUT" && path.includes("/manifests/"),
      );
      expect(puts.map(({ path }) => path.replace("/v2/", "")).sort()).toEqual([
        "devfile-catalog/alpha/manifests/1.0.0",
        "devfile-catalog/gamma/manifests/1.0.0",
        `devreg/index/manifests/${added}`,
        "devreg/index/manifests/latest",
      ]);
      for (const host of [one.url, two.url, peer.host]) {
        expect(await pullDevfile(host, "alpha")).toContain("description: changed");
        expect(await pullDevfile(host, "gamma")).toContain("name: gamma");
      }
      const after = await fetch(`${two.url}/devfiles/beta`, {
        headers: { "if-none-match": tag ?? "" },
      });
      expect(after.status).toBe(304);

      const removed = await world.commit({ "stacks/gamma": null });
      expect(await requestUpdate(two)).toMatchObject({ state: "updated", generation: removed });
      await until("it is gone everywhere", async () => (await servedStacks(one)).length === 2);
    } finally {
      await proxy.stop();
      await peer.stop();
    }
  });

  test("lets what left the index be pulled by its digest", async () => {
    await using world = await liveWorld();
    const flags = ["--source", world.source, "--webhook-secret-file", world.secretFile];
    const server = await world.serve(...flags);
    await until("it serves", async () => (await servedStacks(server)).length === 2);
    const manifest = `${server.url}/v2/devfile-catalog/beta/manifests`;
    const digest = (await fetch(`${manifest}/1.0.0`)).headers.get("docker-content-digest") ?? "";
    await world.commit({ "stacks/beta": null, ...stackFiles("alpha", "second") });
    expect(await requestUpdate(server)).toMatchObject({
      state: "updated",
      changed: { added: [], changed: ["alpha:1.0.0"], removed: ["beta:1.0.0"] },
    });
    expect((await fetch(`${manifest}/1.0.0`)).status).toBe(404);
    expect(await pullDevfile(server.url, "beta", digest)).toContain("name: beta");
  });

  test("keeps the old generation when a commit is broken, and says why", async () => {
    await using world = await liveWorld();
    const flags = ["--source", world.source, "--webhook-secret-file", world.secretFile];
    const server = await world.serve(...flags, "--poll=200ms");
    await until("it serves", async () => (await servedStacks(server)).length === 2);
    await world.commit({ "stacks/beta/devfile.yaml": "a: [\n" });
    const answer = await requestUpdate(server);
    expect(answer.status).toBe(422);
    expect(answer.state).toBe("failed");
    expect(answer.reasons?.join()).toMatch(/stacks\/beta\/devfile\.yaml:\d+/);
    expect(await servedStacks(server)).toEqual(BOTH);
    const ready = await fetch(`${server.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await reasonsOf(server)).toContain("source: stacks/beta/devfile.yaml");
    await world.commit(stackFiles("beta", "mended"));
    await until("polling finds the next commit", async () =>
      (await servedStacks(server)).includes("beta mended"),
    );
    expect(await reasonsOf(server)).toBe("");
    const info = await jsonOf(await fetch(`${server.url}/info`));
    const updates: readonly UpdateTold[] = info.updates;
    expect(updates[0]).toMatchObject({ asked_by: ["poll"], state: "updated" });
    expect(updates.at(-1)).toMatchObject({ asked_by: ["start"], state: "updated" });
    const asked = updates.find(({ asked_by }) => asked_by.includes("command"));
    expect(asked).toMatchObject({ state: "failed", before: info.updates.at(-1).after });
    expect(info.last_update.state).toBe("updated");
    expect(info.looks).toMatchObject([{ of: "source", next: expect.any(String) }]);
  });

  test("stays degraded no longer than its source is away, though nothing is merged", async () => {
    await using world = await liveWorld();
    const server = await world.serve("--source", world.source, "--poll=200ms");
    await until("it serves", async () => (await servedStacks(server)).length === 2);
    await until("all is well", async () => (await reasonsOf(server)) === "");
    world.stopGit();
    await until("it is told", async () => (await reasonsOf(server)).includes("source: "));
    world.startGit();
    await until("all is well again", async () => (await reasonsOf(server)) === "");
  });

  test("refuses an older commit unless forced, and stays there until something is merged", async () => {
    await using world = await liveWorld();
    const first = world.git("rev-parse", "main");
    const peer = await startDockerRegistry();
    try {
      const flags = ["--source", world.source, "--webhook-secret-file", world.secretFile];
      const shared = [...flags, "--registry", peer.host, "--follow-interval=200ms", "--poll=200ms"];
      const one = await world.serve(...shared);
      const two = await world.serve(...shared);
      const second = await world.commit(stackFiles("alpha", "second"));
      await requestUpdate(one);
      const all = [one, two];
      const shown = async () => (await Promise.all(all.map(servedStacks))).flat();
      const isAt = (note: string) => async () =>
        (await shown()).filter((line) => line === `alpha ${note}`).length === all.length;
      await until("both have it", isAt("second"));

      const refused = await requestUpdate(one, { commit: first });
      expect(refused).toMatchObject({ status: 409, state: "refused", generation: second });
      const unsigned = await requestUpdate(one, { commit: first, force: true }, "wrong");
      expect(unsigned.status).toBe(401);
      expect(await shown()).toContain("alpha second");

      const forced = await requestUpdate(one, { commit: first, force: true });
      expect(forced).toMatchObject({ status: 200, state: "updated", generation: first });
      await until("both stepped back", isAt("first"));
      expect(await requestUpdate(two)).toMatchObject({ state: "unchanged", generation: first });
      const again = await world.serve(...shared);
      all.push(again);
      await until("a third one begins there", isAt("first"));

      await world.commit(stackFiles("alpha", "third"));
      await until("what is merged goes on", isAt("third"));
    } finally {
      await peer.stop();
    }
  });
});
