import { QUANTITY_CHARS } from "../../../check-limits.ts";

/** An amount as Kubernetes writes it: digits × 10^exponent. */
export interface Quantity {
  readonly negative: boolean;
  readonly digits: bigint;
  readonly exponent: number;
}

/** What a quantity ends with: how much one is worth. */
interface Suffix {
  readonly base: 2 | 10;
  readonly exponent: number;
}

const SUFFIXES: ReadonlyMap<string, Suffix> = new Map<string, Suffix>([
  ["n", { base: 10, exponent: -9 }],
  ["u", { base: 10, exponent: -6 }],
  ["m", { base: 10, exponent: -3 }],
  ["", { base: 10, exponent: 0 }],
  ["k", { base: 10, exponent: 3 }],
  ["M", { base: 10, exponent: 6 }],
  ["G", { base: 10, exponent: 9 }],
  ["T", { base: 10, exponent: 12 }],
  ["P", { base: 10, exponent: 15 }],
  ["E", { base: 10, exponent: 18 }],
  ["Ki", { base: 2, exponent: 10 }],
  ["Mi", { base: 2, exponent: 20 }],
  ["Gi", { base: 2, exponent: 30 }],
  ["Ti", { base: 2, exponent: 40 }],
  ["Pi", { base: 2, exponent: 50 }],
  ["Ei", { base: 2, exponent: 60 }],
]);
/** A digit after the number belongs to the number, so that no text is looked at twice. */
const GRAMMAR = /^([+-]?)([0-9]*)(?:\.([0-9]*))?((?:[eEinumkKMGTP]+[+-]?|[+-])[0-9]*)?$/;
const POWER_OF_TEN = /^[eE]([+-]?)0*([0-9]+)$/;
const INT64_DIGITS = 19;
const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);
/** Nothing smaller than 10^-9 is told apart. */
const SMALLEST = -9;
/** The largest power of two with which a number without digits still passes as zero. */
const WITHOUT_DIGITS_BINARY = 40;

/** The parts of a quantity as they are written. */
interface QuantityText {
  readonly negative: boolean;
  readonly whole: string;
  readonly fraction: string;
  readonly suffix: Suffix;
}

/**
 * Tells whether a text of any length is a quantity.
 *
 * Parity: ParseQuantity of k8s.io/apimachinery 0.29 pkg/api/resource/quantity.go, which also takes a
 * sign or suffix without digits as zero ("-", "Mi"), though not with every suffix ("Ei").
 */
export function isQuantity(text: string): boolean {
  return splitQuantity(text) !== undefined;
}

/**
 * Reads a quantity; undefined when it is none, or longer than QUANTITY_CHARS. What is smaller than a
 * billionth is rounded away from zero, and binary amounts end at the largest 64-bit number, as in
 * Kubernetes.
 */
export function parseQuantity(text: string): Quantity | undefined {
  const parts = text.length > QUANTITY_CHARS ? undefined : splitQuantity(text);
  if (parts === undefined) return undefined;
  const { negative, whole, fraction, suffix } = parts;
  const digits = BigInt(`0${whole}${fraction}`);
  if (suffix.base === 10) {
    return roundUp({ negative, digits, exponent: suffix.exponent - fraction.length });
  }
  const scaled = digits << BigInt(suffix.exponent);
  const rounded = roundUp({ negative, digits: scaled, exponent: -fraction.length });
  return compareMagnitudes(rounded, BINARY_MAX) > 0 ? { ...BINARY_MAX, negative } : rounded;
}

const BINARY_MAX: Quantity = { negative: false, digits: INT64_MAX, exponent: 0 };

/** Tells whether a quantity is nothing. */
export function isZero({ digits }: Quantity): boolean {
  return digits === 0n;
}

/** Gives less than, equal to or more than zero as the first is less than, equal to or over the second. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  const [signA, signB] = [signOf(a), signOf(b)];
  if (signA !== signB) return signA - signB;
  return signA * compareMagnitudes(a, b);
}

function signOf({ negative, digits }: Quantity): number {
  if (digits === 0n) return 0;
  return negative ? -1 : 1;
}

/** Compares by the number of digits first, so that no power of a large exponent is ever made. */
function compareMagnitudes(a: Quantity, b: Quantity): number {
  if (a.digits === 0n || b.digits === 0n) return Number(a.digits > 0n) - Number(b.digits > 0n);
  const [textA, textB] = [String(a.digits), String(b.digits)];
  const lengths = textA.length + a.exponent - (textB.length + b.exponent);
  if (lengths !== 0) return lengths;
  const width = Math.max(textA.length, textB.length);
  const [paddedA, paddedB] = [textA.padEnd(width, "0"), textB.padEnd(width, "0")];
  if (paddedA === paddedB) return 0;
  return paddedA < paddedB ? -1 : 1;
}

function roundUp(quantity: Quantity): Quantity {
  const { digits, exponent } = quantity;
  const lost = SMALLEST - exponent;
  if (lost <= 0 || digits === 0n) return quantity;
  if (lost >= String(digits).length) return { ...quantity, digits: 1n, exponent: SMALLEST };
  const unit = 10n ** BigInt(lost);
  return { ...quantity, digits: (digits + unit - 1n) / unit, exponent: SMALLEST };
}

function splitQuantity(text: string): QuantityText | undefined {
  const match = text === "" ? null : GRAMMAR.exec(text);
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", end = ""] = match;
  const suffix = SUFFIXES.get(end) ?? powerOfTen(end);
  if (suffix === undefined) return undefined;
  if (whole === "" && fraction === "" && !passesAsZero(suffix)) return undefined;
  return { negative: sign === "-", whole, fraction, suffix };
}

/** Reads "e3"; the exponent is a 64-bit number of which the lower 32 bits count. */
function powerOfTen(text: string): Suffix | undefined {
  const [, sign, power] = POWER_OF_TEN.exec(text) ?? [];
  if (power === undefined || power.length > INT64_DIGITS) return undefined;
  const exponent = sign === "-" ? -BigInt(power) : BigInt(power);
  if (exponent > INT64_MAX || exponent < INT64_MIN) return undefined;
  return { base: 10, exponent: Number(BigInt.asIntN(32, exponent)) };
}

function passesAsZero({ base, exponent }: Suffix): boolean {
  return base === 10 ? exponent >= SMALLEST : exponent <= WITHOUT_DIGITS_BINARY;
}
