import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openBundle } from "../../../src/airgap/bundle/open-bundle.ts";
import {
  type BundleOutput,
  openBundleWriter,
} from "../../../src/airgap/bundle/open-bundle-writer.ts";
import { serveBundle } from "../../../src/airgap/bundle/served-bundle.ts";
import { loadBundle } from "../../../src/airgap/load/load-bundle.ts";
import { openEarlier } from "../../../src/airgap/save/earlier-bundle.ts";
import { contentOf, saveBundle } from "../../../src/airgap/save/save-bundle.ts";
import { keepAliveTag } from "../../../src/airgap/target-paths.ts";
import { textOf } from "../../../src/bytes.ts";
import { readPublishedBuild } from "../../../src/generator/index.ts";
import { silentLogger } from "../../../src/log.ts";
import { MemoryRegistry } from "../../../src/oci-client/index.ts";
import { mirrorTools, planOf, type SmallWorld, smallWorld } from "../../support/mirroring.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";

const STACKS = {
  go: ["quay.example/tools/go:1"],
  node: ["quay.example/tools/node:18", "docker.example/library/redis:7"],
  plain: [],
};
let work: TemporaryFolder;
let world: SmallWorld;

beforeAll(async () => {
  work = await temporaryFolder();
  world = await smallWorld(STACKS);
});
afterAll(() => work.remove());

async function save(output: BundleOutput, from = world) {
  const plan = await planOf(from);
  const writer = await openBundleWriter({
    output,
    planned: [...contentOf(plan.images)],
    spoolFolder: join(work.path, "spool"),
  });
  const earlier = await openEarlier(output, silentLogger);
  const tools = mirrorTools();
  const { build, source } = from;
  const saved = await saveBundle({
    ...tools,
    ...{ plan, build, source, writer, earlier: earlier?.registry },
  });
  await earlier?.close();
  return { ...saved, items: tools.items };
}

async function load(
  path: string,
  target: MemoryRegistry,
  more: { publicUrl?: string; maxPathDepth?: number } = {},
) {
  const bundle = await openBundle(path);
  try {
    const tools = mirrorTools();
    const done = await loadBundle({
      ...tools,
      bundle,
      target: {
        registry: target,
        location: { registry: "registry.internal:5000", prefix: "mirror" },
        rewrite: "refs",
        pin: "written",
        onExistingTag: "owned",
        publicUrl: more.publicUrl,
        maxPathDepth: more.maxPathDepth,
      },
    });
    return { ...done, items: tools.items };
  } finally {
    await bundle.close();
  }
}

const at = (name: string) => ({ kind: "folder" as const, path: join(work.path, name) });
const tar = (name: string) => ({ kind: "file" as const, path: join(work.path, `${name}.tar`) });

async function devfileOf(registry: MemoryRegistry, stack: string): Promise<string> {
  const build = await readPublishedBuild(registry);
  return textOf(await build.files.read(`stacks/${stack}/devfile.yaml`));
}

async function namesOf(registry: MemoryRegistry): Promise<string[]> {
  return (await readPublishedBuild(registry)).index.map(({ name }) => name);
}

describe("saveBundle()", () => {
  test("gives a folder and a tar that hold the same", async () => {
    const folder = await save(at("same"));
    const file = await save(tar("same"));
    expect(file.bundle?.digest).toBe(folder.bundle?.digest ?? "sha256:none");
    expect(folder.items.failed()).toEqual([]);
    expect(folder.lock.images.map(({ image }) => image)).toEqual([
      "docker.example/library/redis:7",
      "quay.example/tools/go:1",
      "quay.example/tools/node:18",
    ]);
  });

  test("leaves out the stacks of an image that cannot be had, and saves the rest", async () => {
    const lost = { ...world, source: withoutHost(world, "docker.example") };
    const saved = await save(at("broken"), lost);
    expect(saved.items.failed().map(({ name, namedBy }) => [name, namedBy])).toEqual([
      [
        "docker.example/library/redis:7",
        ["stacks/node/devfile.yaml /components/1/container/image"],
      ],
    ]);
    expect(saved.leftOut.join()).toContain("node");
    const target = new MemoryRegistry();
    await load(join(work.path, "broken"), target);
    expect(await namesOf(target)).toEqual(["go", "plain"]);
  });

  test("writes no bundle when no image could be had", async () => {
    const nothing = { ...world, source: () => new MemoryRegistry() };
    const saved = await save(tar("nothing"), nothing);
    expect(saved.bundle).toBeUndefined();
    expect(readdirSync(work.path)).not.toContain("nothing.tar");
  });

  test("keeps what an earlier tar has, and a folder drops what it no longer needs", async () => {
    const first = await save(tar("again"));
    const before = readFileSync(tar("again").path);
    const offline = { ...world, source: onlyManifests(world) };
    const second = await save(tar("again"), offline);
    expect(second.items.failed()).toEqual([]);
    expect(second.bundle).toEqual(first.bundle);
    expect(readFileSync(tar("again").path).equals(before)).toBe(true);
    await save(at("shrinking"));
    const blobs = join(work.path, "shrinking/blobs/sha256");
    const many = readdirSync(blobs).length;
    await save(at("shrinking"), await smallWorld({ go: STACKS.go }));
    expect(readdirSync(blobs).length).toBeLessThan(many);
    const target = new MemoryRegistry();
    await load(join(work.path, "shrinking"), target);
    expect(await namesOf(target)).toEqual(["go"]);
  });
});

