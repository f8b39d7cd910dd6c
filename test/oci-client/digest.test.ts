import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { utf8 } from "../../src/bytes.ts";
import {
  algorithmOf,
  createDigest,
  digestOf,
  hexOf,
  isDigest,
  parseDigest,
} from "../../src/oci-client/index.ts";

const HEX = "0123456789abcdef".repeat(4);

describe("parseDigest()", () => {
  const refused: readonly (readonly [string, string])[] = [
    ["nothing", ""],
    ["no hex", "sha256:"],
    ["no algorithm", HEX],
    ["one digit too few", `sha256:${HEX.slice(1)}`],
    ["one digit too many", `sha256:${HEX}0`],
    ["upper-case digits", `sha256:${HEX.toUpperCase()}`],
    ["an upper-case algorithm", `SHA256:${HEX}`],
    ["an unknown algorithm", `md5:${HEX.slice(0, 32)}`],
    ["an algorithm that is only well-formed", `sha384:${HEX}${HEX.slice(0, 32)}`],
    ["a sha512 of the wrong length", `sha512:${HEX}`],
    ["a path that climbs", "sha256:../../../etc/passwd"],
    ["dots of the right length", `sha256:${"../".repeat(21)}.`],
    ["a slash inside", `sha256:${HEX.slice(0, 31)}/${HEX.slice(0, 32)}`],
    ["a line end after it", `sha256:${HEX}\n`],
    ["a line before it", `\nsha256:${HEX}`],
    ["a zero byte", `sha256:${HEX.slice(1)}\0`],
    ["white space", ` sha256:${HEX}`],
    ["two of them", `sha256:${HEX}sha256:${HEX}`],
    ["digits of another script", `sha256:${"٠".repeat(64)}`],
  ];
  for (const [what, text] of refused) {
    test(`refuses ${what}`, () => {
      expect(isDigest(text)).toBe(false);
      expect(() => parseDigest(text)).toThrow("Cannot read digest");
    });
  }

  test("gives back what is one, of both registered algorithms", () => {
    const digests = [`sha256:${HEX}`, `sha512:${HEX}${HEX}`] as const;
    for (const digest of digests) expect(parseDigest(digest)).toBe(digest);
    expect(digests.map(algorithmOf)).toEqual(["sha256", "sha512"]);
    expect(digests.map(hexOf)).toEqual([HEX, HEX + HEX]);
  });

  test("shows no more than the start of what it refuses", () => {
    expect(() => parseDigest("x".repeat(100_000))).toThrow(
      expect.objectContaining({ message: `Cannot read digest "${"x".repeat(160)}"` }),
    );
  });

  test("what it accepts is safe as a file name, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(70), (noise, cut) => {
        const text = `sha256:${HEX.slice(0, cut)}${noise}`;
        if (isDigest(text)) expect(hexOf(text)).toMatch(/^[0-9a-f]{64}$/);
      }),
    );
  });
});

describe("digestOf() and createDigest()", () => {
  test("agree with each other and with the hash, however the bytes are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 }),
        fc.constantFrom("sha256" as const, "sha512" as const),
        (chunks, algorithm) => {
          const whole = new Uint8Array(chunks.flatMap((chunk) => [...chunk]));
          const builder = createDigest(algorithm);
          for (const chunk of chunks) builder.update(chunk);
          const hex = createHash(algorithm).update(whole).digest("hex");
          expect(builder.digest()).toBe(`${algorithm}:${hex}`);
          expect(digestOf(whole, algorithm)).toBe(`${algorithm}:${hex}`);
        },
      ),
    );
  });

  test("give the well-known digest of the empty JSON object", () => {
    expect(digestOf(utf8("{}"))).toBe(
      "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
    );
  });
});
