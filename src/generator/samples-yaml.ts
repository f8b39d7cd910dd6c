import {
  type EntryFields,
  readEntryFields,
  readVersionFields,
  refuseOther,
  type VersionFields,
} from "./entry-fields.ts";
import type { YamlNode } from "./yaml/index.ts";

/** One version of an extra entry. */
export interface ExtraVersion {
  readonly node: YamlNode;
  readonly fields: VersionFields;
}

/** One entry of extraDevfileEntries.yaml, published as it is written. */
export interface ExtraEntry {
  readonly node: YamlNode;
  readonly type: "sample" | "stack";
  readonly fields: EntryFields;
  /** In file order; empty for an entry that has one project of its own. */
  readonly versions: readonly ExtraVersion[];
}

const ROOT_KEYS: ReadonlySet<string> = new Set(["schemaVersion", "samples", "stacks"]);

/** Reads extraDevfileEntries.yaml: the samples, then the stacks, each in file order. */
export function readExtraEntries(node: YamlNode): readonly ExtraEntry[] {
  for (const [key, value] of node.isMap ? node.entries() : []) {
    if (ROOT_KEYS.has(key)) continue;
    const message = `the key "${key}" is ignored: it means nothing here`;
    value.report("warning", "unknown-key", message, "Entries stand below samples or stacks");
  }
  const read = (type: ExtraEntry["type"]) => (entry: YamlNode) => readExtraEntry(entry, type);
  return [
    ...mapsOf(node.get("samples")).map(read("sample")),
    ...mapsOf(node.get("stacks")).map(read("stack")),
  ];
}

/** Gives the items of a list but for those that are no maps, of which nothing more can be said. */
function mapsOf(list: YamlNode): YamlNode[] {
  return list.items().filter((item) => {
    refuseOther(item);
    return item.isMap || !item.present;
  });
}

function readExtraEntry(node: YamlNode, type: ExtraEntry["type"]): ExtraEntry {
  return {
    node,
    type,
    fields: readEntryFields(node),
    versions: mapsOf(node.get("versions")).map((version) => ({
      node: version,
      fields: readVersionFields(version),
    })),
  };
}
