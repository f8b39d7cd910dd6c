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
  return remember(texts, part, field, () => normaliseText(read(part) ?? ""));
}

/** Gives a list of an entry or version as it is compared, made once; `field` names what is read. */
export function normalisedList<Part extends object>(
  part: Part,
  field: string,
  read: (part: Part) => readonly string[] | undefined,
): readonly string[] {
  return remember(lists, part, field, () => (read(part) ?? []).map(normaliseText));
}

function remember<Value>(
  kept: WeakMap<object, Map<string, Value>>,
  part: object,
  field: string,
  make: () => Value,
): Value {
  let fields = kept.get(part);
  if (fields === undefined) {
    fields = new Map();
    kept.set(part, fields);
  }
  let value = fields.get(field);
  if (value === undefined) {
    value = make();
    fields.set(field, value);
  }
  return value;
}
