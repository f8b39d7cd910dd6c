/**
 * Makes the validators of devfiles from the official JSON Schemas: `bun install` and
 * `bun scripts/build.ts` run it. The same schemas give the same bytes.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";
import { SCHEMA_ERRORS } from "../src/check-limits.ts";

const ROOT = join(import.meta.dir, "..");
const OUTPUT = join(ROOT, "src", "generator", "validate", "schema", "generated");

/** Brings the schemas; package.json leaves out what its own code would need. */
const SCHEMAS = "@eclipse-che/che-devworkspace-generator/lib/devfile-schema";
const VERSIONS = ["2.0.0", "2.1.0", "2.2.0", "2.2.1", "2.2.2", "2.3.0"];

/** Keywords that say nothing of what is valid. */
const DESCRIPTIVE = ["description", "markdownDescription", "title", "default"];
/** Every keyword that the rules in src/generator/validate/schema can explain. */
const EXPLAINED = [
  ...["type", "properties", "additionalProperties", "required", "items", "uniqueItems"],
  ...["oneOf", "enum", "maxLength", "pattern"],
];

/**
 * Where the schemas inside devfile/library differ from those of the package, by version. Its
 * verdict counts. In 2.0.0 and 2.1.0 the package allows the very version only, the library also
 * what it cuts at the first "-", as in 2.1.0-alpha. Titles and defaults differ in 2.2.0 alone.
 */
const LIBRARY_SCHEMA_VERSION =
  "^([2-9])\\.([0-9]+)\\.([0-9]+)(\\-[0-9a-z-]+(\\.[0-9a-z-]+)*)?(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?$";

/** The target port of an endpoint is an int64 in Go; scalar.ts keeps those off the bounds. */
const INT64 = { type: "integer", exclusiveMinimum: -(2 ** 63), exclusiveMaximum: 2 ** 63 };

interface Schema {
  readonly [keyword: string]: unknown;
}

/**
 * Writes the validators, one function a version that share what the versions have in common, and
 * beside them the schemas that they were made from.
 */
export function writeValidators(): void {
  const roots = VERSIONS.map((version) => simplify(readSchema(version), version));
  const shared = new SharedSchemas(roots);
  const references = roots.map((root) => shared.replace(root) as Schema);
  const versions = Object.fromEntries(VERSIONS.map((version, at) => [version, references[at]]));
  const { definitions } = shared;
  writeIfChanged("validators.js", generateValidators(references, definitions));
  writeIfChanged("schemas.json", JSON.stringify({ versions, definitions }));
}

function writeIfChanged(name: string, text: string): void {
  const file = join(OUTPUT, name);
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  mkdirSync(OUTPUT, { recursive: true });
  writeFileSync(file, text);
}

function generateValidators(references: readonly Schema[], definitions: Schema): string {
  const ajv = new Ajv({
    allErrors: true,
    code: { esm: true, source: true },
    inlineRefs: false,
    messages: false,
    strict: false,
    unicodeRegExp: false,
    verbose: true,
  });
  ajv.addSchema({ $id: "devfile", $defs: definitions });
  for (const [at, version] of VERSIONS.entries()) {
    ajv.addSchema({ ...references[at], $id: `devfile-${version}` });
  }
  const names = VERSIONS.map((version) => [
    `v${version.replaceAll(".", "_")}`,
    `devfile-${version}`,
  ]);
  return inLinearTime(withoutImports(standaloneCode(ajv, Object.fromEntries(names))));
}

function readSchema(version: string): Schema {
  return JSON.parse(
    readFileSync(Bun.resolveSync(`${SCHEMAS}/${version}/devfile.json`, ROOT), "utf8"),
  );
}

/** Drops what only people read, so that versions that demand the same have the same schema. */
function simplify(root: Schema, version: string): Schema {
  const { schemaVersion, ...properties } = root["properties"] as Record<string, Schema>;
  const pattern = LIBRARY_SCHEMA_VERSION;
  const known = {
    ...root,
    properties: { ...properties, schemaVersion: { ...schemaVersion, pattern } },
  };
  return simplified(known, version) as Schema;
}

function simplified(value: unknown, at: string): unknown {
  if (!isSchema(value)) return value;
  if (value["type"] === "integer") return INT64;
  const keywords = Object.entries(value).filter(([keyword]) => !DESCRIPTIVE.includes(keyword));
  return Object.fromEntries(
    keywords.map(([keyword, inner]) => [keyword, below(keyword, inner, at)]),
  );
}

function below(keyword: string, inner: unknown, at: string): unknown {
  const path = `${at}/${keyword}`;
  if (!EXPLAINED.includes(keyword)) throw new Error(`${path}: no rule explains this keyword`);
  if (keyword === "oneOf") return (inner as unknown[]).map((each) => requiredOnly(each, path));
  if (keyword !== "properties") return simplified(inner, path);
  const fields = Object.entries(inner as Schema);
  return Object.fromEntries(
    fields.map(([name, each]) => [name, simplified(each, `${path}/${name}`)]),
  );
}

/** Each alternative names one key that makes the choice; the rules count on it. */
function requiredOnly(alternative: unknown, path: string): unknown {
  const { required, ...more } = alternative as { required?: unknown[] };
  if (required?.length === 1 && Object.keys(more).length === 0) return alternative;
  throw new Error(`${path}: an alternative is more than one required key`);
}

/** What several places of the schemas have in common, each made once and referred to. */
class SharedSchemas {
  readonly definitions: Record<string, unknown> = {};
  readonly #occurrences = new Map<string, number>();
  readonly #names = new Map<string, string>();

  constructor(roots: readonly Schema[]) {
    for (const root of roots) this.#count(root);
  }

  /** Gives a schema with references in the place of what it shares with others. */
  replace(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.replace(each));
    if (!isSchema(value)) return value;
    const key = JSON.stringify(value);
    const inner = () =>
      Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.replace(each)]));
    if ((this.#occurrences.get(key) ?? 0) < 2) return inner();
    const name = this.#names.get(key) ?? `shared${this.#names.size}`;
    if (!this.#names.has(key)) {
      this.#names.set(key, name);
      this.definitions[name] = inner();
    }
    return { $ref: `devfile#/$defs/${name}` };
  }

  #count(value: unknown): void {
    if (!isSchema(value)) return;
    if (value["type"] === "object" && isSchema(value["properties"])) {
      const key = JSON.stringify(value);
      const before = this.#occurrences.get(key) ?? 0;
      this.#occurrences.set(key, before + 1);
      if (before > 0) return;
    }
    for (const inner of Object.values(value)) this.#count(inner);
  }
}

/** Puts the one function that generated code asks the package for into the code. */
function withoutImports(code: string): string {
  const inlined = code.replaceAll(
    'require("ajv/dist/runtime/ucs2length").default',
    "(text) => [...text].length",
  );
  if (inlined.includes("require(")) throw new Error("the validators need a package at run time");
  return inlined;
}

/**
 * Lets errors of the parts of a schema be added to those there are. The generated code copies all of
 * them for each part that has some, which takes minutes for a list of a hundred thousand mistakes.
 */
function inLinearTime(code: string): string {
  const added = code.replaceAll(
    /vErrors\.concat\((validate\d+\.errors)\)/g,
    "addErrors(vErrors, $1)",
  );
  if (added === code || added.includes(".concat(")) throw new Error("ajv generates other code now");
  return `${added}
function addErrors(errors, more) {
  for (const error of more) {
    if (errors.length >= ${SCHEMA_ERRORS}) break;
    errors.push(error);
  }
  return errors;
}
`;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

if (import.meta.main) writeValidators();
