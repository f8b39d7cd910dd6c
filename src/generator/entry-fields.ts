import type { Git, IndexEntry, IndexVersion } from "./index-schema.ts";
import type { YamlNode } from "./yaml/index.ts";

/** The fields of an index entry that an author may set, in stack.yaml, metadata or an extra entry. */
export type EntryFields = Omit<IndexEntry, "type" | "versions" | "lastModified" | "name"> & {
  readonly name?: string;
};

/** The fields of an index version that an author may set in an extra entry. */
export type VersionFields = Omit<IndexVersion, "lastModified">;

const TEXTS = ["tags", "architectures", "resources", "starterProjects"] as const;
const FLAG_MAPS = ["commandGroups", "deploymentScopes"] as const;
const SHARED_TEXT = ["version", "description", "icon"] as const;
const ENTRY_TEXT = [
  ...SHARED_TEXT,
  "name",
  "displayName",
  "globalMemoryLimit",
  "projectType",
  "language",
  "provider",
  "supportUrl",
] as const;

/** Reads every index field of an entry but its versions; all may be absent. */
export function readEntryFields(node: YamlNode): EntryFields {
  const attributes = node.get("attributes");
  return present({
    ...textFields(node, ENTRY_TEXT),
    ...sharedFields(node),
    attributes: attributes.present ? readAttributes(attributes) : undefined,
  });
}

/** Reads every index field of a version. */
export function readVersionFields(node: YamlNode): VersionFields {
  refuseOther(node);
  return present({
    ...textFields(node, [...SHARED_TEXT, "schemaVersion"]),
    ...sharedFields(node),
    default: node.get("default").flag(),
  });
}

function sharedFields(node: YamlNode): Partial<VersionFields> {
  const links = node.get("links");
  const git = node.get("git");
  return present({
    ...filled(TEXTS, node, (field) => [...field.texts()]),
    ...filled(FLAG_MAPS, node, (field) => field.flagMap()),
    links: links.present ? links.textMap() : undefined,
    git: git.present ? readGit(git) : undefined,
  });
}

/** Attributes are the only values of an index whose type is the author's choice. */
function readAttributes(node: YamlNode): Record<string, unknown> {
  return Object.fromEntries(node.entries().map(([key, value]) => [key, value.value() ?? null]));
}

/** Reports what is no map, nor empty. Parity: yaml.v2 cannot make a struct of it. */
export function refuseOther(node: YamlNode): void {
  if (!node.isMap) node.entries();
}

function readGit(node: YamlNode): Git {
  refuseOther(node);
  const remotes = node.get("remotes");
  return present({
    ...textFields(node, ["url", "remoteName", "subDir", "revision"]),
    remotes: remotes.present ? remotes.textMap() : undefined,
  });
}

function textFields<Key extends string>(
  node: YamlNode,
  keys: readonly Key[],
): Partial<Record<Key, string>> {
  return filled(keys, node, (field) => field.text());
}

/** Reads the keys that a map has with a value. */
function filled<Key extends string, Value>(
  keys: readonly Key[],
  node: YamlNode,
  read: (field: YamlNode) => Value | undefined,
): Partial<Record<Key, Value>> {
  const values: Partial<Record<Key, Value>> = {};
  for (const key of keys) {
    const field = node.child(key);
    const value = field && read(field);
    if (value !== undefined) values[key] = value;
  }
  return values;
}

/** Leaves out the fields that are undefined, as exact optional properties ask. */
function present<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  const kept: Partial<Fields> = {};
  for (const key in fields) if (fields[key] !== undefined) kept[key] = fields[key];
  // Dropping undefined values is what the result type says.
  return kept as { [Key in keyof Fields]: Exclude<Fields[Key], undefined> };
}
