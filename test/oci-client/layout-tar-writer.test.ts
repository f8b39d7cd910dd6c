import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { readAll, textOf, utf8 } from "../../src/bytes.ts";
import { eachBounded } from "../../src/concurrent.ts";
import {
  createTarLayout,
  type Descriptor,
  openTarLayout,
  type TarLayoutOptions,
} from "../../src/oci-client/index.ts";
import {
  artifactOf,
  blobOf,
  blobOfSize,
  imageIndexOf,
  inChunks,
  pushGraph,
  type Sample,
  type SampleGraph,
} from "../support/sample-content.ts";
import { descriptorsOf, PROGRAM, sink, tarFile, tarIn } from "../support/tar-layout.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { codeOf, describeRepository } from "./behaviour.ts";

setDefaultTimeout(60_000);

describeRepository("a tar file that is being written", async () => {
  const folder = await temporaryFolder();
  const writer = await tarFile(folder.path, []);
  const close = async () => {
    await writer.abort();
    await folder.remove();
  };
  return { repository: writer.repository("devfile-catalog/go"), close };
});

/** Some images that share a layer, all that they need, and an order that puts children first. */
function imagesOf(sizes: readonly number[]): { graphs: SampleGraph[]; planned: Descriptor[] } {
  const graphs = sizes.map((size, number) => {
    const image = artifactOf(["shared", `${number} `.repeat(size)]);
    return number % 3 === 0 ? imageIndexOf([image, artifactOf([`arm64 ${number}`])]) : image;
  });
  const all = graphs.flatMap(({ root, below }) => [...below, root]);
  return { graphs, planned: descriptorsOf(all) };
}

interface Push {
  readonly graph: SampleGraph;
  readonly number: number;
}

/** Writes images in that order and so many at once, and gives the bytes of the tar. */
async function bytesOf(
  folder: string,
  pushes: readonly Push[],
  atOnce: number,
  options: Partial<TarLayoutOptions> & Pick<TarLayoutOptions, "planned">,
): Promise<Buffer> {
  const stream = sink();
  const toFile = options.output === undefined;
  const output = toFile ? ({ kind: "file", path: tarIn(folder) } as const) : stream.output;
  const writer = await tarFile(folder, options.planned, { ...options, output });
  await eachBounded(pushes, atOnce, async ({ graph, number }) => {
    const repository = writer.repository(`host:5000/image/${number}`);
    await eachBounded(graph.below, atOnce, async ({ descriptor, bytes }) => {
      const manifest = descriptor.mediaType.includes("manifest");
      if (!manifest) await repository.push(descriptor, inChunks(bytes, 1000));
    });
    await pushGraph(repository, graph);
    await repository.tag(graph.root.descriptor, "1.0");
  });
  const { bytes } = await writer.finish();
  const written = toFile ? await readFile(tarIn(folder)) : stream.bytes();
  expect(bytes).toBe(written.byteLength);
  expect(existsSync(join(folder, "spool"))).toBe(false);
  return written;
}

