import { describe, expect, test } from "bun:test";
import { ARTIFACTS_FRESH_MS, ARTIFACTS_RETRY_MS } from "../../../src/artifact-limits.ts";
import { DevregError } from "../../../src/errors.ts";
import { silentLogger } from "../../../src/log.ts";
import { MemoryRegistry, type ReadonlyRegistry } from "../../../src/oci-client/index.ts";
import { ArtifactShelf, notesOf } from "../../../src/server/artifacts/index.ts";
import type { AppDeps } from "../../../src/server/index.ts";
import { artifactWith, pushMixedArtifacts } from "../../support/mixed-artifacts.ts";
import { pushImage } from "../../support/sample-image.ts";
import { servedApp } from "../../support/served-app.ts";
import { until } from "../../support/until.ts";

/** A registry that counts how often its names are listed, and can be stopped. */
async function world(options: { readonly waitMs?: number; readonly timeoutMs?: number } = {}) {
  const memory = new MemoryRegistry();
  await pushMixedArtifacts(memory);
  const { generation, metrics } = await servedApp();
  const seen = { listed: 0, fetched: 0 };
  const state: { answer: "well" | "down" | "silent" | "gone"; only?: string } = { answer: "well" };
  const gate = async (name = "") => {
    if (state.only !== undefined && state.only !== name) return;
    if (state.answer === "down") throw new DevregError("NETWORK", "Cannot reach 10.0.0.7");
    if (state.answer === "gone") throw new DevregError("NOT_FOUND", "Cannot list: unknown name");
    if (state.answer === "silent") await new Promise(() => {});
  };
  const registry: ReadonlyRegistry = {
    repositories: async function* list() {
      seen.listed += 1;
      await gate();
      yield* memory.repositories();
    },
    repository: (name) => {
      const inner = memory.repository(name);
      return {
        exists: (target) => inner.exists(target),
        resolveBlob: (digest) => inner.resolveBlob(digest),
        resolve: (reference) => inner.resolve(reference),
        referrers: (subject) => inner.referrers(subject),
        tags: async function* list() {
          await gate(name);
          yield* inner.tags();
        },
        fetch: (target, how) => {
          seen.fetched += 1;
          return inner.fetch(target, how);
        },
      };
    },
  };
  const clock = { ms: 0 };
  const deps: AppDeps = {
    state: { current: () => generation, reasons: () => [] },
    registry,
    config: {
      headless: false,
      name: "",
      basePath: "",
      strictCompat: false,
      trustedProxies: [],
      version: "1",
    },
    log: silentLogger,
    metrics,
    nowMs: () => clock.ms,
    requestId: () => "id",
  };
  return { shelf: new ArtifactShelf(deps, options), generation, seen, state, clock, memory };
}

describe("ArtifactShelf", () => {
  test("reads the list once for all who ask, and again when it is old", async () => {
    const { shelf, generation, seen, clock, memory } = await world();
    const both = await Promise.all([shelf.of(generation), shelf.of(generation)]);
    expect(both.map(({ list }) => list.length)).toEqual([7, 7]);
    await shelf.of(generation);
    expect(seen.listed).toBe(1);
    const { fetched } = seen;
    clock.ms += ARTIFACTS_FRESH_MS;
    await pushImage(memory.repository("mixed/new"), "1", artifactWith({ text: "new" }));
    // The old list is shown while the new one is read, of which known content is not fetched again.
    expect((await shelf.of(generation)).list.length).toBe(7);
    await until("the list is read", async () => shelf.ready(generation)?.list.length === 8);
    expect(seen.listed).toBe(2);
    expect(seen.fetched - fetched).toBe(1);
  });

  test("keeps what is known when the registry goes away, says so, and tries again soon", async () => {
    const { shelf, generation, state, clock } = await world();
    await shelf.of(generation);
    state.answer = "down";
    clock.ms += ARTIFACTS_FRESH_MS;
    await shelf.of(generation);
    await until("the list is read", async () => shelf.ready(generation) !== undefined);
    const kept = shelf.ready(generation);
    expect(kept).toMatchObject({ isComplete: false, trouble: "unreachable" });
    expect(kept?.list.length).toBe(7);
    expect(kept && notesOf(kept)).toEqual([
      "The registry could not be read, 1 part of it: unreachable",
    ]);
    state.answer = "well";
    clock.ms += ARTIFACTS_RETRY_MS;
    await shelf.of(generation);
    await until("the list is read", async () => shelf.ready(generation)?.isComplete === true);
  });

  test("lists the rest when one repository cannot be read", async () => {
    const { shelf, generation, state } = await world();
    state.answer = "down";
    state.only = "charts/web";
    const { list, failures, isComplete } = await shelf.of(generation);
    expect([list.length, failures, isComplete]).toEqual([6, 1, false]);
  });

  test("takes a repository that is named and has lost its last tag for an empty one", async () => {
    const { shelf, generation, state } = await world();
    state.answer = "gone";
    state.only = "charts/web";
    const { list, failures, isComplete } = await shelf.of(generation);
    expect([list.length, failures, isComplete]).toEqual([6, 0, true]);
  });

  test("shows what is known so far where reading takes long, and gives up at the deadline", async () => {
    const { shelf, generation, state } = await world({ waitMs: 20, timeoutMs: 60 });
    state.answer = "silent";
    state.only = "charts/web";
    const early = await shelf.of(generation);
    expect([early.isGathering, early.isComplete]).toEqual([true, false]);
    expect(early.list.map(({ repository }) => repository)).toContain("team/app");
    await until("the list is read", async () => shelf.ready(generation) !== undefined);
    expect(shelf.ready(generation)).toMatchObject({ isGathering: false, trouble: "unreachable" });
  });
});
