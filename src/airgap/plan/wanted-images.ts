import { compareBytewise } from "../../generator/index.ts";
import { matchesGlob } from "../../glob.ts";
import { parseReference } from "../../oci-client/index.ts";
import type { Discovery } from "../discover/index.ts";
import type { ImageOccurrence } from "../occurrence.ts";

/** The references of a registry, sorted out. */
export interface WantedImages {
  /** By full name, sorted; the places that name each, sorted. */
  readonly images: ReadonlyMap<string, readonly ImageOccurrence[]>;
  /** What is not mirrored, sorted. */
  readonly others: readonly ImageOccurrence[];
}

/** Said of a place that only an offline build has. */
const OFFLINE_ONLY = "named by the offline devfile alone, which its parents were made part of";

/**
 * Sorts out what devfiles name as their authors wrote them, and what only the offline build names,
 * where parents were made part of devfiles. Patterns with a slash take images out.
 */
export function wantedImages(
  authored: Discovery,
  offline: Discovery,
  exclude: readonly string[],
): WantedImages {
  const known = new Set(authored.occurrences.map(keyOf));
  const added = offline.occurrences
    .filter((occurrence) => !known.has(keyOf(occurrence)))
    .map((occurrence) => ({ ...occurrence, reason: `${occurrence.reason}; ${OFFLINE_ONLY}` }));
  const all = [...authored.occurrences, ...added].map((each) => excluded(each, exclude));
  const images = new Map<string, ImageOccurrence[]>();
  const others: ImageOccurrence[] = [];
  for (const occurrence of all.sort(compareOccurrences)) {
    const { image } = occurrence;
    const places = image === undefined ? others : images.get(image);
    if (places !== undefined) places.push(occurrence);
    else if (image !== undefined) images.set(image, [occurrence]);
  }
  return {
    images: new Map([...images].sort(([a], [b]) => compareBytewise(a, b))),
    others,
  };
}

/** Tells whether a pattern is one for images; the others are for stacks and samples. */
export function isImagePattern(pattern: string): boolean {
  return pattern.includes("/");
}

function keyOf({ image, text, class: its }: ImageOccurrence): string {
  return image ?? `${its} ${text}`;
}

function excluded(occurrence: ImageOccurrence, patterns: readonly string[]): ImageOccurrence {
  const { image, ...rest } = occurrence;
  if (image === undefined) return occurrence;
  const { registry, repository } = parseReference(image);
  const pattern = patterns
    .filter(isImagePattern)
    .find((each) => [image, `${registry}/${repository}`].some((name) => matchesGlob(each, name)));
  if (pattern === undefined) return occurrence;
  return { ...rest, class: "ignored", reason: `excluded by "${pattern}"` };
}

function compareOccurrences(a: ImageOccurrence, b: ImageOccurrence): number {
  return (
    compareBytewise(a.file, b.file) ||
    a.range[0] - b.range[0] ||
    a.range[1] - b.range[1] ||
    compareBytewise(a.pointer, b.pointer)
  );
}
