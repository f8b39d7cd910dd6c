import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  type ByteStream,
  concatBytes,
  formatBytes,
  isOwned,
  openContent,
  owned,
  readAll,
  release,
  streamOf,
  textOf,
  utf8,
} from "../src/bytes.ts";

describe("readAll()", () => {
  test("joins what a stream gives, however it is cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array()), async (chunks) => {
        const all = await readAll(streamOf(...chunks), 10_000, "sample");
        expect([...all]).toEqual(chunks.flatMap((chunk) => [...chunk]));
        expect(concatBytes(chunks)).toEqual(all);
      }),
    );
  });

  test("takes exactly the limit and refuses one byte more, releasing the stream", async () => {
    expect(await readAll(streamOf(utf8("12345")), 5, "sample")).toHaveLength(5);
    let released = false;
    const endless = async function* (): ByteStream {
      try {
        for (;;) yield utf8("123");
      } finally {
        released = true;
      }
    };
    await expect(readAll(endless(), 5, "sample")).rejects.toMatchObject({
      code: "LIMIT_EXCEEDED",
      message: "Cannot read sample: over 5 bytes",
    });
    expect(released).toBe(true);
  });
});

describe("release()", () => {
  test("empties a chunk that is all of its memory", () => {
    const chunk = Uint8Array.of(1, 2, 3);
    release(chunk);
    expect(chunk.byteLength).toBe(0);
    release(chunk);
  });

  test("leaves a view of a part alone, and shared memory", () => {
    const whole = Uint8Array.of(1, 2, 3);
    release(whole.subarray(1));
    release(whole.subarray(0, 2));
    expect(whole).toEqual(Uint8Array.of(1, 2, 3));
    const shared = new Uint8Array(new SharedArrayBuffer(2));
    release(shared);
    expect(shared.byteLength).toBe(2);
  });
});

describe("isOwned()", () => {
  test("tells streams whose chunks are the reader's alone", async () => {
    const stream = owned(streamOf(utf8("a")));
    expect(isOwned(stream)).toBe(true);
    expect(isOwned(streamOf(utf8("a")))).toBe(false);
    expect(textOf(await readAll(stream, 1, "sample"))).toBe("a");
  });
});

describe("openContent()", () => {
  test("opens content from its start each time", async () => {
    const contents = [utf8("again"), () => streamOf(utf8("ag"), utf8("ain"))];
    for (const content of contents) {
      for (let time = 0; time < 2; time += 1) {
        expect(textOf(await readAll(openContent(content), 5, "content"))).toBe("again");
      }
    }
  });
});

describe("textOf()", () => {
  test("keeps a byte order mark and replaces what is not UTF-8", () => {
    expect(textOf(utf8("\ufeffa"))).toBe("\ufeffa");
    expect(textOf(new Uint8Array([0x61, 0xff, 0x62]))).toBe("a\ufffdb");
  });
});

describe("formatBytes()", () => {
  const table: Readonly<Record<number, string>> = {
    0: "0 B",
    1: "1 B",
    1023: "1023 B",
    1024: "1.0 KiB",
    1536: "1.5 KiB",
    1048575: "1.0 MiB",
    1048576: "1.0 MiB",
    5368709120: "5.0 GiB",
    1125899906842624: "1024.0 TiB",
  };
  for (const [bytes, text] of Object.entries(table)) {
    test(`writes ${bytes} as ${text}`, () => expect(formatBytes(Number(bytes))).toBe(text));
  }
});
