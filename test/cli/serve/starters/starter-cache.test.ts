import { describe, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import {
  STARTER_FRESH_MS,
  STARTER_HOST_WAITING,
  STARTER_RETRY_MS,
} from "../../../../src/api-limits.ts";
import { utf8 } from "../../../../src/bytes.ts";
import {
  FolderArchiveStore,
  MemoryArchiveStore,
} from "../../../../src/cli/serve/starters/archive-store.ts";
import { StarterCache } from "../../../../src/cli/serve/starters/starter-cache.ts";
import { DevregError } from "../../../../src/errors.ts";
import type { ProjectSource } from "../../../../src/generator/fetch/index.ts";
import { silentLogger } from "../../../../src/log.ts";
import { cacheUse } from "../../../../src/server/http/index.ts";
import type { StarterRequest, StarterZip } from "../../../../src/server/index.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const PLACE: StarterRequest["place"] = {
  entry: { name: "go" },
  version: undefined,
  folder: "stacks/go",
};
const never = new AbortController().signal;
const sleep = () => new Promise<void>(() => undefined);
const hostOf = () => "git.example";

/** A world with one branch, which counts how often it was asked. */
function world(store = new MemoryArchiveStore()) {
  const asked = { fetched: 0, resolved: 0 };
  const state = { nowMs: 0, commit: "a", failure: undefined as DevregError | undefined };
  const say = <Value>(value: Value) => {
    if (state.failure !== undefined) throw state.failure;
    return value;
  };
  const cache = new StarterCache({
    fetcher: {
      hostOf,
      fetch: async () => {
        asked.fetched += 1;
        return say({ zip: utf8(`zip of ${state.commit}`), commit: state.commit });
      },
      resolve: async () => {
        asked.resolved += 1;
        return say(state.commit);
      },
    },
    store,
    log: silentLogger,
    nowMs: () => state.nowMs,
    sleep,
  });
  const open = async (source: ProjectSource = branch("main")) =>
    textOf(await cache.open({ place: PLACE, project: { name: "app", source } }, never));
  return { asked, state, cache, open };
}

function branch(revision: string): ProjectSource {
  const remotes = { origin: "https://git.example/app.git" };
  return { kind: "git", remotes, checkoutFrom: { revision } };
}

async function textOf(zip: StarterZip | undefined): Promise<string | undefined> {
  return zip === undefined ? undefined : new Response(zip).text();
}

