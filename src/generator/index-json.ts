import { Value } from "@sinclair/typebox/value";
import { concatBytes, textOf, utf8 } from "../bytes.ts";
import { DevregError, describeError } from "../errors.ts";
import { Pace } from "../turn.ts";
import { ENTRIES_IN_A_ROW, PRINTED_IN_A_ROW } from "../turn-limits.ts";
import { goJsonList } from "./go-json.ts";
import {
  GitSchema,
  type IndexEntry,
  IndexEntrySchema,
  IndexVersionSchema,
  type RegistryIndex,
  RegistryIndexSchema,
} from "./index-schema.ts";

const INDENT = "  ";
const OPEN = utf8("[");
const COMMA = utf8(",");
const CLOSE = utf8("\n]");
const ENTRY_FIELDS = new Set(Object.keys(IndexEntrySchema.properties));
const VERSION_FIELDS = new Set(Object.keys(IndexVersionSchema.properties));
const GIT_FIELDS = new Set(Object.keys(GitSchema.properties));

/**
 * Writes index.json: the bytes of the Go generator, field order, escapes and all. Empty fields are
 * left out; fields that devreg does not know follow the known ones.
 */
export function formatIndex(index: RegistryIndex): Uint8Array {
  return goJsonList(orderEntries(index), INDENT);
}

/** Writes index.json as {@link formatIndex} does, letting others have their turn. */
export async function formatIndexInTurns(index: RegistryIndex): Promise<Uint8Array> {
  return joinEntries(await formatEntriesInTurns(index));
}

/** Writes each entry as {@link formatEntry} does, letting others have their turn. */
export async function formatEntriesInTurns(index: RegistryIndex): Promise<readonly Uint8Array[]> {
  const pace = new Pace(PRINTED_IN_A_ROW);
  const pieces: Uint8Array[] = [];
  for (const entry of index) {
    const piece = formatEntry(entry);
    pieces.push(piece);
    await pace.did(piece.byteLength);
  }
  return pieces;
}

/** Writes an entry as it stands in index.json, from the line end before it. */
export function formatEntry(entry: IndexEntry): Uint8Array {
  const list = formatIndex([entry]);
  return list.subarray(OPEN.byteLength, list.byteLength - CLOSE.byteLength);
}

/** Makes index.json of entries that {@link formatEntry} wrote; between them is one comma each. */
export function joinEntries(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 0) return formatIndex([]);
  const listed = pieces.flatMap((piece, at) => (at === 0 ? [piece] : [COMMA, piece]));
  return concatBytes([OPEN, ...listed, CLOSE]);
}

/**
 * Reads an index.json of ours or of the Go tools. Null counts as absent; unknown fields are kept.
 *
 * @throws {DevregError} INPUT_INVALID, naming the path of the first wrong value
 */
export function parseIndex(bytes: Uint8Array, file = "index.json"): RegistryIndex {
  return checkIndex(parseJson(bytes, file), file);
}

/**
 * Reads an index.json as {@link parseIndex} does, letting others have their turn.
 *
 * @throws {DevregError} INPUT_INVALID, naming the path of the first wrong value
 */
export async function parseIndexInTurns(bytes: Uint8Array, file: string): Promise<RegistryIndex> {
  const json = parseJson(bytes, file);
  if (!Array.isArray(json)) return checkIndex(json, file);
  const pace = new Pace(ENTRIES_IN_A_ROW);
  const index: IndexEntry[] = [];
  for (const item of json) {
    const entry = dropNulls(item);
    // What is wrong is named by its place in the whole.
    if (!Value.Check(IndexEntrySchema, entry)) return checkIndex(json, file);
    index.push(entry);
    await pace.did(1);
  }
  return index;
}

function parseJson(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(textOf(bytes).replace(/^\ufeff/, ""));
  } catch (error) {
    throw invalid(file, describeError(error), error);
  }
}

/** Go prints an index without entries as null. */
function checkIndex(json: unknown, file: string): RegistryIndex {
  const index = dropNulls(json ?? []);
  if (Value.Check(RegistryIndexSchema, index)) return index;
  const first = Value.Errors(RegistryIndexSchema, index).First();
  throw invalid(file, `${first?.path || "/"}: ${first?.message ?? "not an index"}`);
}

/** Reads what {@link formatIndex} wrote; it was made from an index, so it is one. */
export function readBack(bytes: Uint8Array): RegistryIndex {
  return JSON.parse(textOf(bytes));
}

function* orderEntries(index: RegistryIndex): Iterable<Map<string, unknown>> {
  for (const entry of index) yield orderEntry(entry);
}

function orderEntry(entry: IndexEntry): Map<string, unknown> {
  return orderFields(entry, ENTRY_FIELDS, (field, value) => {
    if (field === "git") return orderGit(value);
    if (field !== "versions" || !Array.isArray(value)) return value;
    return value.map((version) => orderFields(version, VERSION_FIELDS, orderVersionField));
  });
}

function orderVersionField(field: string, value: unknown): unknown {
  return field === "git" ? orderGit(value) : value;
}

function orderGit(value: unknown): unknown {
  return orderFields(Object(value), GIT_FIELDS, (_, field) => field);
}

function orderFields(
  fields: Readonly<Record<string, unknown>>,
  order: ReadonlySet<string>,
  convert: (field: string, value: unknown) => unknown,
): Map<string, unknown> {
  const ordered = new Map<string, unknown>();
  for (const name of order) add(ordered, name, fields[name], convert);
  for (const name of Object.keys(fields)) {
    if (!order.has(name)) add(ordered, name, fields[name], convert);
  }
  return ordered;
}

function add(
  ordered: Map<string, unknown>,
  name: string,
  value: unknown,
  convert: (field: string, value: unknown) => unknown,
): void {
  // Parity: omitempty never leaves out a pointer to an empty struct, which git is.
  if (name === "git" ? value != null : !isEmpty(value)) ordered.set(name, convert(name, value));
}

/** Tells whether a value is left out of index.json. Parity: encoding/json, omitempty. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Drops null fields outside of attributes, where null is a value. */
function dropNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropNulls);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, key === "attributes" ? item : dropNulls(item)]),
  );
}

function invalid(file: string, state: string, cause?: unknown): DevregError {
  return new DevregError("INPUT_INVALID", `Cannot read "${file}": ${state}`, {
    cause,
    hint: "Generate the index again",
  });
}
