import { describe, expect, test } from "bun:test";
import { readAll, utf8 } from "../../src/bytes.ts";
import { MANIFEST_BYTES } from "../../src/limits.ts";
import {
  buildManifest,
  describe as describeBytes,
  MemoryRegistry,
  MemoryRepository,
} from "../../src/oci-client/index.ts";
import { artifactOf, blobOf, pushGraph } from "../support/sample-content.ts";
import { describeRepository } from "./behaviour.ts";

describeRepository("MemoryRepository", async () => ({
  repository: new MemoryRepository(),
  close: async () => undefined,
}));

describe("MemoryRepository.add() and addManifest()", () => {
  test("store what push() and tag() would", async () => {
    const [added, pushed] = [new MemoryRepository(), new MemoryRepository()];
    const bytes = utf8("layer");
    const layer = describeBytes("text/plain", bytes, { title: "a" });
    expect(added.add("text/plain", bytes, { title: "a" })).toEqual(layer);
    const parts = { config: added.add("application/json", utf8("{}")), layers: [layer] };
    const root = added.addManifest(parts, "1.0.0");
    const manifest = buildManifest(parts);
    expect(root).toEqual(manifest.descriptor);
    await pushed.push(layer, bytes);
    await pushed.tag(root, "1.0.0", manifest.bytes);
    for (const repository of [added, pushed]) {
      expect(await repository.resolve("1.0.0")).toEqual(root);
      expect(await readAll(await repository.fetch(layer), 10, "layer")).toEqual(bytes);
      expect(await readAll(await repository.fetch(root), 1000, "root")).toEqual(manifest.bytes);
    }
  });

  test("refuse what is no tag", () => {
    const repository = new MemoryRepository();
    const config = repository.add("application/json", utf8("{}"));
    expect(() => repository.addManifest({ config, layers: [] }, "a/b")).toThrow("not a tag");
  });

  test("refuse a manifest that is too large", () => {
    const repository = new MemoryRepository();
    const config = repository.add("application/json", utf8("{}"), {
      a: "x".repeat(MANIFEST_BYTES),
    });
    expect(() => repository.addManifest({ config, layers: [] }, "a")).toThrow("Cannot store");
  });
});

describe("MemoryRegistry", () => {
  test("repository() gives the same repository for the same name", async () => {
    const registry = new MemoryRegistry();
    const { descriptor, bytes } = blobOf("shared by name");
    await registry.repository("a").push(descriptor, bytes);
    expect(await registry.repository("a").exists(descriptor)).toBe(true);
    expect(await registry.repository("b").exists(descriptor)).toBe(false);
  });

  test("repositories() lists names in byte order, those without content not at all", async () => {
    const registry = new MemoryRegistry();
    registry.repository("only-asked-for");
    for (const name of ["b", "a/z", "a"]) {
      await pushGraph(registry.repository(name), artifactOf([name]));
    }
    expect(await Array.fromAsync(registry.repositories())).toEqual(["a", "a/z", "b"]);
  });
});
