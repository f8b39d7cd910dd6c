import { describe, expect, test } from "bun:test";
import { MemoryRegistry, MemoryRepository } from "../../src/oci-client/index.ts";
import { artifactOf, blobOf, pushGraph } from "../support/sample-content.ts";
import { describeRepository } from "./behaviour.ts";

describeRepository("MemoryRepository", async () => ({
  repository: new MemoryRepository(),
  close: async () => undefined,
}));

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
