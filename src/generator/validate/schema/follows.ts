import type { YamlPair, YamlScalar, YamlTree } from "../../yaml/index.ts";
import { isUnfit, jsonScalarOf } from "./json-value.ts";
import type { SchemaVersion } from "./versions.ts";

/** A schema as scripts/schemas.ts leaves it: with a type, or a reference to one that has. */
interface Schema {
  readonly $ref?: string;
  readonly type?: "object" | "array" | "string" | "boolean" | "integer";
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly oneOf?: readonly { readonly required: readonly string[] }[];
  readonly items?: Schema;
  readonly uniqueItems?: boolean;
  readonly enum?: readonly string[];
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** The schemas of all versions, and what they have in common. */
interface Schemas {
  readonly versions: Readonly<Record<string, Schema>>;
  readonly definitions: Readonly<Record<string, Schema>>;
}

/** Tells whether a value of YAML is what a schema allows. */
type Test = (tree: YamlTree | undefined) => boolean;

/**
 * Tells whether a value of YAML surely follows the schema of a version. The validators of ajv say no
 * less, and why; but they want a value of JSON, and most devfiles have nothing to explain. False
 * where they have to look: what is true here they never object to.
 */
export function followsSchema(version: SchemaVersion, tree: YamlTree | undefined): boolean {
  const known = TESTS.get(version) ?? new Compiler(schemas()).testOf(version);
  TESTS.set(version, known);
  return known(tree);
}

const TESTS = new Map<SchemaVersion, Test>();

/** Turns schemas into tests; each definition once. */
class Compiler {
  readonly #schemas: Schemas;
  readonly #defined = new Map<string, Test>();

  constructor(all: Schemas) {
    this.#schemas = all;
  }

  testOf(version: SchemaVersion): Test {
    const schema = this.#schemas.versions[version];
    return schema === undefined ? () => false : this.#test(schema);
  }

  #test(schema: Schema): Test {
    if (schema.$ref !== undefined) return this.#definition(schema.$ref);
    if (schema.type === "object") return this.#object(schema);
    if (schema.type === "array") return this.#list(schema);
    return schema.type === undefined ? () => false : scalarTest(schema);
  }

  /** None refers to itself: each is a part that several places wrote out in full. */
  #definition(reference: string): Test {
    const name = reference.slice(reference.lastIndexOf("/") + 1);
    const schema = this.#schemas.definitions[name];
    const test = this.#defined.get(name) ?? (schema ? this.#test(schema) : () => false);
    this.#defined.set(name, test);
    return test;
  }

  #object({ properties = {}, additionalProperties: more = true, ...schema }: Schema): Test {
    const tests = new Map(Object.entries(properties).map(([key, each]) => [key, this.#test(each)]));
    const others =
      typeof more === "object" ? this.#test(more) : more ? fitsJson : (): boolean => false;
    const required = schema.required ?? [];
    const choices = schema.oneOf?.flatMap((each) => each.required);
    return (tree) => {
      if (tree?.kind !== "map") return false;
      for (const { key, value } of tree.pairs) if (!(tests.get(key) ?? others)(value)) return false;
      return (
        countOf(tree.pairs, required) === required.length &&
        (choices === undefined || countOf(tree.pairs, choices) === 1)
      );
    };
  }

  #list({ items, uniqueItems = false }: Schema): Test {
    const test = items === undefined ? fitsJson : this.#test(items);
    return (tree) => {
      if (tree?.kind !== "list") return false;
      for (const item of tree.items) if (!test(item)) return false;
      return !uniqueItems || areDifferentTexts(tree.items);
    };
  }
}

function countOf(pairs: readonly YamlPair[], keys: readonly string[]): number {
  let count = 0;
  if (keys.length > 0) for (const { key } of pairs) if (keys.includes(key)) count += 1;
  return count;
}

function scalarTest(schema: Schema): Test {
  const { maxLength = Number.POSITIVE_INFINITY, enum: texts } = schema;
  const pattern = schema.pattern === undefined ? undefined : new RegExp(schema.pattern);
  const above = schema.exclusiveMinimum ?? Number.NEGATIVE_INFINITY;
  const below = schema.exclusiveMaximum ?? Number.POSITIVE_INFINITY;
  const tests: Readonly<Record<string, (value: unknown) => boolean>> = {
    // A text has no more characters than units.
    string: (value) =>
      typeof value === "string" &&
      value.length <= maxLength &&
      (pattern?.test(value) ?? true) &&
      (texts?.includes(value) ?? true),
    boolean: (value) => typeof value === "boolean" && texts === undefined,
    integer: (value) => Number.isInteger(value) && Number(value) > above && Number(value) < below,
  };
  const test = tests[schema.type ?? ""] ?? (() => false);
  return (tree) => tree?.kind === "scalar" && test(jsonScalarOf(tree));
}

/** Anything may stand here that JSON has a word for. */
function fitsJson(tree: YamlTree | undefined): boolean {
  if (tree === undefined) return true;
  if (tree.kind === "scalar") return !isUnfit(jsonScalarOf(tree));
  if (tree.kind === "list") return tree.items.every(fitsJson);
  return tree.pairs.every(({ value }) => fitsJson(value));
}

function areDifferentTexts(items: readonly (YamlTree | undefined)[]): boolean {
  const texts = new Set<unknown>();
  for (const item of items) if (item?.kind === "scalar") texts.add(textOf(item));
  return texts.size === items.length && !texts.has(undefined);
}

function textOf(scalar: YamlScalar): string | undefined {
  const value = jsonScalarOf(scalar);
  return typeof value === "string" ? value : undefined;
}

/** Loads the schemas, which scripts/schemas.ts brings into this form. */
function schemas(): Schemas {
  return require("./generated/schemas.json") as Schemas;
}
