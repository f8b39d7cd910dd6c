import { EXPANSION_CHARS } from "../../limits.ts";

/** What a text becomes when build arguments are put in. */
export interface ExpandedText {
  readonly value: string;
  /** The first argument without a value, or over EXPANSION_CHARS. */
  readonly missing?: string;
}

/** Values by name; undefined for an argument that was declared without one. */
export type BuildArguments = ReadonlyMap<string, string | undefined>;

const VARIABLE =
  /\\(.)|\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?)([-+])([^{}]*))?\}|\$([A-Za-z_][A-Za-z0-9_]*)/g;
const ASSIGNMENT = /([A-Za-z_][A-Za-z0-9_]*)(?:=("[^"]*"|'[^']*'|\S*))?/g;

/** Puts build arguments into a text, as `$name`, `${name}`, `${name:-else}` and `${name:+other}`. */
export function expandArguments(text: string, values: BuildArguments): ExpandedText {
  let missing: string | undefined;
  let left = EXPANSION_CHARS;
  const value = text.replace(
    VARIABLE,
    (_, escaped?: string, braced?: string, colon = "", operator = "", word = "", bare = "") => {
      if (escaped !== undefined) return escaped;
      const name = braced ?? bare;
      const found = values.get(name);
      const isSet = found !== undefined && (colon === "" || found !== "");
      left -= found?.length ?? 0;
      if (operator === "+") return isSet ? word : "";
      if (isSet && left >= 0) return found;
      if (!isSet && operator === "-") return word;
      missing ??= name;
      return "";
    },
  );
  return missing === undefined ? { value } : { value, missing };
}

/** Reads what follows `ARG`: names with or without a value. */
export function declaredArguments(
  text: string,
): readonly { readonly name: string; readonly value?: string }[] {
  return [...text.matchAll(ASSIGNMENT)].map(([, name = "", value]) =>
    value === undefined ? { name } : { name, value: value.replace(/^(["'])(.*)\1$/, "$2") },
  );
}

/** Reads `--build-arg NAME=VALUE` from the arguments of a build. */
export function passedArguments(words: readonly string[]): ReadonlyMap<string, string> {
  const assignments = words.flatMap((word, index) => {
    const joined = /^--build-arg=(.*)$/s.exec(word)?.[1];
    return joined ?? (words[index - 1] === "--build-arg" ? word : []);
  });
  return new Map(
    assignments.flatMap((each) => {
      const equals = each.indexOf("=");
      return equals < 1 ? [] : [[each.slice(0, equals), each.slice(equals + 1)] as const];
    }),
  );
}
