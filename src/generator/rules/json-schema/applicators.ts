import { patternOf } from "./assertions.ts";
import {
  type Check,
  FITS,
  isObject,
  type Keyword,
  type SchemaContext,
  type ValueIssue,
} from "./check.ts";

/** The keywords that hold schemas. Spec: JSON Schema 2020-12, Core, Applicator vocabulary. */
export const APPLICATORS: Readonly<Record<string, Keyword>> = {
  properties: (argument, context) => {
    const checks = compileMap(argument, context);
    return (value, path, depth) => {
      if (!isObject(value)) return FITS;
      return checks.flatMap(([key, check]) =>
        Object.hasOwn(value, key) ? check(value[key], [...path, key], depth) : FITS,
      );
    };
  },
  patternProperties: (argument, context) => {
    const checks = compileMap(argument, context).map(
      ([key, check]) => [patternOf(key, context), check] as const,
    );
    return eachEntry((key, value, path, depth) =>
      checks.flatMap(([pattern, check]) =>
        pattern?.test(key) === true ? check(value, path, depth) : FITS,
      ),
    );
  },
  additionalProperties: (argument, context) => {
    const { properties, patternProperties } = context.siblings;
    const known = new Set(isObject(properties) ? Object.keys(properties) : []);
    const patterns = Object.keys(isObject(patternProperties) ? patternProperties : {}).map((key) =>
      patternOf(key, context),
    );
    const check = argument === false ? forbidden : context.compile(argument, context.path);
    return eachEntry((key, value, path, depth) =>
      known.has(key) || patterns.some((pattern) => pattern?.test(key))
        ? FITS
        : check(value, path, depth),
    );
  },
  propertyNames: (argument, context) => {
    const check = context.compile(argument, context.path);
    return eachEntry((key, _value, path, depth) => check(key, path, depth));
  },
  prefixItems: (argument, context) => {
    const checks = compileList(argument, context);
    return (value, path, depth) =>
      Array.isArray(value)
        ? checks.flatMap((check, at) =>
            at < value.length ? check(value[at], [...path, at], depth) : FITS,
          )
        : FITS;
  },
  items: (argument, context) => {
    const { prefixItems } = context.siblings;
    const first = Array.isArray(prefixItems) ? prefixItems.length : 0;
    const check = argument === false ? forbidden : context.compile(argument, context.path);
    return (value, path, depth) =>
      Array.isArray(value)
        ? value.flatMap((item, at) => (at < first ? FITS : check(item, [...path, at], depth)))
        : FITS;
  },
  contains: (argument, context) => {
    const check = context.compile(argument, context.path);
    const { minContains = 1, maxContains = Number.POSITIVE_INFINITY } = context.siblings;
    return (value, path, depth) => {
      if (!Array.isArray(value)) return FITS;
      const count = value.filter((item) => check(item, path, depth).length === 0).length;
      if (count < Number(minContains)) {
        return [{ path, message: `has ${count} of the items of which ${minContains} is needed` }];
      }
      if (count <= Number(maxContains)) return FITS;
      return [{ path, message: `has ${count} of the items of which ${maxContains} is allowed` }];
    };
  },
  allOf: (argument, context) => {
    const checks = compileList(argument, context);
    return (value, path, depth) => checks.flatMap((check) => check(value, path, depth));
  },
  anyOf: (argument, context) => {
    const checks = compileList(argument, context);
    return (value, path, depth) => {
      const all = checks.map((check) => check(value, path, depth));
      if (all.some(({ length }) => length === 0)) return FITS;
      return all.length === 1 ? (all[0] ?? FITS) : nearestOf(all, path);
    };
  },
  oneOf: (argument, context) => {
    const checks = compileList(argument, context);
    return (value, path, depth) => {
      const all = checks.map((check) => check(value, path, depth));
      const count = all.filter(({ length }) => length === 0).length;
      if (count === 1) return FITS;
      if (count === 0) return nearestOf(all, path);
      return [{ path, message: `fits ${count} forms of which only one may fit` }];
    };
  },
  not: (argument, context) => {
    const check = context.compile(argument, context.path);
    return (value, path, depth) =>
      check(value, path, depth).length > 0 ? FITS : [{ path, message: "is what it must not be" }];
  },
  if: (argument, context) => {
    const { siblings, path: at } = context;
    const above = at.slice(0, -1);
    const [condition, fits, fails] = [
      context.compile(argument, at),
      context.compile(siblings["then"] ?? true, [...above, "then"]),
      context.compile(siblings["else"] ?? true, [...above, "else"]),
    ];
    return (value, path, depth) =>
      (condition(value, path, depth).length === 0 ? fits : fails)(value, path, depth);
  },
  $ref: (argument, context) => {
    if (typeof argument === "string") return context.refer(argument);
    return context.fail("is no reference", 'Refer to a part of the schema: "#/$defs/NAME"');
  },
};

const forbidden: Check = (_value, path) => [{ path, message: "is not allowed" }];

function eachEntry(
  check: (
    key: string,
    value: unknown,
    path: readonly (string | number)[],
    depth: number,
  ) => readonly ValueIssue[],
): Check {
  return (value, path, depth) => {
    if (!isObject(value)) return FITS;
    return Object.entries(value).flatMap(([key, item]) => check(key, item, [...path, key], depth));
  };
}

/** Of forms that none fits, the one with the fewest objections was probably meant. */
function nearestOf(
  all: readonly (readonly ValueIssue[])[],
  path: readonly (string | number)[],
): readonly ValueIssue[] {
  const [nearest] = all.toSorted((a, b) => a.length - b.length);
  const [first] = nearest ?? [];
  const below = first?.path.slice(path.length).join(".") ?? "";
  const why = first === undefined ? "" : `; for the nearest, ${below || "it"} ${first.message}`;
  return [{ path, message: `fits none of the ${all.length} forms allowed${why}` }];
}

function compileMap(
  argument: unknown,
  context: SchemaContext,
): readonly (readonly [string, Check])[] {
  if (!isObject(argument)) {
    context.fail("is no map", "Give each key its schema");
    return [];
  }
  return Object.entries(argument).map(
    ([key, schema]) => [key, context.compile(schema, [...context.path, key])] as const,
  );
}

function compileList(argument: unknown, context: SchemaContext): readonly Check[] {
  if (Array.isArray(argument) && argument.length > 0) {
    return argument.map((schema, at) => context.compile(schema, [...context.path, at]));
  }
  context.fail("is no list of schemas", "List at least one schema");
  return [];
}
