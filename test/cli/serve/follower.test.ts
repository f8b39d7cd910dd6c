import { describe, expect, test } from "bun:test";
import { Follower } from "../../../src/cli/serve/follower.ts";
import type { Generation } from "../../../src/cli/serve/generation.ts";
import { Publisher } from "../../../src/cli/serve/publisher.ts";
import { type Claim, RegistryStore } from "../../../src/cli/serve/registry-store.ts";
import { Retired } from "../../../src/cli/serve/retired.ts";
import { Stage } from "../../../src/cli/serve/stage.ts";
import { GenerationState } from "../../../src/cli/serve/state.ts";
import { Turns } from "../../../src/cli/serve/turns.ts";
import { DevregError } from "../../../src/errors.ts";
import { silentLogger } from "../../../src/log.ts";
import { MemoryRegistry, type Registry } from "../../../src/oci-client/index.ts";
import { fakeClock } from "../../support/clock.ts";
import { commitOf, sampleGeneration } from "../../support/sample-generation.ts";

/** A replica in front of a registry. */
function replica(registry: Registry, options: { hasSource?: boolean; follows?: boolean } = {}) {
  const { hasSource = true, follows = false } = options;
  const calls: string[] = [];
  const clock = fakeClock();
  const state = new GenerationState();
  const log = silentLogger;
  const now = () => new Date(clock.nowMs());
  const stage = new Stage({ state, retired: new Retired(clock.nowMs), data: undefined, now, log });
  const store = new RegistryStore({ registry, log, signal: new AbortController().signal });
  const metrics = { followFailed: () => calls.push("failed") };
  const edge = { ...clock, now };
  const shared = { edge, state, stage, turns: new Turns(), store, metrics, log };
  const onBehind = follows ? undefined : () => calls.push("behind");
  const onOvertaken = () => calls.push("overtaken");
  const follower = new Follower({ ...shared, onBehind, onOvertaken });
  const onLost = () => calls.push("lost");
  const publisher = new Publisher({ ...shared, hasSource, onLost });
  return { ...shared, clock, follower, publisher, calls };
}

async function publish(registry: Registry, generation: Generation, claim: Claim = "update") {
  const signal = new AbortController().signal;
  await new RegistryStore({ registry, log: silentLogger, signal }).publish(generation, claim);
}

const servedBy = (state: GenerationState) => state.generation()?.index.tags[0];

describe("Follower.look()", () => {
  test("serves what the registry has, and asks for nothing while that stays", async () => {
    const registry = new MemoryRegistry();
    const { follower, state } = replica(registry, { follows: true });
    expect(await follower.look()).toBe(false);
    expect(state.reasons()).toEqual([
      { part: "follow", kind: "missing", detail: "it has no index" },
    ]);
    await publish(registry, await sampleGeneration(1));
    expect(await follower.look()).toBe(true);
    expect(servedBy(state)).toBe(commitOf(1));
    expect(state.reasons()).toEqual([]);
    const before = state.current();
    expect(await follower.look()).toBe(true);
    expect(state.current()).toBe(before);
    await publish(registry, await sampleGeneration(2));
    await follower.look();
    expect(servedBy(state)).toBe(commitOf(2));
  });

  test("takes an older index too, where it only follows", async () => {
    const registry = new MemoryRegistry();
    const { follower, state, stage } = replica(registry, { follows: true });
    await stage.show(await sampleGeneration(2));
    await publish(registry, await sampleGeneration(1));
    await follower.look();
    expect(servedBy(state)).toBe(commitOf(1));
  });

  test("asks for ours to be put again over an older one, unless that was forced", async () => {
    const registry = new MemoryRegistry();
    const { follower, state, stage, calls } = replica(registry);
    const [older, newer] = [await sampleGeneration(1), await sampleGeneration(2)];
    await stage.show(newer);
    await publish(registry, older);
    await follower.look();
    expect(calls).toEqual(["behind"]);
    expect(servedBy(state)).toBe(commitOf(2));
    await publish(registry, newer);
    await publish(registry, older, "force");
    await follower.look();
    expect(servedBy(state)).toBe(commitOf(1));
    expect(state.isHeld).toBe(true);
    await publish(registry, await sampleGeneration(3));
    await follower.look();
    expect([servedBy(state), state.isHeld]).toEqual([commitOf(3), false]);
  });

  test("begins where somebody stepped back to", async () => {
    const registry = new MemoryRegistry();
    await publish(registry, await sampleGeneration(2));
    await publish(registry, await sampleGeneration(1), "force");
    const { follower, state } = replica(registry);
    await follower.look();
    expect([servedBy(state), state.isHeld]).toEqual([commitOf(1), true]);
  });

  test("says that the registry fails, keeps what it has, and has sources looked at again", async () => {
    const inner = new MemoryRegistry();
    let isDown = true;
    const registry: Registry = {
      repositories: () => inner.repositories(),
      repository: (name) => {
        if (isDown) throw new DevregError("NETWORK", "Cannot ask: it is down");
        return inner.repository(name);
      },
    };
    const { follower, state, stage, calls } = replica(registry);
    await stage.show(await sampleGeneration(1));
    expect(await follower.look()).toBe(false);
    expect(calls).toEqual(["failed"]);
    expect(state.reasons()).toMatchObject([{ part: "follow", detail: "Cannot ask: it is down" }]);
    isDown = false;
    await publish(registry, await sampleGeneration(2));
    state.report("source", { kind: "unreachable", detail: "no route" });
    expect(await follower.look()).toBe(true);
    expect(servedBy(state)).toBe(commitOf(2));
    expect(calls).toEqual(["failed", "overtaken"]);
  });
});

