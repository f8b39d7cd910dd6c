import type { YamlNode } from "../../yaml/index.ts";

/** The rules of the schema, by what is wrong with a value. */
export const SCHEMA_RULES = [
  "schema-version",
  "schema-type",
  "schema-required",
  "schema-unknown-key",
  "schema-one-of",
  "schema-enum",
  "schema-pattern",
  "schema-length",
  "schema-number",
  "schema-duplicate",
  "too-many-findings",
] as const;

/** Something of a devfile that its schema does not allow; always an error. */
export interface Fault {
  readonly rule: (typeof SCHEMA_RULES)[number];
  readonly node: YamlNode;
  /** Whether it is the key that is wrong rather than its value. */
  readonly atKey?: true;
  readonly message: string;
  readonly hint?: string;
}
