import { SHOWN_TEXT_CHARS } from "../../viewer-limits.ts";

/** Cuts a text that is longer than pages show, between two characters. */
export function cut(text: string, chars = SHOWN_TEXT_CHARS): string {
  return text.length <= chars ? text : `${text.slice(0, chars).replace(/[\ud800-\udbff]$/, "")}…`;
}