describe("the log of a follower", () => {
  test("tells of what it took and what failed, and of each look", async () => {
    const registry = new MemoryRegistry();
    const { follower, state, clock } = replica(registry, { follows: true });
    for (const _ of [1, 2, 3]) {
      clock.advance(1000);
      await follower.look();
    }
    const missing = {
      ...{ askedBy: ["registry"], state: "failed", times: 3, after: undefined },
      trouble: { kind: "missing", detail: "it has no index" },
    };
    expect(state.updates()).toMatchObject({
      updates: [missing],
      lastChange: undefined,
      looks: [{ of: "registry", last: new Date(3000), upToDate: undefined }],
    });
    await publish(registry, await sampleGeneration(1));
    await follower.look();
    clock.advance(1000);
    await follower.look();
    expect(state.updates()).toMatchObject({
      updates: [{ askedBy: ["registry"], state: "updated", after: commitOf(1) }, missing],
      lastChange: new Date(3000),
      looks: [{ of: "registry", last: new Date(4000), upToDate: new Date(4000) }],
    });
  });
});

describe("Publisher.publishOnce()", () => {
  test("repairs what the registry lost", async () => {
    const registry = new MemoryRegistry();
    const { publisher, stage } = replica(registry);
    await stage.show(await sampleGeneration(1));
    expect(await publisher.publishOnce()).toBe(true);
    const wiped = new MemoryRegistry();
    const again = replica(wiped);
    const generation = await sampleGeneration(1);
    await again.stage.show(generation);
    await again.publisher.publishOnce();
    expect(await wiped.repository("devreg/index").resolve("latest")).toEqual(
      generation.index.descriptor,
    );
  });

  test("an operand gives way to a newer index only; one of a server with a source to any", async () => {
    for (const [hasSource, minute, expected] of [
      [false, 1, 2],
      [false, 3, 3],
      [true, 1, 2],
      [true, 3, 3],
    ] as const) {
      const registry = new MemoryRegistry();
      await publish(registry, await sampleGeneration(minute));
      const { publisher, stage, state } = replica(registry, { hasSource });
      await stage.show(await sampleGeneration(2, { origin: "operand" }));
      await publisher.publishOnce();
      expect(servedBy(state)).toBe(commitOf(expected));
      const told = state.updates().updates.map(({ before, after }) => [before, after]);
      expect(told).toEqual(expected === 3 ? [[commitOf(2), commitOf(3)]] : []);
    }
  });

  test("asks the source for what only the registry had", async () => {
    const first = new MemoryRegistry();
    await publish(first, await sampleGeneration(1));
    let current = first;
    const registry: Registry = {
      repositories: () => current.repositories(),
      repository: (name) => ({
        exists: (node) => current.repository(name).exists(node),
        fetch: (node, options) => current.repository(name).fetch(node, options),
        push: (node, content) => current.repository(name).push(node, content),
        resolve: (reference) => current.repository(name).resolve(reference),
        resolveBlob: (digest) => current.repository(name).resolveBlob(digest),
        tags: () => current.repository(name).tags(),
        referrers: (subject) => current.repository(name).referrers(subject),
        tag: (node, tag, content) => current.repository(name).tag(node, tag, content),
      }),
    };
    const { follower, publisher, calls, state } = replica(registry);
    await follower.look();
    current = new MemoryRegistry();
    expect(await publisher.publishOnce()).toBe(true);
    expect(calls).toContain("lost");
    expect(state.reasons()[0]?.detail).toContain("not pushed");
  });
});
