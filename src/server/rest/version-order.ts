/** A version split for comparing. */
export interface ParsedVersion {
  readonly numbers: readonly number[];
  /** Dot-separated identifiers; empty for a release. */
  readonly prerelease: readonly string[];
}

const FORM =
  /^v?(\d{1,9}(?:\.\d{1,9})*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Reads a version of any number of parts ("2.1", "1.0.2", "2.2.0-alpha"); undefined if it is none. */
export function parseVersion(text: string | undefined): ParsedVersion | undefined {
  const match = FORM.exec(text ?? "");
  if (match === null) return undefined;
  const [, numbers = "", prerelease] = match;
  return { numbers: numbers.split(".").map(Number), prerelease: prerelease?.split(".") ?? [] };
}

/**
 * Compares versions as semantic versioning does, missing parts counting as zero (2.1 equals 2.1.0).
 * Parity: hashicorp/go-version.
 */
export function compareVersions(a: ParsedVersion, b: ParsedVersion): number {
  const parts = Math.max(a.numbers.length, b.numbers.length);
  for (let i = 0; i < parts; i++) {
    const difference = (a.numbers[i] ?? 0) - (b.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return comparePrereleases(a.prerelease, b.prerelease);
}

function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  const parts = Math.max(a.length, b.length);
  for (let i = 0; i < parts; i++) {
    const difference = compareIdentifiers(a[i], b[i]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function compareIdentifiers(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  const [numericA, numericB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (numericA && numericB) return Number(a) - Number(b);
  if (numericA !== numericB) return numericA ? -1 : 1;
  return a < b ? -1 : 1;
}