describe("loadBundle()", () => {
  test("lets devfiles name the images where they are, kept alive by a tag", async () => {
    await save(tar("loaded"));
    const target = new MemoryRegistry();
    const done = await load(tar("loaded").path, target);
    expect(done.leftOut).toEqual([]);
    expect(done.items.failed()).toEqual([]);
    const devfile = await devfileOf(target, "node");
    expect(devfile).toContain('"registry.internal:5000/mirror/quay.example/tools/node:18"');
    expect(devfile).toContain('"registry.internal:5000/mirror/docker.example/library/redis:7"');
    const source = world.registries.get("quay.example")?.repository("tools/go");
    const go = target.repository("quay.example/tools/go");
    const root = await go.resolve("1");
    expect(root?.digest).toBe((await source?.resolve("1"))?.digest ?? "sha256:none");
    if (root !== undefined) expect(await go.resolve(keepAliveTag(root.digest))).toEqual(root);
  });

  test("sends nothing again, and moves to another public URL", async () => {
    await save(at("twice"));
    const target = new MemoryRegistry();
    await load(join(work.path, "twice"), target);
    const again = await load(join(work.path, "twice"), target, { publicUrl: "http://d.internal" });
    const images = again.items.list().filter(({ kind }) => kind === "image");
    expect(images.map(({ copied, bytes }) => [copied, bytes])).toEqual(images.map(() => [0, 0]));
  });

  test("keeps stacks back from a target whose names are too short for them", async () => {
    await save(at("short"));
    const target = new MemoryRegistry();
    const done = await load(join(work.path, "short"), target, { maxPathDepth: 2 });
    expect(done.published?.stacks).toBeUndefined();
    const names: string[] = [];
    for await (const name of target.repositories()) names.push(name);
    expect(names.sort()).toEqual(["go", "node", "redis"]);
    expect(done.items.failed().map(({ name, state }) => [name, state])).toEqual([
      ["devreg/index:latest", "kept-back"],
    ]);
  });

  test("leaves out what is damaged in the bundle", async () => {
    const saved = await save(at("damaged"));
    const go = saved.lock.images.find(({ image }) => image.includes("tools/go"));
    const path = join(work.path, "damaged/blobs/sha256", (go?.digest ?? "").slice(7));
    await Bun.write(path, readFileSync(path, "utf8").replace("linux", "linuz"));
    const target = new MemoryRegistry();
    const done = await load(join(work.path, "damaged"), target);
    expect([...done.failed]).toEqual(["quay.example/tools/go:1"]);
    expect(await namesOf(target)).toEqual(["node", "plain"]);
    expect(await target.repository("quay.example/tools/go").resolve("1")).toBeUndefined();
  });

  test("refuses a tag that somebody else set, and goes on", async () => {
    await save(at("foreign"));
    const target = new MemoryRegistry();
    const other = world.registries.get("docker.example")?.repository("library/redis");
    const root = await other?.resolve("7");
    if (other === undefined || root === undefined) throw new Error("the sample has it");
    const taken = target.repository("quay.example/tools/go");
    const { createCopier } = await import("../../../src/oci-client/index.ts");
    await createCopier().copyGraph(other, taken, root, { tag: "1" });
    const done = await load(join(work.path, "foreign"), target);
    expect([...done.failed]).toEqual(["quay.example/tools/go:1"]);
    expect((await taken.resolve("1"))?.digest).toBe(root.digest);
    const [failed] = done.items.failed();
    expect(String(failed?.error)).toContain("which devreg did not put there");
  });
});

describe("serveBundle()", () => {
  test("gives the images the names that devfiles get at the public URL", async () => {
    await save(tar("served"));
    const bundle = await openBundle(tar("served").path);
    try {
      const served = serveBundle(bundle);
      const build = await served.at(await bundle.build(), "http://devfiles.internal:8080");
      const devfile = textOf(await build.files.read("stacks/go/devfile.yaml"));
      expect(devfile).toContain('"devfiles.internal:8080/quay.example/tools/go:1"');
      const names: string[] = [];
      for await (const name of served.images.repositories()) names.push(name);
      expect(names).toEqual([
        "docker.example/library/redis",
        "quay.example/tools/go",
        "quay.example/tools/node",
      ]);
      expect(await served.images.repository("quay.example/tools/go").resolve("1")).toBeDefined();
    } finally {
      await bundle.close();
    }
  });
});

/** A world in which one host has nothing. */
function withoutHost({ source }: SmallWorld, host: string): SmallWorld["source"] {
  return (asked) => (asked === host ? new MemoryRegistry() : source(asked));
}

/** A world whose registries no longer give layers. */
function onlyManifests({ source }: SmallWorld): SmallWorld["source"] {
  return (host) => {
    const registry = source(host);
    return {
      repositories: () => registry.repositories(),
      repository: (name) => {
        const repository = registry.repository(name);
        const { fetch } = repository;
        repository.fetch = async (target, options) => {
          if (target.mediaType.includes("layer")) throw new Error("asked for a layer");
          return fetch.call(repository, target, options);
        };
        return repository;
      },
    };
  };
}
