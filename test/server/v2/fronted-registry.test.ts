import { describe, expect, test } from "bun:test";
import { FRONT_ANSWER_MS } from "../../../src/api-limits.ts";
import { readAll, textOf, utf8 } from "../../../src/bytes.ts";
import { DevregError } from "../../../src/errors.ts";
import { FRONT_FAILURES, FRONT_PAUSE_MS, FRONT_TIMEOUT_MS } from "../../../src/limits.ts";
import { silentLogger } from "../../../src/log.ts";
import {
  buildManifest,
  type Descriptor,
  describe as describeBytes,
  MemoryRegistry,
  type ReadonlyRegistry,
  type ReadonlyRepository,
} from "../../../src/oci-client/index.ts";
import { closeRegistry, createFrontedRegistry } from "../../../src/server/index.ts";

const OWN = "devfile-catalog/go";

async function push(registry: MemoryRegistry, name: string, tag: string, text: string) {
  const target = registry.repository(name);
  const config = describeBytes("application/vnd.example.config+json", utf8("{}"));
  const layer = describeBytes("text/plain", utf8(text));
  const { descriptor, bytes } = buildManifest({ config, layers: [layer] });
  await target.push(config, utf8("{}"));
  await target.push(layer, utf8(text));
  await target.tag(descriptor, tag, bytes);
  return { descriptor, layer };
}

type Fault = "down" | "silent" | undefined;

/** A registry whose answers can be made to fail or to stay away; it counts what it is asked. */
function faulty(inner: ReadonlyRegistry) {
  const state: { fault: Fault; asked: number } = { fault: undefined, asked: 0 };
  const guard = async <Value>(answer: () => Promise<Value>): Promise<Value> => {
    state.asked += 1;
    if (state.fault === "down") throw new DevregError("NETWORK", "Cannot connect: refused");
    if (state.fault === "silent") return new Promise<never>(() => undefined);
    return answer();
  };
  async function* guardList<Item>(list: () => AsyncIterable<Item>): AsyncIterable<Item> {
    yield* await guard(async () => list());
  }
  const wrap = (repository: ReadonlyRepository): ReadonlyRepository => ({
    exists: (target) => guard(() => repository.exists(target)),
    fetch: (target, options) => guard(() => repository.fetch(target, options)),
    resolveBlob: (digest) => guard(() => repository.resolveBlob(digest)),
    resolve: (reference) => guard(() => repository.resolve(reference)),
    tags: () => guardList(() => repository.tags()),
    referrers: (subject) => guardList(() => repository.referrers(subject)),
  });
  const registry: ReadonlyRegistry = {
    repositories: () => guardList(() => inner.repositories()),
    repository: (name) => wrap(inner.repository(name)),
  };
  return { registry, state };
}

/** A clock whose sleeps end when the test says so, and that tells how long they are to be. */
function manualClock() {
  const clock = { nowMs: 0, wake: [] as (() => void)[], sleeps: [] as number[] };
  return {
    clock,
    port: {
      nowMs: () => clock.nowMs,
      sleep: (ms: number, signal?: AbortSignal) =>
        new Promise<void>((resolve) => {
          clock.sleeps.push(ms);
          clock.wake.push(resolve);
          signal?.addEventListener("abort", () => resolve(), { once: true });
        }),
    },
  };
}

async function setUp(options: { allowed?: (name: string) => boolean } = {}) {
  const own = new MemoryRegistry();
  const behind = new MemoryRegistry();
  const ours = await push(own, OWN, "2.0.0", "the stack");
  const closed = await closeRegistry(own);
  const upstream = faulty(behind);
  const missing: string[] = [];
  let failures = 0;
  let leftAlone = false;
  const { clock, port } = manualClock();
  const front = createFrontedRegistry({
    upstream: upstream.registry,
    own: () => closed,
    allowed: options.allowed,
    onMissing: (repository, tag) => missing.push(`${repository}:${tag}`),
    onFailure: (_, isLeftAlone) => {
      failures += 1;
      leftAlone = isLeftAlone;
    },
    clock: port,
    log: silentLogger,
  });
  const counted = { failures: () => failures, isLeftAlone: () => leftAlone };
  return { front, behind, ours, missing, upstream, clock, ...counted };
}

/** Asks for something and lets the time pass that an answer may take. */
async function askLate<Value>(
  clock: { readonly wake: (() => void)[] },
  ask: () => Promise<Value>,
): Promise<unknown> {
  clock.wake.length = 0;
  const asked = ask().catch((error: unknown) => error);
  for (let turns = 0; clock.wake.length === 0 && turns < 1000; turns++) await Promise.resolve();
  for (const wake of clock.wake.splice(0)) wake();
  return asked;
}

async function list(items: AsyncIterable<string>): Promise<string[]> {
  return (await Array.fromAsync(items)).sort();
}

async function textBehind(repository: ReadonlyRepository, target: Descriptor): Promise<string> {
  return textOf(await readAll(await repository.fetch(target), 1000, "test content"));
}

