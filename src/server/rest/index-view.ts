import type { IndexEntry, RegistryIndex } from "../../generator/index.ts";

/** The two forms in which the index is published: flat, and with every version. */
export type IndexForm = "v1" | "v2";
/** The kinds of entries that one can ask for. */
export const INDEX_TYPES = ["stack", "sample", "all"] as const;
/** One of {@link INDEX_TYPES}. */
export type IndexType = (typeof INDEX_TYPES)[number];

/** Gives the entries of a kind in a form, in the order of the index. */
export function viewIndex(index: RegistryIndex, form: IndexForm, type: IndexType): RegistryIndex {
  const entries = ofType(index, type);
  return form === "v2" ? entries : entries.flatMap((entry) => flattenEntry(entry) ?? []);
}

/** Gives the entries of a kind, in their order. */
export function ofType(index: RegistryIndex, type: IndexType): RegistryIndex {
  return type === "all" ? index : index.filter((entry) => entry.type === type);
}

/**
 * Gives an entry with the fields of its default version instead of its versions; undefined when it
 * has versions but no default, or is a stack without versions.
 *
 * Parity: GET /index of the Go server. Tags and architectures come from the version only where it
 * has any; command groups and deployment scopes are not part of this form.
 */
function flattenEntry(entry: IndexEntry): IndexEntry | undefined {
  const { versions = [], commandGroups: _groups, deploymentScopes: _scopes, ...flat } = entry;
  if (versions.length === 0) return entry.type === "sample" ? flat : undefined;
  const chosen = versions.find((version) => version.default === true);
  if (chosen === undefined) return undefined;
  const { tags, architectures, git, version, links, resources, starterProjects } = chosen;
  const specific =
    entry.type === "sample" ? { git } : { version, links, resources, starterProjects };
  return dropUndefined({
    ...flat,
    ...(tags?.length ? { tags } : {}),
    ...(architectures?.length ? { architectures } : {}),
    ...specific,
  });
}

/** The fields of `Partial<Fields>` that have a value; their presence is what JSON shows. */
function dropUndefined(
  fields: { [Key in keyof IndexEntry]: IndexEntry[Key] | undefined } & {
    readonly name: string;
  },
): IndexEntry {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  // Every field kept has the type it had; Object.entries cannot say so.
  return Object.fromEntries(kept) as IndexEntry;
}
