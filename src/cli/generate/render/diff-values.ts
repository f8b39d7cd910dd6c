import { DIFF_VALUE_CHARS } from "../../../check-limits.ts";
import type { BuildSource, FieldChange } from "../../../generator/index.ts";

/**
 * Says how a field changed: "1.0 → 2.0", "+new, -old" for lists of words, "none → x".
 *
 * @param show writes one value
 */
export function changeWords(
  { before, after }: FieldChange,
  show: (text: string) => string,
): string {
  if (isWords(before ?? []) && isWords(after ?? []) && (before ?? after) !== undefined) {
    const [old, now] = [wordsOf(before), wordsOf(after)];
    const changes = [
      ...now.filter((word) => !old.includes(word)).map((word) => `+${show(shorten(word))}`),
      ...old.filter((word) => !now.includes(word)).map((word) => `-${show(shorten(word))}`),
    ];
    return changes.length === 0 ? "another order" : changes.join(", ");
  }
  return `${valueText(before, show)} → ${valueText(after, show)}`;
}

/** Gives what two builds were made from, each source with the commits that are known of it. */
export function sourceChanges(
  before: readonly BuildSource[],
  after: readonly BuildSource[],
): readonly { readonly name: string; readonly before?: string; readonly after?: string }[] {
  const commitOf = (sources: readonly BuildSource[], name: string) =>
    sources.find(({ url }) => (url ?? FOLDER) === name)?.commit_hash;
  const names = new Set([...after, ...before].map(({ url }) => url ?? FOLDER));
  return [...names].map((name) => {
    const [old, now] = [commitOf(before, name), commitOf(after, name)];
    return {
      name,
      ...(old === undefined ? {} : { before: old }),
      ...(now === undefined ? {} : { after: now }),
    };
  });
}

const FOLDER = "a folder";

function valueText(value: unknown, show: (text: string) => string): string {
  if (value === undefined) return "none";
  return show(shorten(typeof value === "string" ? value : JSON.stringify(value)));
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= DIFF_VALUE_CHARS ? line : `${line.slice(0, DIFF_VALUE_CHARS)}…`;
}

function isWords(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

/** Narrows what isWords() found to be a list of texts. */
function wordsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