describe("a repository of ours", () => {
  test("is answered with what is behind while that has it", async () => {
    const { front, behind, ours, missing, upstream } = await setUp();
    await push(behind, OWN, "2.0.0", "the stack");
    const found = await front.repository(OWN).resolve("2.0.0");
    expect(found).toEqual(ours.descriptor);
    expect(upstream.state.asked).toBe(1);
    expect(missing).toEqual([]);
  });

  test("is answered with what somebody else put behind the tag", async () => {
    const { front, behind } = await setUp();
    const newer = await push(behind, OWN, "2.0.0", "a newer stack");
    const repository = front.repository(OWN);
    expect(await repository.resolve("2.0.0")).toEqual(newer.descriptor);
    expect(await textBehind(repository, newer.layer)).toBe("a newer stack");
  });

  test("is answered from the build when it is missing behind, and reported once", async () => {
    const { front, behind, ours, missing } = await setUp();
    for (let i = 0; i < 3; i++) {
      expect(await front.repository(OWN).resolve("2.0.0")).toEqual(ours.descriptor);
    }
    expect(missing).toEqual([`${OWN}:2.0.0`]);
    await push(behind, OWN, "2.0.0", "the stack");
    await front.repository(OWN).resolve("2.0.0");
    expect(missing).toHaveLength(1);
  });

  test("is reported again when it got lost again", async () => {
    const { front, missing, upstream } = await setUp();
    await front.repository(OWN).resolve("2.0.0");
    expect(missing).toHaveLength(1);
    upstream.state.fault = "down";
    await front.repository(OWN).resolve("2.0.0");
    upstream.state.fault = undefined;
    await front.repository(OWN).resolve("2.0.0");
    // Being down is not being back.
    expect(missing).toHaveLength(1);
  });

  test("is answered from the build while what is behind is down", async () => {
    const { front, ours, missing, upstream, failures } = await setUp();
    upstream.state.fault = "down";
    const repository = front.repository(OWN);
    const manifest = await repository.resolve("2.0.0");
    expect(manifest).toEqual(ours.descriptor);
    const blob = await repository.resolveBlob(ours.layer.digest);
    expect(blob?.size).toBe(ours.layer.size);
    expect(await textBehind(repository, ours.layer)).toBe("the stack");
    expect(await list(repository.tags())).toEqual(["2.0.0"]);
    expect(missing).toEqual([]);
    expect(failures()).toBeGreaterThan(0);
  });

  test("does not wait long for what is behind", async () => {
    const { front, ours, upstream, clock } = await setUp();
    upstream.state.fault = "silent";
    const asked = await askLate(clock, () => front.repository(OWN).resolve("2.0.0"));
    expect(asked).toEqual(ours.descriptor);
    expect(clock.sleeps).toEqual([FRONT_TIMEOUT_MS]);
  });

  test("by digest is answered without asking", async () => {
    const { front, ours, upstream } = await setUp();
    expect(await front.repository(OWN).resolve(ours.descriptor.digest)).toEqual(ours.descriptor);
    expect(upstream.state.asked).toBe(0);
  });

  test("has the tags of both sides", async () => {
    const { front, behind } = await setUp();
    await push(behind, OWN, "1.0.0", "an older stack");
    expect(await list(front.repository(OWN).tags())).toEqual(["1.0.0", "2.0.0"]);
    expect(await front.repository(OWN).resolve("1.0.0")).toBeDefined();
  });
});

describe("the circuit", () => {
  test("leaves what is behind alone after failures, then tries one request", async () => {
    const { front, upstream, clock, failures } = await setUp();
    upstream.state.fault = "down";
    const ask = () => front.repository(OWN).resolve("2.0.0");
    for (let i = 0; i < FRONT_FAILURES + 5; i++) await ask();
    expect(upstream.state.asked).toBe(FRONT_FAILURES);
    clock.nowMs += FRONT_PAUSE_MS - 1;
    await ask();
    expect(upstream.state.asked).toBe(FRONT_FAILURES);
    clock.nowMs += 1;
    await Promise.all([ask(), ask(), ask()]);
    expect(upstream.state.asked).toBe(FRONT_FAILURES + 1);
    expect(failures()).toBe(FRONT_FAILURES + 1);
  });

  test("closes again with the first success", async () => {
    const { front, upstream, clock } = await setUp();
    upstream.state.fault = "down";
    const ask = () => front.repository(OWN).resolve("2.0.0");
    for (let i = 0; i < FRONT_FAILURES; i++) await ask();
    upstream.state.fault = undefined;
    clock.nowMs += FRONT_PAUSE_MS;
    for (let i = 0; i < 4; i++) await ask();
    expect(upstream.state.asked).toBe(FRONT_FAILURES + 4);
  });
});

