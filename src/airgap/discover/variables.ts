import { EXPANSION_CHARS } from "../../limits.ts";

/** A text with the variables of a devfile put in. */
export interface SubstitutedText {
  readonly value: string;
  /** The first variable without a value, or over EXPANSION_CHARS. */
  readonly missing?: string;
}

const VARIABLE = /\{\{([^{}]*)\}\}/g;

/** Puts the variables of a devfile into a text: `{{name}}`. */
export function substituteVariables(
  text: string,
  variables: ReadonlyMap<string, string>,
): SubstitutedText {
  let missing: string | undefined;
  let left = EXPANSION_CHARS;
  const value = text.replace(VARIABLE, (written, between: string) => {
    const name = between.trim();
    const found = variables.get(name);
    left -= found?.length ?? 0;
    if (found !== undefined && left >= 0) return found;
    missing ??= name;
    return written;
  });
  return missing === undefined ? { value } : { value, missing };
}
