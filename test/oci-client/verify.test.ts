import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type ByteStream, streamOf, utf8 } from "../../src/bytes.ts";
import {
  describe as describeContent,
  OCTET_STREAM,
  readVerified,
  verifyBytes,
  verifyStream,
} from "../../src/oci-client/index.ts";
import { blobOf, sha512BlobOf } from "../support/sample-content.ts";
import { codeOf } from "./behaviour.ts";

/** Reads a stream and gives what came out of it before it ended or failed. */
async function drain(stream: ByteStream): Promise<{ text: string; error: unknown }> {
  let text = "";
  try {
    for await (const chunk of stream) text += new TextDecoder().decode(chunk);
    return { text, error: undefined };
  } catch (error) {
    return { text, error };
  }
}

const chunks = (...texts: string[]) => streamOf(...texts.map(utf8));
const EXPECTED = blobOf("one two three").descriptor;

describe("verifyStream()", () => {
  test("passes on what is right, in any cut, of both algorithms", async () => {
    const right = await drain(verifyStream(EXPECTED, chunks("one ", "", "two", " three", "")));
    expect(right).toEqual({ text: "one two three", error: undefined });
    const { descriptor } = sha512BlobOf("long");
    expect(await drain(verifyStream(descriptor, chunks("lo", "ng")))).toMatchObject({
      text: "long",
    });
    expect(await drain(verifyStream(blobOf("").descriptor, chunks()))).toMatchObject({
      error: undefined,
    });
  });

  const faults: readonly (readonly [string, readonly string[], string, string])[] = [
    ["other bytes", ["one ", "two ", "THREE"], "DIGEST_MISMATCH", "one two "],
    ["other bytes in one chunk", ["one two THREE"], "DIGEST_MISMATCH", ""],
    ["other bytes and an empty chunk", ["one two ", "THREE", ""], "DIGEST_MISMATCH", "one two "],
    ["a short stream", ["one ", "two "], "SIZE_MISMATCH", "one "],
    ["no bytes", [], "SIZE_MISMATCH", ""],
    ["a byte too many", ["one two", " three", "!"], "SIZE_MISMATCH", "one two"],
    ["far too many bytes at once", ["x".repeat(9_999)], "SIZE_MISMATCH", ""],
  ];
  for (const [what, texts, code, before] of faults) {
    test(`withholds the last chunk of ${what}`, async () => {
      const { text, error } = await drain(verifyStream(EXPECTED, chunks(...texts)));
      expect(error).toMatchObject({ code });
      expect(text).toBe(before);
    });
  }

  test("stops reading a stream that is too long", async () => {
    let given = 0;
    let released = false;
    const endless = async function* (): ByteStream {
      try {
        for (;;) {
          given += 1;
          yield utf8("123456");
        }
      } finally {
        released = true;
      }
    };
    const { error } = await drain(verifyStream(EXPECTED, endless()));
    expect(error).toMatchObject({ code: "SIZE_MISMATCH" });
    expect(given).toBe(3);
    expect(released).toBe(true);
  });

  test("releases its source when the reader breaks off", async () => {
    let released = false;
    const source = async function* (): ByteStream {
      try {
        yield* chunks("one ", "two ", "three");
      } finally {
        released = true;
      }
    };
    for await (const _ of verifyStream(EXPECTED, source())) break;
    expect(released).toBe(true);
  });

  test("never gives out all bytes of content that is not what was named", async () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 8 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.uint8Array({ maxLength: 20 }), async (parts, named) => {
        const bytes = new Uint8Array(parts.flatMap((part) => [...part]));
        const expected = describeContent(OCTET_STREAM, named);
        const same = Buffer.compare(bytes, named) === 0;
        let size = 0;
        let failed = false;
        try {
          for await (const chunk of verifyStream(expected, streamOf(...parts))) {
            size += chunk.byteLength;
          }
        } catch {
          failed = true;
        }
        expect(failed).toBe(!same);
        if (!same) expect(size < named.byteLength || named.byteLength === 0).toBe(true);
      }),
    );
  });
});

describe("verifyBytes() and readVerified()", () => {
  const table: readonly (readonly [string, string])[] = [
    ["one two THREE", "DIGEST_MISMATCH"],
    ["one two", "SIZE_MISMATCH"],
    ["one two three!", "SIZE_MISMATCH"],
  ];
  for (const [text, code] of table) {
    test(`refuse "${text}" with ${code}`, async () => {
      expect(() => verifyBytes(EXPECTED, utf8(text))).toThrow(expect.objectContaining({ code }));
      expect(await codeOf(readVerified(EXPECTED, utf8(text)))).toBe(code);
      expect(await codeOf(readVerified(EXPECTED, () => chunks(text)))).toBe(code);
    });
  }

  test("readVerified() gives the bytes themselves, without a copy", async () => {
    const bytes = utf8("one two three");
    expect(await readVerified(EXPECTED, bytes)).toBe(bytes);
    expect(await readVerified(EXPECTED, () => chunks("one ", "two three"))).toEqual(bytes);
  });
});
