import { type EntryFields, readEntryFields } from "./entry-fields.ts";
import type { YamlNode } from "./yaml/index.ts";

/** What the index takes from a devfile. */
export interface Devfile {
  /** Its root. Of a file that was not used for a while it is read again, and then another object. */
  readonly node: YamlNode;
  readonly metadata: YamlNode;
  /** Whether it may have a parent or plugins. */
  readonly imports: boolean;
  readonly schemaVersion: string;
  /** Every index field found under metadata, where unknown keys are allowed. */
  readonly fields: EntryFields;
  /** The group kinds that commands name, in file order, repeated as often as they occur. */
  readonly groupKinds: readonly string[];
  /** Names in file order. */
  readonly starterProjects: readonly string[];
}

/** What the devfile of a folder may be called; the first that is there counts. */
export const DEVFILES = ["devfile.yaml", ".devfile.yaml"];

const COMMAND_KINDS = ["exec", "apply", "composite"];

/**
 * Reads a devfile; values of a wrong type are reported and read as absent.
 *
 * @param treeOf gives its root later; the root is kept unless there is a better way
 */
export function readDevfile(node: YamlNode, treeOf: () => YamlNode = always(node)): Devfile {
  const metadata = node.get("metadata");
  const components = node.get("components");
  return {
    get node() {
      return treeOf();
    },
    get metadata() {
      return treeOf().get("metadata");
    },
    imports:
      node.has("parent") ||
      (components.isList && components.items().some((each) => each.has("plugin"))),
    schemaVersion: node.get("schemaVersion").text() ?? "",
    fields: readEntryFields(metadata),
    groupKinds: node.get("commands").items().flatMap(readGroupKinds),
    starterProjects: node
      .get("starterProjects")
      .items()
      .map((project) => project.get("name").text() ?? ""),
  };
}

/** On its own, since a function holds on to whatever the functions beside it use. */
function always(node: YamlNode): () => YamlNode {
  return () => node;
}

function readGroupKinds(command: YamlNode): string[] {
  return COMMAND_KINDS.flatMap((kind) => {
    return command.child(kind)?.child("group")?.child("kind")?.text() || [];
  });
}
