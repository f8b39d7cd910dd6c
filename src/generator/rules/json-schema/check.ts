/** Keys and indexes that lead to a value. */
export type ValuePath = readonly (string | number)[];

/** What a schema objects to. */
export interface ValueIssue {
  /** Of a value that is missing, where it would be. */
  readonly path: ValuePath;
  /** Follows the name of the value: "is missing", "is a number where text is needed". */
  readonly message: string;
}

/** Judges a value; `depth` counts the schemas that led here. */
export type Check = (value: unknown, path: ValuePath, depth: number) => readonly ValueIssue[];

/** A mistake in a schema. */
export interface SchemaMistake {
  /** Inside of the schema. */
  readonly path: ValuePath;
  readonly message: string;
  readonly hint: string;
  /** Whether it is the key that is wrong, not its value. */
  readonly ofKey?: boolean;
}

/** What keywords are compiled with. */
export interface SchemaContext {
  /** Of the keyword in the schema. */
  readonly path: ValuePath;
  /** The other keywords beside it. */
  readonly siblings: Readonly<Record<string, unknown>>;
  /** Compiles a schema below. */
  compile(schema: unknown, path: ValuePath): Check;
  /** Gives the check that a reference of the schema leads to. */
  refer(reference: string): Check;
  /** Tells of a mistake; the keyword then allows everything. */
  fail(message: string, hint: string, path?: ValuePath): undefined;
}

/** Makes the check of a keyword from its value; undefined for one that only helps another, or fails. */
export type Keyword = (argument: unknown, context: SchemaContext) => Check | undefined;

/** Objects to nothing. */
export const FITS: readonly ValueIssue[] = [];

/** Tells whether a value is an object of JSON. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Names the type of a value for people. */
export function typeName(value: unknown): string {
  if (value === null || value === undefined) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  if (typeof value === "string") return "text";
  return typeof value === "boolean" ? "true or false" : "a number";
}
