import { describe, expect, test } from "bun:test";
import { readAll, textOf } from "../../../src/bytes.ts";
import type { Generation } from "../../../src/cli/serve/generation.ts";
import { contentOf } from "../../../src/cli/serve/generation-content.ts";
import { Retired } from "../../../src/cli/serve/retired.ts";
import { fetchManifest, type ReadonlyRegistry } from "../../../src/oci-client/index.ts";
import { RETIRED_ARTIFACTS, RETIRED_GRACE_MS } from "../../../src/update-limits.ts";
import { fakeClock } from "../../support/clock.ts";
import { sampleGeneration } from "../../support/sample-generation.ts";

async function namesOf(registry: ReadonlyRegistry): Promise<string[]> {
  return await Array.fromAsync(registry.repositories());
}

function rootOf({ stacks }: Generation, name: string) {
  const found = stacks.artifacts.find(({ stack, version }) => `${stack}:${version}` === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

describe("contentOf()", () => {
  test("has stacks and index by tag and digest", async () => {
    const generation = await sampleGeneration(1);
    const content = contentOf(generation, new Retired(() => 0));
    expect(await namesOf(content)).toEqual([
      "devfile-catalog/go",
      "devfile-catalog/python",
      "devreg/index",
    ]);
    const { repository, descriptor } = rootOf(generation, "go:2.0.0");
    const go = content.repository(repository);
    expect(await go.resolve("2.0.0")).toEqual(descriptor);
    expect(await go.resolve(descriptor.digest)).toEqual(descriptor);
    expect(await Array.fromAsync(go.tags())).toEqual(["1.0.0", "2.0.0"]);
    const latest = await content.repository("devreg/index").resolve("latest");
    expect(latest).toEqual(generation.index.descriptor);
    expect(await content.repository("other").resolve("latest")).toBeUndefined();
  });

  test("has what older generations had, by digest and for a while", async () => {
    const clock = fakeClock();
    const retired = new Retired(clock.nowMs);
    const before = await sampleGeneration(1);
    const after = await sampleGeneration(2, { withoutPython: true });
    await retired.replace(before, after);
    const content = contentOf(after, retired);
    for (const name of ["python:3.1.0", "go:2.0.0"]) {
      const { repository, tag, descriptor } = rootOf(before, name);
      const older = content.repository(repository);
      expect(await older.resolve(descriptor.digest)).toEqual(descriptor);
      expect((await older.resolve(tag))?.digest).not.toBe(descriptor.digest);
      const { manifest } = await fetchManifest(older, descriptor);
      const [layer] = manifest.kind === "image" ? manifest.layers : [];
      if (layer === undefined) throw new Error("it has layers");
      expect(await older.resolveBlob(layer.digest)).toBeDefined();
      const text = textOf(await readAll(await older.fetch(layer), layer.size, "layer"));
      expect(text).toContain(name.startsWith("go") ? "minute 1" : "python");
    }
    clock.advance(RETIRED_GRACE_MS + 1);
    const { repository, descriptor } = rootOf(before, "python:3.1.0");
    expect(await content.repository(repository).resolve(descriptor.digest)).toBeUndefined();
    expect(retired.list()).toEqual([]);
  });

  test("what comes back is retired no more", async () => {
    const retired = new Retired(() => 0);
    const [one, two] = [await sampleGeneration(1), await sampleGeneration(2)];
    await retired.replace(one, two);
    await retired.replace(two, one);
    expect(retired.list().map(({ descriptor }) => descriptor)).toEqual([
      rootOf(two, "go:2.0.0").descriptor,
    ]);
  });
});

describe("Retired", () => {
  test("keeps no more than its bound, the newest", async () => {
    const retired = new Retired(() => 0);
    const generation = await sampleGeneration(1);
    const { repository, descriptor } = rootOf(generation, "go:2.0.0");
    for (let count = 0; count <= RETIRED_ARTIFACTS; count += 1) {
      await retired.add(
        repository,
        { ...descriptor, size: count },
        { ...generation, medium: "folder" },
      );
    }
    const sizes = retired.list().map((each) => each.descriptor.size);
    expect([sizes.length, sizes[0], sizes.at(-1)]).toEqual([
      RETIRED_ARTIFACTS,
      1,
      RETIRED_ARTIFACTS,
    ]);
  });
});
