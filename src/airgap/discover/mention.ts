import type { OccurrenceKind } from "../occurrence.ts";

/** A word of a text that names an image, or looks so; what becomes of it is not decided yet. */
export interface Mention {
  /** As an occurrence has it. */
  readonly pointer: string;
  /** UTF-16 units of the text; they hold exactly `text` where that can be told. */
  readonly start: number;
  readonly end: number;
  /** As it is written. */
  readonly text: string;
  /** What it names: build arguments expanded, devfile variables not. */
  readonly value: string;
  readonly kind: OccurrenceKind;
  /** What it is, for people: "base of a Dockerfile". */
  readonly role: string;
  /** Why it is left alone, where that is clear from the text alone. */
  readonly ignored?: string;
  /** The build argument without a value that its meaning depends on. */
  readonly missing?: string;
}

/** Tells whether the range of a mention holds the mention and nothing else. */
export function isExact(text: string, { start, end, text: written }: Mention): boolean {
  return end - start === written.length && text.startsWith(written, start);
}
