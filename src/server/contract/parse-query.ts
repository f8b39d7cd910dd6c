import type { Static, TObject } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";

/** A parameter with a value that it cannot have. */
export interface ParameterFault {
  readonly parameter: string;
  readonly value: string;
  /** What a right value looks like. */
  readonly rule: string;
}

/** What came of reading a query. */
export type ParsedQuery<Query> =
  | { readonly query: Query; readonly fault?: undefined }
  | { readonly query?: undefined; readonly fault: ParameterFault };

/** The pattern of a day; the calendar is looked at too. */
export const CALENDAR_DAY = "^\\d{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])$";

/**
 * Reads the parameters that a schema names: texts, and lists of texts. Unknown and empty ones are
 * ignored; of a repeated parameter that is no list the first counts. Keys come in the order of the
 * schema, so that equal queries print as equal JSON.
 *
 * @param rules what a right value looks like, by parameter
 */
export function parseQuery<Schema extends TObject>(
  schema: Schema,
  query: string,
  rules: Readonly<Record<string, string>>,
): ParsedQuery<Static<Schema>> {
  const parameters = new URLSearchParams(query);
  const given = new Set(parameters.keys());
  const found: Record<string, string | string[]> = {};
  for (const [name, field] of Object.entries(schema.properties)) {
    if (!given.has(name)) continue;
    const values = parameters.getAll(name).filter((value) => value !== "");
    const [first] = values;
    if (first === undefined) continue;
    const isList = field["type"] === "array";
    const value = isList ? values : first;
    if (!Value.Check(field, value) || !isRealDay(field, first)) {
      const rule = rules[name] ?? "it should be a text";
      return { fault: { parameter: name, value: values.join(","), rule } };
    }
    found[name] = value;
  }
  // Each value was checked against the schema.
  return { query: found as Static<Schema> };
}

/** The pattern lets 31 February through; the calendar does not. */
function isRealDay(field: TObject["properties"][string], value: string): boolean {
  if (field["pattern"] !== CALENDAR_DAY) return true;
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}
