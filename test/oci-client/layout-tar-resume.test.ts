import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eachBounded } from "../../src/concurrent.ts";
import type { Descriptor, TarLayoutOptions, TarLayoutWriter } from "../../src/oci-client/index.ts";
import {
  artifactOf,
  blobOf,
  blobOfSize,
  inChunks,
  type Sample,
} from "../support/sample-content.ts";
import { smallVolume } from "../support/small-volume.ts";
import { PROGRAM, tarFile, tarIn } from "../support/tar-layout.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

setDefaultTimeout(60_000);

const GRAPH = artifactOf(["one", "two".repeat(30_000), "three"]);
const LATE = blobOf("nobody planned this");
const SAMPLES = [...GRAPH.below, GRAPH.root];
const PLANNED = SAMPLES.map(({ descriptor }) => descriptor);

/** Pushes the sample, and gives what was read from the source. */
async function pushAll(writer: TarLayoutWriter): Promise<Descriptor[]> {
  const read: Descriptor[] = [];
  const repository = writer.repository("go");
  for (const { descriptor, bytes } of [...GRAPH.below, LATE]) {
    if (await repository.exists(descriptor)) continue;
    read.push(descriptor);
    await repository.push(descriptor, inChunks(bytes, 5000));
  }
  await repository.tag(GRAPH.root.descriptor, "1.0", GRAPH.root.bytes);
  return read;
}

describe("an unfinished tar", () => {
  let whole: Buffer;
  beforeAll(async () => {
    await using folder = await temporaryFolder();
    const writer = await tarFile(folder.path, PLANNED);
    await pushAll(writer);
    await writer.finish();
    whole = await readFile(tarIn(folder.path));
  });

  /** Where the content of a blob stands in the whole tar, and where the next entry begins. */
  function placeOf({ descriptor: { digest, size } }: Sample) {
    const start = whole.indexOf(digest.replace("sha256:", "")) - "blobs/sha256/".length + 512;
    return { start, end: start + size, next: start + Math.ceil(size / 512) * 512 };
  }

  async function resumeFrom(partial: Uint8Array, options: Partial<TarLayoutOptions> = {}) {
    await using folder = await temporaryFolder();
    await writeFile(`${tarIn(folder.path)}.partial`, partial);
    const writer = await tarFile(folder.path, PLANNED, options);
    const read = await pushAll(writer);
    await writer.finish();
    expect(await readdir(folder.path)).toEqual(["bundle.tar"]);
    return { resumed: writer.resumed, read, bytes: await readFile(tarIn(folder.path)) };
  }

  test("cut off anywhere is completed to the same bytes; whole blobs are not read again", async () => {
    const places = SAMPLES.map(placeOf);
    const edges = places.flatMap(({ start, end, next }) => [start - 512, start, end, next]);
    const around = edges.flatMap((edge) => [edge - 1, edge, edge + 1]);
    const end = whole.byteLength;
    for (const length of [0, 1, 511, 512, 513, 1024, 1600, ...around, end - 1024, end - 1, end]) {
      const { resumed, read, bytes } = await resumeFrom(whole.subarray(0, length));
      expect(bytes.equals(whole)).toBe(true);
      const there = places.filter(({ next }) => next <= length).length;
      expect(resumed.blobs).toBe(there);
      const expected = [...GRAPH.below.slice(there), LATE].map(({ descriptor }) => descriptor);
      expect(read).toEqual(expected);
    }
  });

  test("with one changed byte is kept up to the entry that it is in", async () => {
    const places = SAMPLES.map(placeOf);
    const spots = places.flatMap(({ start, end, next }, number) => [
      { position: start - 500, number },
      { position: start, number },
      { position: end - 1, number },
      ...(end < next ? [{ position: end, number }] : []),
    ]);
    for (const { position, number } of [{ position: 520, number: 0 }, ...spots]) {
      const damaged = Uint8Array.from(whole);
      damaged[position] = (damaged[position] ?? 0) ^ 1;
      const { resumed, bytes } = await resumeFrom(damaged);
      expect(bytes.equals(whole)).toBe(true);
      expect(resumed.blobs).toBe(number);
    }
  });

  test("of another head is begun anew", async () => {
    const head = [{ ...PROGRAM, content: Buffer.from("new program!") }];
    const { resumed } = await resumeFrom(whole, { head });
    expect(resumed).toEqual({ bytes: 0, blobs: 0 });
  });

  test("of other content, and longer, leaves nothing behind", async () => {
    const { bytes } = await resumeFrom(new Uint8Array(1_000_000).fill(120));
    expect(bytes.equals(whole)).toBe(true);
  });

  test("blobs that waited in the spool are taken over when they are whole, the rest is removed", async () => {
    await using folder = await temporaryFolder();
    const spool = join(folder.path, "spool");
    const [first, second, third] = GRAPH.below;
    if (first === undefined || second === undefined || third === undefined) throw new Error();
    const nameOf = ({ descriptor }: Sample) => descriptor.digest.replace(":", "-");
    await mkdir(spool);
    await writeFile(join(spool, nameOf(third)), third.bytes);
    await writeFile(join(spool, nameOf(second)), "wr");
    await writeFile(join(spool, `${nameOf(first)}.partial`), "half");
    await writeFile(join(spool, nameOf(LATE)), LATE.bytes);
    await writeFile(join(spool, "not ours"), "kept");
    const writer = await tarFile(folder.path, PLANNED);
    expect((await readdir(spool)).sort()).toEqual(["not ours", nameOf(third)]);
    const read = await pushAll(writer);
    expect(read).not.toContainEqual(third.descriptor);
    await writer.finish();
    expect((await readFile(tarIn(folder.path))).equals(whole)).toBe(true);
    expect(await readdir(spool)).toEqual(["not ours"]);
  });

  test("abort() leaves what the next run goes on with", async () => {
    await using folder = await temporaryFolder();
    const writer = await tarFile(folder.path, PLANNED);
    const repository = writer.repository("go");
    for (const { descriptor, bytes } of GRAPH.below.slice(0, 2)) {
      await repository.push(descriptor, inChunks(bytes, 999));
    }
    await writer.abort();
    const again = await tarFile(folder.path, PLANNED);
    expect(again.resumed.blobs).toBe(2);
    expect((await pushAll(again)).length).toBe(GRAPH.below.length - 2 + 1);
    await again.finish();
    expect((await readFile(tarIn(folder.path))).equals(whole)).toBe(true);
  });
});