describe("StarterCache", () => {
  test("fetches once, then asks only whether a branch moved", async () => {
    const { asked, state, open } = world();
    expect(await Promise.all([open(), open()])).toEqual(["zip of a", "zip of a"]);
    await open();
    expect(asked).toEqual({ fetched: 1, resolved: 0 });
    state.nowMs += STARTER_FRESH_MS;
    expect(await open()).toBe("zip of a");
    expect(asked).toEqual({ fetched: 1, resolved: 1 });
    await open();
    expect(asked.resolved).toBe(1);
    state.nowMs += STARTER_FRESH_MS;
    state.commit = "b";
    expect(await open()).toBe("zip of b");
    expect(asked).toEqual({ fetched: 2, resolved: 2 });
  });

  test("counts what it had and had not, and what it holds", async () => {
    const store = new MemoryArchiveStore();
    const { open } = world(store);
    const { hits = 0, misses = 0 } = cacheUse().get("starters") ?? {};
    await open();
    await open();
    await open({ ...branch("main"), subDir: "a" });
    const use = cacheUse().get("starters");
    expect([(use?.hits ?? 0) - hits, (use?.misses ?? 0) - misses]).toEqual([1, 2]);
    // Both are the same zip.
    expect([store.entries, store.bytes]).toEqual([1, "zip of a".length]);
  });

  test("never asks again for a commit", async () => {
    const { asked, state, open } = world();
    const commit = branch("0123456789012345678901234567890123456789");
    await open(commit);
    state.nowMs += 100 * STARTER_FRESH_MS;
    await open(commit);
    expect(asked).toEqual({ fetched: 1, resolved: 0 });
  });

  test("tells folders of one repository apart", async () => {
    const { asked, open } = world();
    await open({ ...branch("main"), subDir: "a" });
    await open({ ...branch("main"), subDir: "b" });
    expect(asked.fetched).toBe(2);
  });

  test("remembers a failure for a moment", async () => {
    const { asked, state, open } = world();
    state.failure = new DevregError("NOT_FOUND", "Cannot find it");
    await expect(open()).rejects.toThrow("Cannot find it");
    await expect(open()).rejects.toThrow("Cannot find it");
    expect(asked.fetched).toBe(1);
    state.failure = undefined;
    state.nowMs += STARTER_RETRY_MS;
    expect(await open()).toBe("zip of a");
  });

  test("gives what it had while the server is away, but not what is gone", async () => {
    const { asked, state, open } = world();
    await open();
    state.nowMs += STARTER_FRESH_MS;
    state.failure = new DevregError("NETWORK", "Cannot reach git.example");
    expect(await open()).toBe("zip of a");
    expect(await open()).toBe("zip of a");
    // It is not asked at every request meanwhile.
    expect(asked.resolved).toBe(1);
    state.nowMs += STARTER_RETRY_MS;
    state.failure = new DevregError("NOT_FOUND", "Cannot find it");
    await expect(open()).rejects.toThrow("Cannot find it");
  });

  test("stops fetching when nobody waits any more", async () => {
    let stopped = false;
    const begun = Promise.withResolvers<void>();
    const cache = new StarterCache({
      fetcher: {
        hostOf,
        fetch: (_, signal) =>
          new Promise((_resolve, reject) => {
            signal.addEventListener("abort", () => {
              stopped = true;
              reject(new DevregError("ABORTED", "Cannot finish"));
            });
            begun.resolve();
          }),
        resolve: async () => undefined,
      },
      store: new MemoryArchiveStore(),
      log: silentLogger,
      nowMs: () => 0,
      sleep,
    });
    const client = new AbortController();
    const request = { place: PLACE, project: { name: "app", source: branch("main") } };
    const answer = cache.open(request, client.signal);
    await begun.promise;
    client.abort(new Error("the client left"));
    await expect(answer).rejects.toThrow("the client left");
    expect(stopped).toBe(true);
  });

  test("gives what it has while too many wait to ask again, and others their turn", async () => {
    const far = Promise.withResolvers<void>();
    let nowMs = 0;
    const cache = new StarterCache({
      fetcher: {
        hostOf: (source) => (source.kind === "git" ? "git.example" : source.location),
        fetch: async (source) => {
          if (source.kind === "git" && source.checkoutFrom?.revision !== "main") await far.promise;
          return { zip: utf8("a zip"), commit: "a" };
        },
        resolve: async () => "a",
      },
      store: new MemoryArchiveStore(),
      log: silentLogger,
      nowMs: () => nowMs,
      sleep,
    });
    const ask = (source: ProjectSource) =>
      cache.open({ place: PLACE, project: { name: "app", source } }, never);
    expect(await textOf(await ask(branch("main")))).toBe("a zip");
    nowMs += STARTER_FRESH_MS;
    const waiting = Array.from({ length: STARTER_HOST_WAITING + 1 }, (_, at) =>
      ask(branch(`slow-${at}`)),
    );
    // As many wait for that host as may.
    await expect(ask(branch("another"))).rejects.toThrow("too many wait");
    expect(await textOf(await ask(branch("main")))).toBe("a zip");
    const elsewhere: ProjectSource = { kind: "zip", location: "https://zips.example/a.zip" };
    expect(await textOf(await ask(elsewhere))).toBe("a zip");
    far.resolve();
    await Promise.all(waiting);
  });

  test("has nothing for a project without an address", async () => {
    const { cache } = world();
    expect(await cache.open({ place: PLACE, project: { name: "app" } }, never)).toBeUndefined();
  });
});

describe("FolderArchiveStore", () => {
  const name = (digit: string) => digit.repeat(64);

  test("keeps archives from one run to the next, and removes what is none", async () => {
    await using folder = await temporaryFolder();
    const store = await FolderArchiveStore.open(folder.path);
    expect(await store.find(name("a"))).toBeUndefined();
    await store.keep(name("a"), utf8("one"));
    expect(await textOf(await store.find(name("a")))).toBe("one");
    await Bun.write(`${folder.path}/half.partial`, "half");
    const again = await FolderArchiveStore.open(folder.path);
    expect(await textOf(await again.find(name("a")))).toBe("one");
    expect(await readdir(folder.path)).toEqual([`${name("a")}.zip`]);
  });
});
