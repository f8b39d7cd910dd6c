import { describe, expect, test } from "bun:test";
import type { MirrorLock } from "../../src/airgap/lock.ts";
import { formatLock, parseLock } from "../../src/airgap/lock-file.ts";
import { textOf, utf8 } from "../../src/bytes.ts";
import { DevregError } from "../../src/errors.ts";
import { digestOfText, sampleLock } from "../support/sample-lock.ts";

function parseError(text: string): DevregError {
  try {
    parseLock(utf8(text), "mirror.lock.json");
  } catch (error) {
    if (error instanceof DevregError) return error;
    throw error;
  }
  throw new Error("was parsed");
}

const edited = (change: (lock: Record<string, unknown>) => void): string => {
  const lock: Record<string, unknown> = JSON.parse(textOf(formatLock(sampleLock())));
  change(lock);
  return JSON.stringify(lock);
};

describe("formatLock()", () => {
  test("writes JSON with two spaces, keys in the order of the type, and a last line end", () => {
    const text = textOf(formatLock(sampleLock()));
    expect(text.endsWith("}\n")).toBe(true);
    expect(
      text.startsWith('{\n  "apiVersion": "devreg.dev/v1alpha1",\n  "kind": "MirrorLock",\n'),
    ).toBe(true);
    expect(Object.keys(JSON.parse(text))).toEqual([
      "apiVersion",
      "kind",
      "sources",
      "platforms",
      "exclude",
      "images",
      "references",
      "projects",
      "files",
      "base",
    ]);
  });

  test("gives the same bytes in whatever order keys are", () => {
    const lock = sampleLock();
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== "object" || value === null) return value;
      const entries = Object.entries(value).reverse();
      return Object.fromEntries(entries.map(([key, each]) => [key, reversed(each)]));
    };
    // The same lock: only the order of its keys was turned.
    expect(formatLock(reversed(lock) as MirrorLock)).toEqual(formatLock(lock));
  });
});

describe("parseLock()", () => {
  test("reads what formatLock() writes", () => {
    const lock = sampleLock({
      platforms: ["linux/amd64"],
      platformMode: "sparse",
      referrers: false,
      include: ["go*"],
      rules: "extraImages: []\n",
    });
    const bytes = formatLock(lock);
    expect(parseLock(bytes, "x")).toEqual(lock);
    expect(formatLock(parseLock(bytes, "x"))).toEqual(bytes);
  });

  test("refuses a newer format, and names it", () => {
    const error = parseError(
      edited((lock) => {
        lock["apiVersion"] = "devreg.dev/v2";
        lock["surprise"] = true;
      }),
    );
    expect(error.code).toBe("UNSUPPORTED");
    expect(error.message).toBe('Cannot read "mirror.lock.json": its apiVersion is "devreg.dev/v2"');
    expect(error.hint).toContain("a version of devreg that reads devreg.dev/v2");
  });

  test.each([
    ["no JSON", "{", "it is not JSON"],
    ["something else", "{}", 'it has no apiVersion and kind "MirrorLock"'],
    ["a list", "[]", 'it has no apiVersion and kind "MirrorLock"'],
    ["an unknown key", edited((lock) => (lock["more"] = 1)), "more"],
    ["a wrong digest", edited((lock) => setDigest(lock, "sha256:12")), "images.0.digest: is not"],
  ])("refuses %s", (_, text, state) => {
    const error = parseError(text);
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.message).toContain(state);
    expect(error.hint).toContain("Plan again");
  });

  test("refuses what passes one image off as another", () => {
    const [first, second] = sampleLock().images;
    if (first === undefined || second === undefined) throw new Error("the sample has two");
    const { digest } = second;
    const faults = [
      [{ ...first, image: "quay.io/../../etc:1" }, "is not the full name of an image"],
      [{ ...first, image: "quay.io/devfile/golang" }, "is not the full name of an image"],
      [{ ...first, image: `quay.io/devfile/golang@${digest}` }, `is locked as ${first.digest}`],
      [{ ...first, mirrored: digest }, `is mirrored as ${digest}, but all of`],
      [second, "stands there twice"],
    ] as const;
    for (const [image, state] of faults) {
      const text = edited((lock) => Object.assign(lock, { images: [image, second] }));
      const error = parseError(text);
      expect(error.code).toBe("INPUT_INVALID");
      expect(error.message).toContain(state);
    }
  });

  test("takes another root where platforms were taken out", () => {
    const [first] = sampleLock().images;
    const text = edited((lock) =>
      Object.assign(lock, {
        images: [{ ...first, mirrored: digestOfText("one platform") }],
        platforms: ["linux/amd64"],
      }),
    );
    expect(parseLock(utf8(text), "mirror.lock.json").images).toHaveLength(1);
  });
});

function setDigest(lock: Record<string, unknown>, digest: string): void {
  const [image] = lock["images"] as Record<string, unknown>[];
  if (image !== undefined) image["digest"] = digest;
}