describe("createTarLayout()", () => {
  test("gives the same bytes whatever the order and timing of the pushes, to a file or a stream", async () => {
    const cases = fc.record({
      sizes: fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 5 }),
      seed: fc.array(fc.double({ noNaN: true }), { minLength: 40, maxLength: 40 }),
      plannedShare: fc.constantFrom(0, 0.5, 1),
      atOnce: fc.integer({ min: 1, max: 8 }),
      spoolBytes: fc.constantFrom(0, 20_000, 1_000_000),
      stream: fc.boolean(),
    });
    const run = async (one: typeof cases extends fc.Arbitrary<infer Case> ? Case : never) => {
      const { graphs, planned: all } = imagesOf(one.sizes);
      const planned = all.slice(0, all.length * one.plannedShare);
      const pushes = graphs.map((graph, number) => ({ graph, number }));
      await using folder = await temporaryFolder();
      const expected = await bytesOf(folder.path, pushes, 1, { planned });
      const shuffled = pushes.toSorted(
        (a, b) => (one.seed[a.number] ?? 0) - (one.seed[b.number] ?? 0),
      );
      const actual = await bytesOf(folder.path, shuffled, one.atOnce, {
        planned,
        spoolBytes: one.spoolBytes,
        ...(one.stream ? { output: { kind: "stream", write: async () => undefined } } : {}),
      });
      expect(actual.equals(expected)).toBe(true);
    };
    await fc.assert(fc.asyncProperty(cases, run), { numRuns: 60 });
  });

  test("puts the head first, then the plan in its order, then the rest by digest, the roots last", async () => {
    await using folder = await temporaryFolder();
    const blobs = ["a", "b", "c", "d"].map((text) => blobOf(text));
    const [a, b, c, d] = blobs as [Sample, Sample, Sample, Sample];
    const writer = await tarFile(folder.path, descriptorsOf([c, a]));
    for (const { descriptor, bytes } of [d, a, b, c]) {
      await writer.repository("x").push(descriptor, bytes);
    }
    const result = await writer.finish();
    expect(result).toMatchObject({ blobs: 4 });
    const tar = textOf(await readFile(tarIn(folder.path)));
    const names = [...tar.matchAll(/(devreg|oci-layout|index\.json|blobs\/[^\0]*)\0+\d{7}\0/g)];
    const rest = descriptorsOf([b, d]).map(({ digest }) => digest);
    const digests = [c.descriptor.digest, a.descriptor.digest, ...rest.sort()];
    expect(names.map(([, name]) => name)).toEqual([
      "devreg",
      "oci-layout",
      "blobs/",
      "blobs/sha256/",
      ...digests.map((digest) => `blobs/${digest.replace(":", "/")}`),
      "index.json",
    ]);
    expect(tar.slice(0, 116)).toBe(`devreg${"\0".repeat(94)}0000755\x000000000\0`);
  });

  test("an untagged root below another is none, whichever came first", async () => {
    await using folder = await temporaryFolder();
    const child = artifactOf(["child"]);
    const parent = imageIndexOf([child]);
    const writer = await tarFile(folder.path, []);
    const repository = writer.repository("multi");
    await pushGraph(repository, parent);
    await repository.push(child.root.descriptor, child.root.bytes);
    await writer.finish();
    await using registry = await openTarLayout(tarIn(folder.path));
    const roots = (await readFile(tarIn(folder.path), "utf8")).match(/"manifests":\[.*?\]/g) ?? [];
    expect(roots.at(-1)).toContain(`multi@${parent.root.descriptor.digest}`);
    expect(roots.at(-1)).not.toContain(`multi@${child.root.descriptor.digest}`);
    expect(await registry.repository("multi").exists(child.root.descriptor)).toBe(true);
  });

  test("content that fails on its way into the file leaves no trace", async () => {
    await using folder = await temporaryFolder();
    await using other = await temporaryFolder();
    const [first, second] = [blobOfSize(300_000, 1), blobOfSize(300_000, 2)];
    const planned = descriptorsOf([first, second]);
    const writer = await tarFile(folder.path, planned);
    const repository = writer.repository("x");
    const wrong = inChunks(second.bytes, 1000);
    expect(await codeOf(repository.push(first.descriptor, wrong))).toBe("DIGEST_MISMATCH");
    expect(await codeOf(repository.push(first.descriptor, inChunks(new Uint8Array(9), 1)))).toBe(
      "SIZE_MISMATCH",
    );
    expect(await repository.exists(first.descriptor)).toBe(false);
    const plain = await tarFile(other.path, planned);
    for (const one of [repository, plain.repository("x")]) {
      await one.push(first.descriptor, inChunks(first.bytes, 999));
      await one.push(second.descriptor, inChunks(second.bytes, 999));
    }
    await writer.finish();
    await plain.finish();
    expect(await readFile(tarIn(folder.path))).toEqual(await readFile(tarIn(other.path)));
  });

  test("on a stream nothing is written of content that proves wrong", async () => {
    await using folder = await temporaryFolder();
    const stream = sink();
    const blob = blobOfSize(300_000, 1);
    const { output } = stream;
    const writer = await tarFile(folder.path, [blob.descriptor], { output });
    const before = stream.bytes().byteLength;
    const wrong = inChunks(blobOfSize(300_000, 2).bytes, 1000);
    const repository = writer.repository("x");
    expect(await codeOf(repository.push(blob.descriptor, wrong))).toBe("DIGEST_MISMATCH");
    expect(stream.bytes().byteLength).toBe(before);
    await repository.push(blob.descriptor, inChunks(blob.bytes, 1000));
    await writer.finish();
    await writeFile(tarIn(folder.path), stream.bytes());
    await using registry = await openTarLayout(tarIn(folder.path));
    expect(await registry.files.list()).toEqual([{ name: "devreg", size: 12, mode: 0o755 }]);
  });

  test("what was pushed can be read back, from wherever it is", async () => {
    await using folder = await temporaryFolder();
    const blobs = [blobOf("next"), blobOfSize(100_000, 1), blobOf("small"), blobOfSize(90_000, 2)];
    const writer = await tarFile(folder.path, descriptorsOf(blobs.toReversed()));
    const repository = writer.repository("x");
    const readBack = async ({ descriptor, bytes }: Sample) => {
      const whole = await readAll(await repository.fetch(descriptor), 999_999, "it");
      expect(Bun.hash(whole)).toBe(Bun.hash(bytes));
      const part = await repository.fetch(descriptor, { offset: 1, length: 2 });
      expect(await readAll(part, 99, "it")).toEqual(bytes.subarray(1, 3));
    };
    for (const blob of blobs) {
      await repository.push(blob.descriptor, inChunks(blob.bytes, 999));
      for (const known of blobs.slice(0, blobs.indexOf(blob) + 1)) await readBack(known);
    }
    await writer.finish();
  });

  test("on a stream manifests can be read back, blobs that have gone out cannot", async () => {
    await using folder = await temporaryFolder();
    const graph = artifactOf(["gone"]);
    const planned = descriptorsOf([...graph.below, graph.root]);
    const writer = await tarFile(folder.path, planned, { output: sink().output });
    const repository = writer.repository("x");
    await pushGraph(repository, graph);
    await repository.tag(graph.root.descriptor, "1.0");
    expect(await repository.resolve("1.0")).toMatchObject({
      digest: graph.root.descriptor.digest,
    });
    const gone = graph.below[1]?.descriptor ?? graph.root.descriptor;
    await writer.finish();
    const read = async (target: Descriptor) => readAll(await repository.fetch(target), 999, "it");
    expect(await read(graph.root.descriptor)).toEqual(graph.root.bytes);
    expect(await codeOf(read(gone))).toBe("UNSUPPORTED");
  });

  test("a file that was there is replaced only by a whole one", async () => {
    await using folder = await temporaryFolder();
    await writeFile(tarIn(folder.path), "the old one");
    const writer = await tarFile(folder.path, []);
    await writer.repository("x").push(blobOf("1").descriptor, blobOf("1").bytes);
    expect(await readFile(tarIn(folder.path), "utf8")).toBe("the old one");
    await writer.abort();
    expect(await readFile(tarIn(folder.path), "utf8")).toBe("the old one");
    const again = await tarFile(folder.path, []);
    await again.finish();
    expect((await readFile(tarIn(folder.path))).byteLength).toBeGreaterThan(2000);
    expect(await readdir(folder.path)).toEqual(["bundle.tar"]);
  });

  const refused: readonly (readonly [string, Partial<TarLayoutOptions>])[] = [
    ["a head file named as the roots", { head: [{ ...PROGRAM, name: "index.json" }] }],
    ["a head file with a path", { head: [{ ...PROGRAM, name: "a/b" }] }],
    ["a folder in place of the file", { output: { kind: "file", path: "/tmp" } }],
  ];
  for (const [what, options] of refused) {
    test(`refuses ${what}`, async () => {
      await using folder = await temporaryFolder();
      expect(await codeOf(tarFile(folder.path, [], options))).toBe("INPUT_INVALID");
    });
  }

  test("refuses a head file of another size than it says", async () => {
    await using folder = await temporaryFolder();
    for (const text of ["too short", "much too long"]) {
      const options = {
        planned: [],
        head: [{ ...PROGRAM, content: inChunks(utf8(text), 3) }],
        spoolFolder: join(folder.path, "spool"),
        output: { kind: "file", path: tarIn(folder.path) },
      } as const;
      expect(await codeOf(createTarLayout(options))).toBe("SIZE_MISMATCH");
    }
  });
});
