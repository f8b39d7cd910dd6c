import { goJson } from "../../go-json.ts";
import { type Check, FITS, isObject, type Keyword, type SchemaContext, typeName } from "./check.ts";

const TYPES: Readonly<Record<string, { readonly name: string; is(value: unknown): boolean }>> = {
  string: { name: "text", is: (value) => typeof value === "string" },
  number: { name: "a number", is: (value) => typeof value === "number" },
  integer: { name: "a whole number", is: Number.isInteger },
  boolean: { name: "true or false", is: (value) => typeof value === "boolean" },
  array: { name: "a list", is: Array.isArray },
  object: { name: "a map", is: isObject },
  null: { name: "nothing", is: (value) => value === null },
};

/** The keywords that look at one value alone. Spec: JSON Schema 2020-12, Validation. */
export const ASSERTIONS: Readonly<Record<string, Keyword>> = {
  type: (argument, context) => {
    const names = Array.isArray(argument) ? argument : [argument];
    const types = names.map((name) => (typeof name === "string" ? TYPES[name] : undefined));
    if (types.length === 0 || types.includes(undefined)) {
      return context.fail("is no type", `Use ${Object.keys(TYPES).join(", ")}`);
    }
    const wanted = types.map((type) => type?.name).join(" or ");
    return (value, path) =>
      types.some((type) => type?.is(value))
        ? FITS
        : [{ path, message: `is ${typeName(value)} where ${wanted} is needed` }];
  },
  enum: (argument, context) => {
    if (!Array.isArray(argument)) return context.fail("is no list", "List the values allowed");
    const allowed = argument.map((each) => goJson(each));
    return assertion(
      (value) => allowed.includes(goJson(value)),
      `is none of ${allowed.join(", ")}`,
    );
  },
  const: (argument) => {
    const only = goJson(argument);
    return assertion((value) => goJson(value) === only, `is not ${only}`);
  },
  required: (argument, context) => {
    const names = textsOf(argument, context);
    return names === undefined ? undefined : missingOf(names);
  },
  minLength: bound((text: string, least) => lengthOf(text) >= least, "is shorter than", isText),
  maxLength: bound((text: string, most) => lengthOf(text) <= most, "is longer than", isText),
  minItems: bound(
    (list: readonly unknown[], least) => list.length >= least,
    "has less items than",
    Array.isArray,
  ),
  maxItems: bound(
    (list: readonly unknown[], most) => list.length <= most,
    "has more items than",
    Array.isArray,
  ),
  minProperties: bound(
    (map: object, least) => Object.keys(map).length >= least,
    "has less keys than",
    isObject,
  ),
  maxProperties: bound(
    (map: object, most) => Object.keys(map).length <= most,
    "has more keys than",
    isObject,
  ),
  minimum: bound((number: number, least) => number >= least, "is less than", isNumber),
  maximum: bound((number: number, most) => number <= most, "is more than", isNumber),
  exclusiveMinimum: bound((number: number, least) => number > least, "is not more than", isNumber),
  exclusiveMaximum: bound((number: number, most) => number < most, "is not less than", isNumber),
  multipleOf: bound(
    (number: number, part) => Number.isInteger(number / part),
    "is no multiple of",
    isNumber,
  ),
  pattern: (argument, context) => {
    const pattern = patternOf(argument, context);
    if (pattern === undefined) return undefined;
    return assertion(
      (value) => typeof value !== "string" || pattern.test(value),
      `does not match ${pattern.source}`,
    );
  },
  uniqueItems: (argument, context) => {
    if (typeof argument !== "boolean") return context.fail("is not true or false", "Write true");
    const isUnique = (value: unknown) =>
      !Array.isArray(value) || new Set(value.map((each) => goJson(each))).size === value.length;
    return argument ? assertion(isUnique, "has an item twice") : undefined;
  },
  dependentRequired: (argument, context) => {
    if (!isObject(argument)) return context.fail("is no map", "List the keys that each key needs");
    const needs = Object.entries(argument).map(
      ([key, names]) => [key, missingOf(textsOf(names, context) ?? [])] as const,
    );
    return (value, path, depth) =>
      needs.flatMap(([key, check]) =>
        isObject(value) && Object.hasOwn(value, key) ? check(value, path, depth) : FITS,
      );
  },
};

/** Reads a pattern as JSON Schema has them: not anchored, in Unicode. */
export function patternOf(argument: unknown, context: SchemaContext): RegExp | undefined {
  const hint = "Write a regular expression of JavaScript";
  if (typeof argument !== "string") return context.fail("is no text", hint);
  try {
    return new RegExp(argument, "u");
  } catch {
    return context.fail("is no regular expression", hint);
  }
}

function assertion(fits: (value: unknown) => boolean, message: string): Check {
  return (value, path) => (fits(value) ? FITS : [{ path, message }]);
}

function bound<Value>(
  fits: (value: Value, limit: number) => boolean,
  words: string,
  applies: (value: unknown) => value is Value,
): Keyword {
  return (argument, context) => {
    if (!isNumber(argument)) return context.fail("is no number", "Write a number");
    return assertion((value) => !applies(value) || fits(value, argument), `${words} ${argument}`);
  };
}

function missingOf(names: readonly string[]): Check {
  return (value, path) => {
    if (!isObject(value)) return FITS;
    const missing = names.filter((name) => !Object.hasOwn(value, name));
    return missing.map((name) => ({ path: [...path, name], message: "is missing" }));
  };
}

function textsOf(argument: unknown, context: SchemaContext): readonly string[] | undefined {
  if (Array.isArray(argument) && argument.every(isText)) return argument;
  return context.fail("is no list of texts", "List the names of keys");
}

/** Characters as people count them, not UTF-16 units. */
function lengthOf(text: string): number {
  return [...text].length;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
