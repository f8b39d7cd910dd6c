/** A text with the variables of a devfile put in. */
export interface SubstitutedText {
  readonly value: string;
  /** The first variable without a value. */
  readonly missing?: string;
}

const VARIABLE = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Puts the variables of a devfile into a text: `{{name}}`. */
export function substituteVariables(
  text: string,
  variables: ReadonlyMap<string, string>,
): SubstitutedText {
  let missing: string | undefined;
  const value = text.replace(VARIABLE, (written, name: string) => {
    const found = variables.get(name);
    if (found === undefined) missing ??= name;
    return found ?? written;
  });
  return missing === undefined ? { value } : { value, missing };
}
