import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { likelyQuantity } from "../../../../src/generator/validate/devfile/likely-quantity.ts";
import {
  compareQuantities,
  isQuantity,
  isZero,
  parseQuantity,
  type Quantity,
} from "../../../../src/generator/validate/devfile/quantity.ts";

const GOOD = ["0", "1", "1.5", ".5", "5.", "+1", "-1", "007", "1n", "1u", "1m", "1k", "1M", "1G"];
const MORE_GOOD = [
  "1T",
  "1P",
  "1E",
  "1Ki",
  "1Mi",
  "1Gi",
  "1Ti",
  "1Pi",
  "1Ei",
  "1e3",
  "1E-3",
  "1e+3",
];
/** Without digits some pass as nothing. */
const NOTHING = ["+", "-", ".", "Ki", "Ti", ".Mi", "m", "E", "e5", "e-9"];
const BAD = [
  "",
  " 1",
  "1 ",
  "1K",
  "1ki",
  "1mi",
  "1GB",
  "1e",
  "1e+",
  "1e3k",
  "1.1.1",
  "1,5",
  "0x1",
  "١",
];
const MORE_BAD = [
  "++1",
  "1-",
  "1Mi3",
  "Pi",
  "Ei",
  "e-10",
  "e99999999999999999999",
  "Infinity",
  "1\n",
];

const SUFFIXES: Readonly<Record<string, readonly [numerator: bigint, denominator: bigint]>> = {
  n: [1n, 10n ** 9n],
  u: [1n, 10n ** 6n],
  m: [1n, 1000n],
  "": [1n, 1n],
  k: [1000n, 1n],
  E: [10n ** 18n, 1n],
  Ki: [1024n, 1n],
  Mi: [1024n ** 2n, 1n],
  Gi: [1024n ** 3n, 1n],
  e2: [100n, 1n],
  "E-3": [1n, 1000n],
};

const written = fc.record({
  sign: fc.constantFrom("", "+", "-"),
  whole: fc.stringMatching(/^[0-9]{1,8}$/),
  fraction: fc.stringMatching(/^[0-9]{0,12}$/),
  suffix: fc.constantFrom(...Object.keys(SUFFIXES)),
});

describe("parseQuantity()", () => {
  test.each([...GOOD, ...MORE_GOOD, ...NOTHING])("takes %p", (text) => {
    expect(parseQuantity(text)).toBeDefined();
    expect(isQuantity(text)).toBe(true);
  });

  test.each([...BAD, ...MORE_BAD])("refuses %p", (text) => {
    expect(parseQuantity(text)).toBeUndefined();
    expect(isQuantity(text)).toBe(false);
  });

  test.each(NOTHING)("reads %p as nothing", (text) => {
    expect(isZero(read(text))).toBe(true);
  });

  test("knows long quantities without reading them", () => {
    const zeros = "0".repeat(100_000);
    expect(isQuantity(`${zeros}1Mi`)).toBe(true);
    expect(isQuantity(`${zeros}1mi`)).toBe(false);
    expect(isQuantity(`1e${zeros}1`)).toBe(true);
    expect(parseQuantity(`${zeros}1Mi`)).toBeUndefined();
  });
});

describe("compareQuantities()", () => {
  test.each([
    ["1Gi", "1024Mi", 0],
    ["1G", "1Gi", -1],
    ["1", "1000m", 0],
    ["1001m", "1", 1],
    ["-1", "1", -1],
    ["-2", "-1", -1],
    ["0", "-0", 0],
    ["9007199254740993", "9007199254740992", 1],
    ["8Ei", "9Ei", 0],
    ["9Ei", "9223372036854775807", 0],
    ["9Ei", "10E", -1],
    ["0.1n", "1n", 0],
    ["1.1n", "2n", 0],
    ["1e2000000000", "1e1999999999", 1],
    ["1e4294967296", "1", 0],
  ])("puts %s and %s in order", (a, b, order) => {
    expect(Math.sign(compareQuantities(read(a), read(b)))).toBe(order);
    expect(Math.sign(compareQuantities(read(b), read(a)))).toBe(order === 0 ? 0 : -order);
  });

  test("agrees with fractions", () => {
    fc.assert(
      fc.property(written, written, (a, b) => {
        const [x, y] = [nanosOf(a), nanosOf(b)];
        const order = Number(x > y) - Number(x < y);
        expect(Math.sign(compareQuantities(read(textOf(a)), read(textOf(b))))).toBe(order);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("likelyQuantity()", () => {
  test.each([
    ["512mi", "512Mi"],
    ["512 MiB", "512Mi"],
    ["1,5GB", "1.5G"],
    ["2 gigabytes", "2G"],
    ["1K", "1k"],
  ])("takes %p for %p", (text, likely) => {
    expect(likelyQuantity(text)).toBe(likely);
  });

  test.each(["lots", "Gi", "1 potato", ""])("makes nothing of %p", (text) => {
    expect(likelyQuantity(text)).toBeUndefined();
  });
});

type Written = Readonly<Record<"sign" | "whole" | "fraction" | "suffix", string>>;

function textOf({ sign, whole, fraction, suffix }: Written): string {
  return `${sign}${whole}${fraction === "" ? "" : `.${fraction}`}${suffix}`;
}

/** Gives billionths, rounded away from zero. */
function nanosOf({ sign, whole, fraction, suffix }: Written): bigint {
  const [numerator, denominator] = SUFFIXES[suffix] ?? [0n, 1n];
  const over = denominator * 10n ** BigInt(fraction.length);
  const nanos = (BigInt(`${whole}${fraction}`) * numerator * 10n ** 9n + over - 1n) / over;
  const most = suffix.endsWith("i") ? (2n ** 63n - 1n) * 10n ** 9n : nanos;
  const bounded = nanos > most ? most : nanos;
  return sign === "-" ? -bounded : bounded;
}

function read(text: string): Quantity {
  const quantity = parseQuantity(text);
  if (quantity === undefined) throw new Error(`"${text}" is no quantity`);
  return quantity;
}
