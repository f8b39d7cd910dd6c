import { describe, expect, test } from "bun:test";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { textOf } from "../../../src/bytes.ts";
import { DataFolder } from "../../../src/cli/serve/data-folder.ts";
import { contentOf } from "../../../src/cli/serve/generation-content.ts";
import { RegistryStore } from "../../../src/cli/serve/registry-store.ts";
import { Retired } from "../../../src/cli/serve/retired.ts";
import { silentLogger } from "../../../src/log.ts";
import { MemoryRegistry } from "../../../src/oci-client/index.ts";
import { failureOf } from "../../support/remote.ts";
import { sampleGeneration } from "../../support/sample-generation.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const TOOL = { version: "1.2.3", commit: "" };

async function blobsIn(folder: string): Promise<number> {
  return (await readdir(join(folder, "generation/blobs/sha256"))).length;
}

describe("DataFolder", () => {
  test("gives back what was kept last, whole", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "data");
    const first = await DataFolder.open(path, TOOL);
    expect(await first.load(silentLogger)).toBeUndefined();
    await first.keep(await sampleGeneration(1));
    const generation = await sampleGeneration(2);
    expect(await first.keep(generation)).toBe(generation);
    const again = await DataFolder.open(path, TOOL);
    const kept = await again.load(silentLogger);
    expect(kept?.index.descriptor).toEqual(generation.index.descriptor);
    expect(kept?.stacks.artifacts).toEqual(generation.stacks.artifacts);
    expect(kept?.medium).toBe("folder");
    const devfile = await kept?.build.files.read("stacks/go/2.0.0/devfile.yaml");
    expect(textOf(devfile ?? new Uint8Array())).toBe("minute 2");
  });

  test("gives what comes from a registry as it can be read from the disk", async () => {
    await using folder = await temporaryFolder();
    const data = await DataFolder.open(folder.path, TOOL);
    const registry = new MemoryRegistry();
    const signal = new AbortController().signal;
    const store = new RegistryStore({ registry, log: silentLogger, signal });
    await store.publish(await sampleGeneration(1), "update");
    store.forget();
    const latest = await store.latest();
    if (latest === undefined) throw new Error("it was put");
    const read = await store.read(latest, undefined);
    const kept = await data.keep(read);
    expect(kept).toMatchObject({ medium: "folder", origin: "registry" });
    expect(kept.stacks.registry).not.toBe(registry);
    expect(kept.stacks.artifacts).toEqual(read.stacks.artifacts);
  });

  test("lets older stack versions be pulled by digest after a restart, until it is tidied", async () => {
    await using folder = await temporaryFolder();
    const data = await DataFolder.open(folder.path, TOOL);
    const older = await sampleGeneration(1);
    const newer = await sampleGeneration(2, { withoutPython: true });
    await data.keep(older);
    await data.keep(newer);
    const again = await DataFolder.open(folder.path, TOOL);
    const kept = await again.load(silentLogger);
    if (kept === undefined) throw new Error("it was kept");
    const retired = new Retired(() => 0);
    const isThere = async () => {
      const content = contentOf(kept, retired);
      const python = older.stacks.artifacts.find(({ stack }) => stack === "python");
      const names = await Array.fromAsync(content.repositories());
      const repository = content.repository(python?.repository ?? "");
      const found = python && (await repository.resolve(python.descriptor.digest));
      return [names.includes(python?.repository ?? ""), found !== undefined];
    };
    expect(await isThere()).toEqual([true, true]);
    const before = await blobsIn(folder.path);
    await again.prune(kept, retired);
    expect(await blobsIn(folder.path)).toBeLessThan(before);
    expect(await isThere()).toEqual([false, false]);
    expect(await again.keep(older)).toBe(older);
    const back = await (await DataFolder.open(folder.path, TOOL)).load(silentLogger);
    expect(back?.index.descriptor).toEqual(older.index.descriptor);
  });

  test("keeps what is retired when it is tidied", async () => {
    await using folder = await temporaryFolder();
    const data = await DataFolder.open(folder.path, TOOL);
    const [older, newer] = [await sampleGeneration(1), await sampleGeneration(2)];
    await data.keep(older);
    await data.keep(newer);
    const retired = new Retired(() => 0);
    await retired.replace(older, newer);
    const before = await blobsIn(folder.path);
    await data.prune(newer, retired);
    // The manifest and the config of the older index artifact.
    expect(await blobsIn(folder.path)).toBe(before - 2);
  });

  test("keeps the generation that it has whole when a later one is served without it", async () => {
    await using folder = await temporaryFolder();
    const data = await DataFolder.open(folder.path, TOOL);
    const kept = await sampleGeneration(1);
    await data.keep(kept);
    await data.prune(await sampleGeneration(2, { withoutPython: true }), new Retired(() => 0));
    const again = await DataFolder.open(folder.path, TOOL);
    const back = await again.load(silentLogger);
    if (back === undefined) throw new Error("it was kept");
    expect(back.index.descriptor).toEqual(kept.index.descriptor);
    for (const { repository, descriptor } of kept.stacks.artifacts) {
      expect(await back.stacks.registry.repository(repository).exists(descriptor)).toBe(true);
    }
    await again.prune(await sampleGeneration(2, { withoutPython: true }), new Retired(() => 0));
    expect(await again.load(silentLogger)).toBeDefined();
  });

  test("names the folder whose layout is damaged, and says what to do", async () => {
    await using folder = await temporaryFolder();
    await (await DataFolder.open(folder.path, TOOL)).keep(await sampleGeneration(1));
    await writeFile(join(folder.path, "generation/index.json"), "{");
    const damaged = await failureOf(DataFolder.open(folder.path, TOOL));
    expect(damaged.message).toStartWith(`Cannot use --data-dir "${folder.path}": `);
    expect(damaged.hint).toBe("Name a folder of its own, or remove what is in it");
  });

  test("does without what is damaged", async () => {
    await using folder = await temporaryFolder();
    const data = await DataFolder.open(folder.path, TOOL);
    const generation = await sampleGeneration(1);
    await data.keep(generation);
    const { digest } = generation.index.descriptor;
    const blob = join(folder.path, "generation/blobs", digest.replace(":", "/"));
    await writeFile(blob, "damaged");
    const again = await DataFolder.open(folder.path, TOOL);
    expect(await again.load(silentLogger)).toBeUndefined();
  });

  test("refuses the folder of a newer version, and one that is something else", async () => {
    await using folder = await temporaryFolder();
    const marker = join(folder.path, "data.json");
    await writeFile(marker, JSON.stringify({ format: "2.0", tool: { version: "9.9.9" } }));
    const newer = await failureOf(DataFolder.open(folder.path, TOOL));
    expect(newer).toMatchObject({ code: "UNSUPPORTED" });
    expect(newer.hint).toContain("9.9.9");
    for (const text of ["no json", '{"format":1}']) {
      await writeFile(marker, text);
      const damaged = await failureOf(DataFolder.open(folder.path, TOOL));
      expect(damaged.code).toBe("INPUT_INVALID");
    }
  });
});