describe("a tar on a full volume", () => {
  const blobs = [1, 2, 3, 4, 5, 6].map((seed) => blobOfSize(400_000, seed));
  const planned = blobs.map(({ descriptor }) => descriptor);
  const pushInto = (writer: TarLayoutWriter) =>
    Promise.allSettled(
      blobs.map(async ({ descriptor, bytes }) => {
        const repository = writer.repository("x");
        if (!(await repository.exists(descriptor))) {
          await repository.push(descriptor, inChunks(bytes, 50_000));
        }
      }),
    );

  test("fails with a hint, and goes on where it was once there is space", async () => {
    await using volume = await smallVolume(1024 * 1024);
    await using spool = await temporaryFolder();
    const options = { spoolFolder: spool.path };
    const writer = await tarFile(volume.path, planned, options);
    await pushInto(writer);
    const error = await writer.finish().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "IO", hint: expect.stringContaining("Free space") });
    await writer.abort();
    const partial = await readFile(`${tarIn(volume.path)}.partial`);
    await using roomy = await temporaryFolder();
    await writeFile(`${tarIn(roomy.path)}.partial`, partial);
    const again = await tarFile(roomy.path, planned, options);
    expect(again.resumed.blobs).toBe(2);
    await pushInto(again);
    await again.finish();
    await using plain = await temporaryFolder();
    const other = await tarFile(plain.path, planned);
    await pushInto(other);
    await other.finish();
    const bytes = await readFile(tarIn(roomy.path));
    expect(bytes.equals(await readFile(tarIn(plain.path)))).toBe(true);
  });

  test("a full spool fails the push alone, with a hint", async () => {
    await using volume = await smallVolume(256 * 1024);
    await using folder = await temporaryFolder();
    const spoolFolder = join(volume.path, "spool");
    const writer = await tarFile(folder.path, planned, { spoolFolder });
    const repository = writer.repository("x");
    const [first, second] = blobs;
    if (first === undefined || second === undefined) throw new Error();
    const early = repository.push(second.descriptor, inChunks(second.bytes, 50_000));
    expect(await early.catch((reason: unknown) => reason)).toMatchObject({
      code: "IO",
      hint: expect.stringContaining("Free space"),
    });
    for (const { descriptor, bytes } of [first, second]) {
      await repository.push(descriptor, inChunks(bytes, 50_000));
    }
    expect(await writer.finish()).toMatchObject({ blobs: 2 });
  });
});

test("2,000 blobs pushed in a mixed order stand in the order of the plan", async () => {
  await using folder = await temporaryFolder();
  const samples = Array.from({ length: 2000 }, (_, number) => blobOf(`blob ${number} `.repeat(99)));
  const planned = samples.map(({ descriptor }) => descriptor);
  const writer = await tarFile(folder.path, planned);
  const mixed = samples.toSorted((a, b) => (a.descriptor.digest < b.descriptor.digest ? -1 : 1));
  await eachBounded(mixed, 16, ({ descriptor, bytes }) =>
    writer.repository("x").push(descriptor, inChunks(bytes, 300)),
  );
  expect(await writer.finish()).toMatchObject({ blobs: 2000 });
  const written = await readFile(tarIn(folder.path), "latin1");
  const order = [...written.matchAll(/blobs\/sha256\/([0-9a-f]{64})/g)].map(([, hex]) => hex);
  expect(order).toEqual(planned.map(({ digest }) => digest.replace("sha256:", "")));
});
