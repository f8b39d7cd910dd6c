import type { SchemaVersion } from "./versions.ts";

/** One objection of a validator, as ajv gives it. */
export interface SchemaError {
  readonly keyword: string;
  /** JSON pointer to the value: "/commands/0/exec". */
  readonly instancePath: string;
  /** JSON pointer to the keyword; starts anywhere. */
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The schema that has the keyword. */
  readonly parentSchema: Readonly<Record<string, unknown>>;
  readonly data: unknown;
}

/** Tells whether a value follows a schema; what it objects to is left at the function. */
interface Validator {
  (value: unknown): boolean;
  readonly errors?: readonly SchemaError[] | null;
}

/** Gives all that the schema of a version objects to in a JSON value. */
export function schemaErrors(version: SchemaVersion, value: unknown): readonly SchemaError[] {
  const validator = validators()[`v${version.replaceAll(".", "_")}`];
  return validator === undefined || validator(value) ? [] : (validator.errors ?? []);
}

/** Gives the key that the schema does not know. */
export function unknownKey({ params }: SchemaError): string {
  return String(params["additionalProperty"]);
}

/** Gives the keys that the schema knows where it objects to one. */
export function knownKeys({ parentSchema }: SchemaError): readonly string[] {
  return Object.keys(parentSchema["properties"] ?? {});
}

/** Gives the key that is missing. */
export function missingKey({ params }: SchemaError): string {
  return String(params["missingProperty"]);
}

/** Gives the keys of which exactly one must be there. */
export function choices({ parentSchema }: SchemaError): readonly string[] {
  // scripts/schemas.ts lets no other alternatives into the schemas.
  const alternatives = parentSchema["oneOf"] as readonly { required: readonly string[] }[];
  return alternatives.flatMap(({ required }) => required);
}

/**
 * Loads the validators, all in one module as they share their parts; of half a megabyte, they are
 * only loaded for the first devfile. scripts/schemas.ts makes them.
 */
function validators(): Readonly<Record<string, Validator>> {
  loaded ??= require("./generated/validators.js") as Readonly<Record<string, Validator>>;
  return loaded;
}

let loaded: Readonly<Record<string, Validator>> | undefined;
