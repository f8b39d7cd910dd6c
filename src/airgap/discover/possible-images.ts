/** A word of a text. */
export interface FoundWord {
  readonly from: number;
  readonly to: number;
}

/**
 * A host with a dot or a port, a path, and a tag or digest; not a part of an address or a path. A
 * devfile variable may stand in it.
 */
const POSSIBLE =
  /(?:(?<![\w./:@{}-])|(?<=\bdocker:\/\/))(?:(?:[a-z0-9-]+\.)+[a-z0-9-]+(?::[0-9]+)?|[a-z0-9-]+:[0-9]+)\/[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?:(?::(?:\w|\{\{[^{}]*\}\})(?:[\w.-]|\{\{[^{}]*\}\})*)(?:@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})(?![\w/@:])/gi;

/** Finds words that look like images of a named registry, with a tag or a digest. */
export function findPossibleImages(text: string): readonly FoundWord[] {
  // Most texts have none of what each of them has.
  if (!text.includes("/") || !text.includes(":")) return [];
  return [...text.matchAll(POSSIBLE)].map(({ 0: word, index }) => ({
    from: index,
    to: index + word.length,
  }));
}

/** Why a word that only looks like an image is left alone. */
export const POSSIBLE_REASON = "looks like an image; no matcher takes it";
