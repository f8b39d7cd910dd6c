import { goJson } from "../go-json.ts";
import { isEmpty } from "../index-json.ts";
import {
  type IndexEntry,
  IndexEntrySchema,
  IndexVersionSchema,
  type RegistryIndex,
} from "../index-schema.ts";

/** Names a version of a stack or sample, or what an index says of all its versions. */
export interface IndexItem {
  /** "stack" or "sample". */
  readonly type: string;
  readonly name: string;
  /** Absent for what an entry says of all versions, and for an entry without any. */
  readonly version?: string;
}

/** A field of an index that is not what it was; a side that lacks it is absent. */
export interface FieldChange {
  readonly field: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** An item with the fields that changed, in the order of the index. */
export interface ChangedItem extends IndexItem {
  readonly fields: readonly FieldChange[];
}

/** How an index differs from another one; each list is in the order of the index that has the items. */
export interface IndexDiff {
  readonly added: readonly IndexItem[];
  readonly removed: readonly IndexItem[];
  readonly changed: readonly ChangedItem[];
}

/** Writes what an item is called: "stack go 1.0.0". */
export function itemName({ type, name, version }: IndexItem): string {
  return [type, name, ...(version === undefined ? [] : [version])].join(" ");
}

/** Compares two indexes by what each says of every version; the order of entries plays no part. */
export function diffIndex(before: RegistryIndex, after: RegistryIndex): IndexDiff {
  const [old, now] = [unitsOf(before), unitsOf(after)];
  const missingFrom = (units: ReadonlyMap<string, Unit>, others: ReadonlyMap<string, Unit>) =>
    [...units].flatMap(([key, { item, isEntry }]) => (isEntry || others.has(key) ? [] : [item]));
  return {
    added: missingFrom(now, old),
    removed: missingFrom(old, now),
    changed: [...now].flatMap(([key, unit]) => {
      const fields = diffFields(old.get(key)?.fields ?? unit.fields, unit.fields, unit.order);
      return fields.length === 0 ? [] : [{ ...unit.item, fields }];
    }),
  };
}

/** Something of an index that is compared field by field. */
interface Unit {
  readonly item: IndexItem;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Known fields in the order of the index. */
  readonly order: readonly string[];
  /** Whether it is what an entry says of all its versions, which come and go on their own. */
  readonly isEntry: boolean;
}

const ENTRY_FIELDS = Object.keys(IndexEntrySchema.properties);
const VERSION_FIELDS = Object.keys(IndexVersionSchema.properties);

function unitsOf(index: RegistryIndex): ReadonlyMap<string, Unit> {
  const units = new Map<string, Unit>();
  for (const unit of index.flatMap(unitsOfEntry)) {
    const name = `${unit.isEntry ? "entry" : "version"} ${itemName(unit.item)}`;
    // Names that several share are told apart by their order.
    let key = name;
    for (let more = 2; units.has(key); more++) key = `${name} #${more}`;
    units.set(key, unit);
  }
  return units;
}

function unitsOfEntry(entry: IndexEntry): Unit[] {
  const { versions = [], ...fields } = entry;
  const item = { type: entry.type ?? "stack", name: entry.name };
  const order = versions.map(({ version }) => version ?? "");
  const isEntry = versions.length > 0;
  return [
    {
      item,
      fields: isEntry ? { ...fields, versions: order } : fields,
      order: ENTRY_FIELDS,
      isEntry,
    },
    ...versions.map((version) => ({
      item: { ...item, ...(version.version === undefined ? {} : { version: version.version }) },
      fields: version,
      order: VERSION_FIELDS,
      isEntry: false,
    })),
  ];
}

function diffFields(
  before: Unit["fields"],
  after: Unit["fields"],
  order: readonly string[],
): FieldChange[] {
  const names = new Set([...order, ...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((field) => {
    const [old, now] = [presentValue(before, field), presentValue(after, field)];
    if (goJson(old) === goJson(now)) return [];
    return [
      {
        field,
        ...(old === undefined ? {} : { before: old }),
        ...(now === undefined ? {} : { after: now }),
      },
    ];
  });
}

/** An empty value is not written, so it is none. */
function presentValue(fields: Unit["fields"], field: string): unknown {
  const value = fields[field];
  return isEmpty(value) ? undefined : value;
}
