import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ByteStream, textOf } from "../../src/bytes.ts";
import { DevregError } from "../../src/errors.ts";
import { TarOrder } from "../../src/oci-client/layout-tar-order.ts";
import { TarTurns } from "../../src/oci-client/layout-tar-turns.ts";
import { blobOf, blobOfSize, inChunks, type Sample } from "../support/sample-content.ts";
import { descriptorsOf, sink, tarFile, tarIn } from "../support/tar-layout.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { codeOf } from "./behaviour.ts";

setDefaultTimeout(60_000);

describe("the turns of what is pushed into a tar", () => {
  test("skip() lets the order go on; what comes after all stands at the end", async () => {
    await using folder = await temporaryFolder();
    const samples = ["1", "2", "3", "4"].map((text) => blobOf(text));
    const [one, two, three, four] = samples as [Sample, Sample, Sample, Sample];
    const writer = await tarFile(folder.path, descriptorsOf(samples));
    const repository = writer.repository("x");
    for (const { descriptor, bytes } of [two, four]) await repository.push(descriptor, bytes);
    writer.skip(one.descriptor);
    writer.skip(three.descriptor);
    writer.skip(two.descriptor);
    await repository.push(one.descriptor, one.bytes);
    await writer.finish();
    const tar = textOf(await readFile(tarIn(folder.path)));
    const order = [two, four, one].map(({ descriptor }) =>
      tar.indexOf(descriptor.digest.replace("sha256:", "")),
    );
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(order.every((position) => position > 0)).toBe(true);
    expect(tar).not.toContain(three.descriptor.digest.replace("sha256:", ""));
  });

  test("skip() of what is being pushed counts only if that push fails", async () => {
    await using folder = await temporaryFolder();
    const [first, second] = [blobOfSize(200_000, 1), blobOfSize(200_000, 2)];
    for (const fails of [true, false]) {
      const writer = await tarFile(folder.path, descriptorsOf([first, second]));
      const gate = Promise.withResolvers<void>();
      const slow = async function* (): ByteStream {
        yield first.bytes.subarray(0, 100_000);
        await gate.promise;
        if (fails) throw new DevregError("NETWORK", "Cannot read the source: it broke off");
        yield first.bytes.subarray(100_000);
      };
      const repository = writer.repository("x");
      const pushing = repository.push(first.descriptor, slow);
      await repository.push(second.descriptor, inChunks(second.bytes, 50_000));
      writer.skip(first.descriptor);
      gate.resolve();
      expect(await codeOf(pushing.then(() => "")).catch(String)).toBe(
        fails ? "NETWORK" : "Error: nothing failed",
      );
      expect(await writer.finish()).toMatchObject({ blobs: fails ? 1 : 2 });
    }
  });

  test("content larger than the spool goes through, in any order, to a file and to a stream", async () => {
    for (const output of [undefined, sink().output]) {
      await using folder = await temporaryFolder();
      const blobs = [1, 2, 3, 4].map((seed) => blobOfSize(150_000, seed));
      const options = { spoolBytes: 100_000, ...(output ? { output } : {}) };
      const writer = await tarFile(folder.path, descriptorsOf(blobs), options);
      const repository = writer.repository("x");
      // One at a time from the end, so that nothing that comes next is ever under way.
      for (const { descriptor, bytes } of blobs.toReversed()) {
        await repository.push(descriptor, inChunks(bytes, 10_000));
      }
      expect(await writer.finish()).toMatchObject({ blobs: 4 });
    }
  });

  test("what comes next goes straight into the tar, also while the line before it is written", async () => {
    const [first, second, third] = descriptorsOf([1, 2, 3].map((seed) => blobOfSize(9, seed)));
    if (!first || !second || !third) throw new Error("there are three");
    const order = new TarOrder([first, second, third]);
    const turns = new TarTurns({ order, spoolBytes: 9, straight: true });
    expect(turns.beginWriting()).toBe(true);
    order.advance();
    const next = turns.enter(second);
    expect(await turns.enter(third)).toBe("spool");
    turns.endWriting();
    expect(await next).toBe("tar");
  });

  test("pushes wait while the spool is full and what comes next is under way", async () => {
    await using folder = await temporaryFolder();
    const blobs = [1, 2, 3, 4, 5].map((seed) => blobOfSize(100_000, seed));
    const writer = await tarFile(folder.path, descriptorsOf(blobs), { spoolBytes: 200_000 });
    const gate = Promise.withResolvers<void>();
    const opened: number[] = [];
    const pushes = blobs.map(({ descriptor, bytes }, number) =>
      writer.repository("x").push(descriptor, async function* () {
        opened.push(number);
        if (number === 0) await gate.promise;
        yield bytes;
      }),
    );
    await Promise.all(pushes.slice(1, 3));
    expect(opened.toSorted()).toEqual([0, 1, 2]);
    expect(await readdir(join(folder.path, "spool"))).toHaveLength(2);
    gate.resolve();
    await Promise.all(pushes);
    expect(opened.toSorted()).toEqual([0, 1, 2, 3, 4]);
    await writer.finish();
  });

  test("the signal ends pushes that wait, and everything after", async () => {
    await using folder = await temporaryFolder();
    const stop = new AbortController();
    const blobs = [1, 2, 3].map((seed) => blobOfSize(100_000, seed));
    const { signal } = stop;
    const writer = await tarFile(folder.path, descriptorsOf(blobs), { spoolBytes: 0, signal });
    const gate = Promise.withResolvers<void>();
    const pushes = blobs.map(({ descriptor, bytes }) =>
      writer.repository("x").push(descriptor, async function* () {
        await gate.promise;
        yield bytes;
      }),
    );
    const codes = Promise.all(pushes.map(codeOf));
    stop.abort();
    gate.resolve();
    expect(await codes).toEqual(["ABORTED", "ABORTED", "ABORTED"]);
    expect(await codeOf(writer.finish())).toBe("ABORTED");
    await writer.abort();
    expect(await codeOf(tarFile(folder.path, [], { signal }))).toBe("ABORTED");
  });

  test("the failure of a stream's reader ends the writing", async () => {
    await using folder = await temporaryFolder();
    let left = 10;
    const write = async () => {
      left -= 1;
      if (left < 0) throw new DevregError("IO", "Cannot write to the pipe: EPIPE");
    };
    const blobs = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => blobOfSize(300_000, seed));
    const output = { kind: "stream", write } as const;
    const writer = await tarFile(folder.path, descriptorsOf(blobs), { output });
    const pushes = blobs.map(({ descriptor, bytes }) =>
      writer.repository("x").push(descriptor, inChunks(bytes, 50_000)),
    );
    await Promise.allSettled(pushes);
    expect(await codeOf(writer.finish())).toBe("IO");
    await writer.abort();
  });
});
