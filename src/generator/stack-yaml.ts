import { type EntryFields, readEntryFields, readVersionFields } from "./entry-fields.ts";
import type { Git } from "./index-schema.ts";
import type { YamlNode } from "./yaml/index.ts";

/** What stack.yaml says of one version; everything else comes from its devfile. */
export interface DeclaredVersion {
  readonly node: YamlNode;
  /** Also the name of the version's folder; empty when it is missing. */
  readonly version: string;
  readonly isDefault: boolean;
  /** Where the version lies when it lies in another repository. */
  readonly git?: Git;
}

/** Contents of a stack.yaml: a whole index entry, most of whose fields are usually absent. */
export interface StackYaml {
  readonly node: YamlNode;
  readonly fields: EntryFields;
  /** In file order. */
  readonly versions: readonly DeclaredVersion[];
}

/** Reads a stack.yaml; values of a wrong type are reported and read as absent. */
export function readStackYaml(node: YamlNode): StackYaml {
  return {
    node,
    fields: readEntryFields(node),
    versions: node.get("versions").items().map(readDeclaredVersion),
  };
}

function readDeclaredVersion(node: YamlNode): DeclaredVersion {
  const fields = readVersionFields(node);
  return {
    node,
    version: fields.version ?? "",
    isDefault: fields.default === true,
    ...(fields.git === undefined ? {} : { git: fields.git }),
  };
}
