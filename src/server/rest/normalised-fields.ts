import { normaliseText } from "./text-match.ts";

/** What was made of the fields of entries and versions; it goes with them. */
const texts = new WeakMap<object, Map<string, string>>();
const lists = new WeakMap<object, Map<string, readonly string[]>>();

/** Gives a text of an entry or version as it is compared, made once; `field` names what is read. */
export function normalisedText<Part extends object>(
  part: Part,
  field: string,
  read: (part: Part) => string | undefined,
): string {
  const fields = fieldsOf(texts, part);
  const known = fields.get(field);
  if (known !== undefined) return known;
  const text = normaliseText(read(part) ?? "");
  fields.set(field, text);
  return text;
}

/** Gives a list of an entry or version as it is compared, made once; `field` names what is read. */
export function normalisedList<Part extends object>(
  part: Part,
  field: string,
  read: (part: Part) => readonly string[] | undefined,
): readonly string[] {
  const fields = fieldsOf(lists, part);
  const known = fields.get(field);
  if (known !== undefined) return known;
  const list = (read(part) ?? []).map(normaliseText);
  fields.set(field, list);
  return list;
}

function fieldsOf<Value>(
  kept: WeakMap<object, Map<string, Value>>,
  part: object,
): Map<string, Value> {
  const known = kept.get(part);
  if (known !== undefined) return known;
  const fields = new Map<string, Value>();
  kept.set(part, fields);
  return fields;
}
