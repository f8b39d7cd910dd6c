import { describe, expect, test } from "bun:test";
import { readAll } from "../../../src/bytes.ts";
import type { Generation } from "../../../src/cli/serve/generation.ts";
import { type Claim, FORCED_TAG, RegistryStore } from "../../../src/cli/serve/registry-store.ts";
import { silentLogger } from "../../../src/log.ts";
import { MemoryRegistry, type Registry } from "../../../src/oci-client/index.ts";
import { commitOf, sampleGeneration } from "../../support/sample-generation.ts";

const signal = new AbortController().signal;

function storeOf(registry: Registry): RegistryStore {
  return new RegistryStore({ registry, log: silentLogger, signal });
}

async function latestOf(registry: Registry): Promise<string | undefined> {
  return (await registry.repository("devreg/index").resolve("latest"))?.digest;
}

const digestOf = ({ index }: Generation) => index.descriptor.digest;

type Tagging = (name: string, tag: string) => Promise<void>;
const nothing: Tagging = async () => undefined;

/** A registry in memory that calls back around each tag, as another replica may come between. */
function interrupted(inner: MemoryRegistry, before: Tagging, after: Tagging = nothing) {
  const asked: string[] = [];
  const registry: Registry = {
    repositories: () => inner.repositories(),
    repository: (name) => {
      const target = inner.repository(name);
      return {
        exists: (node) => target.exists(node),
        fetch: (node, options) => target.fetch(node, options),
        push: (node, content) => target.push(node, content),
        resolveBlob: (digest) => target.resolveBlob(digest),
        resolve: (reference) => {
          asked.push(`${name}:${reference}`);
          return target.resolve(reference);
        },
        tags: () => target.tags(),
        referrers: (subject) => target.referrers(subject),
        tag: async (node, tag, content) => {
          await before(name, tag);
          await target.tag(node, tag, content);
          await after(name, tag);
        },
      };
    },
  };
  return { registry, asked };
}

