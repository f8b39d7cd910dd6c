/** What a schema found wrong with one value, as far as it can be said in words. */
export interface SchemaIssue {
  readonly code?: string | undefined;
  readonly message: string;
  /** What the value should have been. */
  readonly expected?: string;
  /** What the value may be. */
  readonly values?: readonly unknown[];
  /** Keys that the schema does not know. */
  readonly keys?: readonly string[];
  /** What the value should have been at least. */
  readonly minimum?: number | bigint;
}

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  array: "a list",
  object: "a map",
  record: "a map",
  boolean: "true or false",
  number: "a number",
};

/** Names what a value should have been: "array" is "a list". */
export function typeInWords(type: string): string {
  return TYPES[type] ?? type;
}

/** Says what is wrong with a value, for those who write the file and know nothing of schemas. */
export function schemaIssueText(issue: SchemaIssue): string {
  const { code, message, expected, values = [], keys = [] } = issue;
  if (code === "invalid_type" && expected !== undefined) {
    return message.endsWith("received undefined")
      ? "is missing"
      : `is not ${typeInWords(expected)}`;
  }
  if (code === "invalid_value") return `must be one of ${values.map(String).join(", ")}`;
  if (code === "unrecognized_keys") {
    return `${keys.map((key) => `"${key}"`).join(", ")} means nothing here`;
  }
  if (code === "too_small" && issue.minimum === 1) return "is empty";
  return message;
}