describe("a registry behind that says nothing", () => {
  const DIGEST = `sha256:${"1".repeat(64)}` as const;
  const asks: Readonly<Record<string, (registry: ReadonlyRegistry) => Promise<unknown>>> = {
    "a manifest of another repository": (front) => front.repository("other/x").resolve("latest"),
    "a blob of another repository": (front) => front.repository("other/x").resolveBlob(DIGEST),
    "content of another repository": (front) =>
      front.repository("other/x").fetch({ mediaType: "a/b", digest: DIGEST, size: 1 }),
    "tags of another repository": (front) => list(front.repository("other/x").tags()),
    "referrers of another repository": (front) =>
      Array.fromAsync(front.repository("other/x").referrers(DIGEST)),
    "a tag of ours that we do not have": (front) => front.repository(OWN).resolve("9.9.9"),
    "a blob of ours that we do not have": (front) => front.repository(OWN).resolveBlob(DIGEST),
  };
  for (const [what, ask] of Object.entries(asks)) {
    test(`keeps nobody waiting for long for ${what}, and later not at all`, async () => {
      const { front, upstream, clock, failures, isLeftAlone } = await setUp();
      upstream.state.fault = "silent";
      for (let i = 0; i < FRONT_FAILURES; i++) {
        expect(isLeftAlone()).toBe(false);
        const failed = await askLate(clock, () => ask(front));
        expect(failed).toMatchObject({ code: "TIMEOUT" });
      }
      expect(clock.sleeps).toEqual(Array(FRONT_FAILURES).fill(FRONT_ANSWER_MS));
      expect(isLeftAlone()).toBe(true);
      await expect(ask(front)).rejects.toMatchObject({ code: "TIMEOUT" });
      expect(upstream.state.asked).toBe(FRONT_FAILURES);
      expect(failures()).toBe(FRONT_FAILURES);
    });
  }

  test("is asked again after a pause, and no longer left alone once it answers", async () => {
    const { front, behind, upstream, clock } = await setUp();
    const { descriptor } = await push(behind, "images/base", "1", "an image");
    upstream.state.fault = "silent";
    const ask = () => front.repository("images/base").resolve("1");
    for (let i = 0; i < FRONT_FAILURES; i++) await askLate(clock, ask);
    upstream.state.fault = undefined;
    await expect(ask()).rejects.toMatchObject({ code: "TIMEOUT" });
    clock.nowMs += FRONT_PAUSE_MS;
    for (let i = 0; i < 3; i++) expect(await ask()).toEqual(descriptor);
  });

  test("is not taken for silent when it says no, or says something to others meanwhile", async () => {
    const { front, behind, upstream, clock } = await setUp();
    await push(behind, "images/base", "1", "an image");
    const ask = () => front.repository("images/base").resolve("1");
    for (let i = 0; i < 2 * FRONT_FAILURES; i++) {
      upstream.state.fault = "down";
      await expect(ask()).rejects.toMatchObject({ code: "NETWORK" });
    }
    for (let i = 0; i < 2 * FRONT_FAILURES; i++) {
      upstream.state.fault = "silent";
      const slow = front.repository("images/slow").resolve("1");
      upstream.state.fault = undefined;
      await ask();
      for (const wake of clock.wake.splice(0)) wake();
      await expect(slow).rejects.toMatchObject({ code: "TIMEOUT" });
    }
    expect(await ask()).toBeDefined();
  });

  test("is not taken for silent because visitors leave", async () => {
    const { front, behind, upstream } = await setUp();
    await push(behind, "images/base", "1", "an image");
    const gone = AbortSignal.abort(new DevregError("TIMEOUT", "Cannot wait: gone"));
    for (let i = 0; i < 2 * FRONT_FAILURES; i++) {
      await front.repository("images/base").resolve("1", gone);
    }
    upstream.state.fault = "down";
    const asked = front.repository("images/base").resolve("1");
    await expect(asked).rejects.toMatchObject({ code: "NETWORK" });
  });
});

describe("other repositories", () => {
  test("are passed on as they are, failures too", async () => {
    const { front, behind, upstream } = await setUp();
    const other = await push(behind, "images/base", "1", "an image");
    const repository = front.repository("images/base");
    expect(await repository.resolve("1")).toEqual(other.descriptor);
    expect(await textBehind(repository, other.layer)).toBe("an image");
    upstream.state.fault = "down";
    await expect(repository.resolve("1")).rejects.toThrow("refused");
  });

  test("are listed beside ours", async () => {
    const { front, behind, upstream } = await setUp();
    await push(behind, "images/base", "1", "an image");
    await push(behind, OWN, "2.0.0", "the stack");
    expect(await list(front.repositories())).toEqual([OWN, "images/base"]);
    upstream.state.fault = "down";
    expect(await list(front.repositories())).toEqual([OWN]);
  });

  test("are unknown without asking where only some are allowed", async () => {
    const { front, behind, upstream } = await setUp({ allowed: (name) => name === "images/ok" });
    await push(behind, "images/secret", "1", "a secret");
    const fine = await push(behind, "images/ok", "1", "an image");
    const secret = front.repository("images/secret");
    expect(await secret.resolve("1")).toBeUndefined();
    await expect(list(secret.tags())).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(upstream.state.asked).toBe(0);
    expect(await front.repository("images/ok").resolve("1")).toEqual(fine.descriptor);
    expect(await list(front.repositories())).toEqual([OWN, "images/ok"]);
  });
});