describe("RegistryStore.publish()", () => {
  test("asks only for what changed", async () => {
    const { registry, asked } = interrupted(new MemoryRegistry(), nothing);
    const store = storeOf(registry);
    expect((await store.publish(await sampleGeneration(1), "update")).kind).toBe("put");
    asked.length = 0;
    const published = await store.publish(await sampleGeneration(2), "update");
    expect(published).toMatchObject({ kind: "put", report: { pushed: 1, unchanged: 2 } });
    const stacks = asked.filter((name) => name.startsWith("devfile-catalog/"));
    expect(new Set(stacks)).toEqual(new Set(["devfile-catalog/go:2.0.0"]));
  });

  test("asks for everything again when it was told to forget, and when the index is gone", async () => {
    const inner = new MemoryRegistry();
    const { registry, asked } = interrupted(inner, nothing);
    const store = storeOf(registry);
    const generation = await sampleGeneration(1);
    await store.publish(generation, "update");
    asked.length = 0;
    store.forget();
    expect(await store.publish(generation, "update")).toMatchObject({ report: { pushed: 0 } });
    expect(asked.filter((name) => name.startsWith("devfile-catalog/"))).toHaveLength(3);
  });

  const claims: readonly (readonly [Claim, number, boolean, "put" | "overtaken"])[] = [
    ["operand", 1, true, "put"],
    ["operand", 2, true, "put"],
    ["operand", 2, false, "put"],
    ["operand", 3, true, "overtaken"],
    ["start", 1, true, "put"],
    ["start", 2, true, "overtaken"],
    ["start", 2, false, "overtaken"],
    ["start", 3, true, "overtaken"],
    ["first", 1, true, "put"],
    ["first", 2, false, "put"],
    ["first", 3, true, "overtaken"],
    ["update", 1, true, "put"],
    ["update", 2, true, "overtaken"],
    ["update", 2, false, "put"],
    ["update", 3, true, "overtaken"],
    ["resync", 2, true, "put"],
    ["resync", 3, true, "overtaken"],
    ["force", 2, true, "put"],
    ["force", 3, true, "put"],
  ];
  for (const [claim, minute, known, expected] of claims) {
    const what = known ? `of minute ${minute}` : "of an unknown commit";
    test(`"${claim}" of minute 2 over one ${what}: ${expected}`, async () => {
      const registry = new MemoryRegistry();
      const theirs = await sampleGeneration(minute, { note: "theirs", known });
      await storeOf(registry).publish(theirs, "force");
      const ours = await sampleGeneration(2, { note: "ours" });
      const published = await storeOf(registry).publish(ours, claim);
      expect(published.kind).toBe(expected);
      const stays = expected === "put" ? ours : theirs;
      expect(await latestOf(registry)).toBe(digestOf(stays));
      if (published.kind === "overtaken") expect(digestOf(published.by)).toBe(digestOf(theirs));
    });
  }

  test("keeps its index back when a newer one came while it pushed, and mends the tags", async () => {
    const inner = new MemoryRegistry();
    const [older, newer] = [await sampleGeneration(1), await sampleGeneration(2)];
    let isFirst = true;
    const { registry } = interrupted(inner, async (name) => {
      if (!isFirst || !name.startsWith("devfile-catalog/")) return;
      isFirst = false;
      await storeOf(inner).publish(newer, "update");
    });
    const published = await storeOf(registry).publish(older, "update");
    expect(published).toMatchObject({ kind: "overtaken", isBack: false });
    expect(await latestOf(inner)).toBe(digestOf(newer));
    const tagged = await inner.repository("devfile-catalog/go").resolve("2.0.0");
    const own = newer.stacks.artifacts.find(({ tag }) => tag === "2.0.0")?.descriptor;
    expect(tagged).toEqual(own);
  });

  test("puts its index again when an older one was put in the same moment", async () => {
    const inner = new MemoryRegistry();
    const [older, newer] = [await sampleGeneration(1), await sampleGeneration(2)];
    await storeOf(inner).publish(older, "update");
    let isFirst = true;
    const { registry: late } = interrupted(inner, nothing, async (name, tag) => {
      if (!isFirst || name !== "devreg/index" || tag !== "latest") return;
      isFirst = false;
      await inner.repository(name).tag(older.index.descriptor, tag);
    });
    expect((await storeOf(late).publish(newer, "update")).kind).toBe("put");
    expect(isFirst).toBe(false);
    expect(await latestOf(inner)).toBe(digestOf(newer));
  });

  test("marks a step back, which no replica undoes", async () => {
    const registry = new MemoryRegistry();
    const [older, newer] = [await sampleGeneration(1), await sampleGeneration(2)];
    await storeOf(registry).publish(newer, "update");
    expect((await storeOf(registry).publish(older, "force")).kind).toBe("put");
    const forced = await registry.repository("devreg/index").resolve(FORCED_TAG);
    expect(forced?.digest).toBe(digestOf(older));
    const store = storeOf(registry);
    expect(await store.isForced(older.index.descriptor)).toBe(true);
    const published = await store.publish(newer, "start");
    expect(published).toMatchObject({ kind: "overtaken", isBack: true });
    expect((await store.publish(await sampleGeneration(3), "update")).kind).toBe("put");
  });

  test("does not undo a step back from what it put itself", async () => {
    const registry = new MemoryRegistry();
    const [older, newer] = [await sampleGeneration(1), await sampleGeneration(2)];
    const [store, late] = [storeOf(registry), storeOf(registry)];
    for (const each of [store, late]) {
      expect((await each.publish(newer, "update")).kind).toBe("put");
    }
    await storeOf(registry).publish(older, "force");
    for (const each of [store, late]) {
      const published = await each.publish(newer, "update");
      expect(published).toMatchObject({ kind: "overtaken", isBack: true });
    }
    expect(await latestOf(registry)).toBe(digestOf(older));
  });

  test("replaces an index that cannot be read", async () => {
    const registry = new MemoryRegistry();
    const broken = await sampleGeneration(3);
    const { descriptor, registry: held } = broken.index;
    const source = held.repository("devreg/index");
    const target = registry.repository("devreg/index");
    const bytes = await readAll(await source.fetch(descriptor), descriptor.size, "index");
    await target.tag(descriptor, "latest", bytes);
    expect((await storeOf(registry).publish(await sampleGeneration(1), "start")).kind).toBe("put");
  });

  test("tells what the registry refused", async () => {
    const { registry } = interrupted(new MemoryRegistry(), async (name) => {
      if (name.endsWith("/go")) throw new Error("refused");
    });
    const published = await storeOf(registry).publish(await sampleGeneration(1), "update");
    expect(published).toMatchObject({ kind: "failed", report: { index: "kept-back" } });
    expect(await latestOf(registry)).toBeUndefined();
  });
});

describe("RegistryStore.read()", () => {
  test("gives a generation back, with its tags", async () => {
    const registry = new MemoryRegistry();
    const ours = await sampleGeneration(1);
    await storeOf(registry).publish(ours, "update");
    const store = storeOf(registry);
    const latest = await store.latest();
    if (latest === undefined) throw new Error("it was put");
    const read = await store.read(latest, undefined);
    expect(read.stacks.artifacts).toEqual(ours.stacks.artifacts);
    expect(read.index).toMatchObject({ tags: [commitOf(1), "latest"], descriptor: latest });
    expect(read).toMatchObject({ medium: "registry", origin: "registry" });
    expect(await store.isOlder(read, await sampleGeneration(2))).toBe(true);
    expect(await store.isOlder(await sampleGeneration(2), read)).toBe(false);
  });
});
