import type { Ajv2020, ErrorObject } from "ajv/dist/2020.js";
import { SCHEMA_ISSUES } from "../../check-limits.ts";
import { describeError } from "../../errors.ts";
import { pointerSteps } from "../json-pointer.ts";
import { nearWord } from "../validate/index.ts";
import { type ValueIssue, type ValuePath, valueIssues } from "./schema-words.ts";

export type { ValueIssue, ValuePath } from "./schema-words.ts";

/** Judges a value by a schema; at most so many issues, in the order of the schema. */
export type JudgeValue = (value: unknown) => readonly ValueIssue[];

/** A mistake in a schema. */
export interface SchemaMistake {
  /** Inside of the schema. */
  readonly path: ValuePath;
  readonly message: string;
  readonly hint: string;
  /** Whether it is the key that is wrong, not its value. */
  readonly ofKey?: boolean;
}

/** A schema that can be used, or what is wrong with it. */
export interface CompiledSchema {
  readonly judge: JudgeValue;
  /** What keeps it from saying what its author means; it is not to be used when there are any. */
  readonly mistakes: readonly SchemaMistake[];
}

const MEND = "Mend it as JSON Schema 2020-12 has it";
/** What ajv says of a schema that it cannot use, and the word of the schema that it is about. */
const UNKNOWN_KEYWORD = /unknown keyword: "([^"]*)"/;
const UNKNOWN_FORMAT = /unknown format "([^"]*)"/;
const LOST_REFERENCE = /can't resolve reference (\S+)/;

/**
 * Makes the judge of a JSON Schema from its parsed text. A keyword that is not known is a mistake,
 * so that no part of a schema is without effect in silence; references stay in the schema.
 * Spec: JSON Schema 2020-12.
 */
export function compileSchema(schema: unknown): CompiledSchema {
  if (!isSchema(schema)) {
    const hint = "Write a map of keywords, true or false";
    return unusable([{ path: [], message: "is no schema", hint }]);
  }
  const ajv = newAjv();
  try {
    const plain = withoutDialect(schema);
    if (ajv.validateSchema(plain) === false) return unusable(misfits(ajv.errors ?? []));
    const validate = ajv.compile(plain);
    return {
      mistakes: [],
      judge: (value) => {
        try {
          return validate(value) ? [] : valueIssues(validate.errors ?? []).slice(0, SCHEMA_ISSUES);
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
          return [{ path: [], message: "is nested too deep to be judged" }];
        }
      },
    };
  } catch (error) {
    return unusable([mistakeOf(schema, error, [...keywordsOf(ajv)])]);
  }
}

/** Which dialect a schema names is all the same: it is read as one of 2020-12. */
function withoutDialect(schema: object | boolean): object | boolean {
  if (typeof schema === "boolean") return schema;
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "$schema"));
}

/** Loaded when a repository has schemas of its own, which few have. */
function newAjv(): Ajv2020 {
  const { Ajv2020: Validator } = require("ajv/dist/2020.js") as typeof import("ajv/dist/2020.js");
  const quiet = { logger: false, strictTypes: false, strictTuples: false } as const;
  return new Validator({ ...quiet, allErrors: true, verbose: true });
}

function keywordsOf(ajv: Ajv2020): Iterable<string> {
  return Object.keys(ajv.RULES.all);
}

function unusable(mistakes: readonly SchemaMistake[]): CompiledSchema {
  return { judge: () => [], mistakes };
}

/** Gives what the schema of schemas objects to, once for each value. */
function misfits(errors: readonly ErrorObject[]): readonly SchemaMistake[] {
  const first = new Map<string, SchemaMistake>();
  for (const { instancePath, message = "is wrong" } of errors) {
    const path = pointerSteps(instancePath);
    if (!first.has(instancePath)) first.set(instancePath, { path, message, hint: MEND });
  }
  return [...first.values()];
}

function mistakeOf(schema: object | boolean, error: unknown, known: readonly string[]) {
  if (error instanceof RangeError) {
    return { path: [], message: "is nested too deep", hint: "Shorten it" };
  }
  const said = describeError(error);
  const [, keyword] = UNKNOWN_KEYWORD.exec(said) ?? [];
  if (keyword !== undefined) {
    const near = nearWord(keyword, known);
    const hint = near === undefined ? MEND : `Did you mean "${near}"?`;
    const path = find(schema, (key) => key === keyword);
    return { path, message: "is no keyword that is known here", hint, ofKey: true };
  }
  const [, format] = UNKNOWN_FORMAT.exec(said) ?? [];
  if (format !== undefined) {
    const path = find(schema, (key, value) => key === "format" && value === format);
    return { path, message: "is a format that is not checked here", hint: "Write a pattern" };
  }
  const [, reference] = LOST_REFERENCE.exec(said) ?? [];
  if (reference !== undefined) {
    const path = find(schema, (key, value) => key === "$ref" && value === reference);
    const hint = 'Refer to a part of the same schema: "#/$defs/NAME"';
    return { path, message: `leads nowhere: "${reference}"`, hint };
  }
  const path = find(schema, (key, value) => key === "pattern" && !isPattern(value));
  return { path, message: `cannot be used: ${said}`, hint: MEND };
}

function isPattern(value: unknown): boolean {
  try {
    return new RegExp(String(value), "u").source !== "";
  } catch {
    return false;
  }
}

/** Finds the first key of a schema that is meant; the schema itself where there is none. */
function find(schema: unknown, isMeant: (key: string, value: unknown) => boolean): ValuePath {
  const waiting: (readonly [unknown, ValuePath])[] = [[schema, []]];
  for (const [value, path] of waiting) {
    if (typeof value !== "object" || value === null) continue;
    for (const [key, below] of Object.entries(value)) {
      if (isMeant(key, below)) return [...path, key];
      waiting.push([below, [...path, key]]);
    }
  }
  return [];
}

function isSchema(value: unknown): value is object | boolean {
  if (typeof value === "boolean") return true;
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
