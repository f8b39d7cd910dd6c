import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { gunzipStream, gzipStoredStream } from "../../../src/airgap/image/gzip-stream.ts";
import { openExecutable } from "../../../src/airgap/image/index.ts";
import { PieceReader } from "../../../src/airgap/image/piece-reader.ts";
import { packTarStream } from "../../../src/airgap/image/tar-stream.ts";
import { openContent, readAll, streamOf, textOf, utf8 } from "../../../src/bytes.ts";
import { gzipStored } from "../../../src/generator/package-stack-archive.ts";
import { blobOfSize, inChunks } from "../../support/sample-content.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { AMD64, ARM64 } from "./base-images.ts";

describe("gzipStoredStream()", () => {
  test.each([
    [0, 10],
    [1, 1],
    [65_535, 65_535],
    [65_536, 1000],
    [200_000, 200_000],
    [131_070, 7777],
  ])("gives the bytes of gzipStored() for %d bytes in chunks of %d", async (size, chunkBytes) => {
    const { bytes } = blobOfSize(size);
    const open = () => gzipStoredStream(openContent(inChunks(bytes, chunkBytes)));
    const packed = await readAll(open(), 1e6, "gzip");
    expect(Buffer.compare(packed, gzipStored(bytes))).toBe(0);
    expect(Buffer.compare(await readAll(gunzipStream(open()), 1e6, "gzip"), bytes)).toBe(0);
  });
});

describe("gunzipStream()", () => {
  test("passes on what fails before it and in it", async () => {
    const failing = async function* () {
      yield gzipStored(utf8("x")).subarray(0, 12);
      throw new Error("the source broke");
    };
    await expect(readAll(gunzipStream(failing()), 100, "gzip")).rejects.toThrow("the source broke");
    await expect(readAll(gunzipStream(streamOf(utf8("no gzip"))), 100, "gzip")).rejects.toThrow();
  });
});

describe("PieceReader", () => {
  test("gives pieces across chunks, and what is there at the end", async () => {
    const reader = new PieceReader(streamOf(utf8("abc"), utf8("defg"), utf8("h")));
    expect(textOf((await reader.take(2)) ?? utf8("-"))).toBe("ab");
    expect(textOf(await readAll(reader.pass(4), 10, "pieces"))).toBe("cdef");
    expect(await reader.take(3)).toBeUndefined();
    await reader.close();
  });
});

describe("packTarStream()", () => {
  test.each(["shorter", "longer than it said"])("refuses content that became %s", async (text) => {
    const owner = { mode: 0o644, uid: 0, gid: 0, modified: 0 };
    const entry = { name: "a", ...owner, size: 10, content: utf8(text) };
    await expect(readAll(packTarStream([entry]), 1e5, "tar")).rejects.toThrow(
      'Cannot pack "a": it changed while it was read',
    );
  });
});

describe("openExecutable()", () => {
  async function withFile(bytes: Uint8Array, check: (path: string) => Promise<void>) {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "devreg");
    await Bun.write(path, bytes);
    await check(path);
  }
  const elf = (machine: number) => {
    const head = Buffer.alloc(64);
    head.write("\u007fELF\u0002\u0001\u0001", "latin1");
    head.writeUInt16LE(machine, 18);
    return head;
  };

  test("opens an executable of the platform again and again", async () => {
    await withFile(elf(62), async (path) => {
      const { size, content } = await openExecutable(path, AMD64);
      expect(size).toBe(64);
      for (const _ of [1, 2]) {
        expect((await readAll(openContent(content), 100, "file")).byteLength).toBe(64);
      }
    });
  });

  test("refuses one of another machine, and what is none", async () => {
    await withFile(elf(62), async (path) => {
      await expect(openExecutable(path, ARM64)).rejects.toThrow(
        `Cannot use "${path}" on linux/arm64/v8: it is for linux/amd64`,
      );
    });
    await withFile(utf8("#!/bin/sh\n"), async (path) => {
      await expect(openExecutable(path, AMD64)).rejects.toThrow("it is no Linux executable");
    });
    await expect(openExecutable("/nonexistent/devreg", AMD64)).rejects.toThrow("no such file");
  });
});
