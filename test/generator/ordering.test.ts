import { expect, test } from "bun:test";
import fc from "fast-check";
import { compareBytewise } from "../../src/generator/ordering.ts";

test("compareBytewise() orders as the bytes of UTF-8 do", () => {
  const text = fc.string({
    unit: fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("a", "/")),
  });
  fc.assert(
    fc.property(text, text, text, (start, a, b) => {
      const bytes = Buffer.compare(Buffer.from(start + a), Buffer.from(start + b));
      expect(compareBytewise(start + a, start + b)).toBe(bytes);
    }),
    { seed: 11, numRuns: 5_000 },
  );
});

test("compareBytewise() puts what is beyond U+FFFF behind everything else", () => {
  expect(["\u{1f600}", "\uffff", "\ue000", "z", "z\u{1f600}", ""].sort(compareBytewise)).toEqual([
    "",
    "z",
    "z\u{1f600}",
    "\ue000",
    "\uffff",
    "\u{1f600}",
  ]);
});
