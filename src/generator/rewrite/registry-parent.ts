import { DevregError } from "../../errors.ts";
import type { YamlNode } from "../yaml/index.ts";
import {
  formatYamlPath,
  insertKey,
  replacePair,
  replaceScalar,
  type YamlEdit,
  type YamlPath,
} from "./edit.ts";
import { withoutSlash } from "./offline-address.ts";
import type { OfflineStep, RegistryParent } from "./offline-plan.ts";
import { type Origin, originOf, readOrigin } from "./origin.ts";

/** Schema versions whose references have no version. */
const VERSIONLESS = /^2\.[01]\./;
/** Keys of a reference to a parent or plugin, in the order in which the library looks at them. */
const REFERENCE = ["uri", "id", "registryUrl", "version"] as const;

/**
 * Lets a parent be an id at the registry. Without a public URL there is no such address.
 *
 * @throws {DevregError} INPUT_INVALID when there is no reference by uri or id at the path
 */
export function registryParent(
  root: YamlNode,
  parent: RegistryParent,
  publicUrl: string | undefined,
): OfflineStep {
  const path = formatYamlPath(parent.path);
  const node = nodeAt(root, parent.path);
  const left = (reason: string): OfflineStep => ({
    edits: [],
    changes: [],
    left: [{ kind: "parent", path, reason }],
  });
  if (publicUrl === undefined) return left("the registry has no public URL");
  const schema = root.get("schemaVersion").text() ?? "";
  if (parent.version !== undefined && VERSIONLESS.test(schema)) {
    return left(`schema version ${schema} cannot name the version of a parent`);
  }
  const address = withoutSlash(publicUrl);
  const origin = kept(root, path) ?? referenceOf(node);
  return {
    edits: editsOf(node, parent, address),
    changes: [{ kind: "parent", path, origin, address, restOnly: false }],
    left: [],
    origin: { [path]: origin },
  };
}

function nodeAt(root: YamlNode, path: YamlPath): YamlNode {
  let node: YamlNode | undefined = root;
  for (const part of path) {
    node = typeof part === "number" ? node?.items()[part] : node?.get(part);
  }
  if (node?.get("uri").present || node?.get("id").present) return node;
  throw new DevregError(
    "INPUT_INVALID",
    `Cannot rewrite "${formatYamlPath(path)}": it refers to nothing by uri or id`,
  );
}

function kept(root: YamlNode, path: string): Origin | undefined {
  const value = readOrigin(root.get("metadata"))?.[path];
  return typeof value === "object" && !Array.isArray(value) ? (value as Origin) : undefined;
}

function referenceOf(node: YamlNode): Origin {
  return Object.fromEntries(
    REFERENCE.filter((key) => node.get(key).present).map((key) => [key, originOf(node.get(key))]),
  );
}

function editsOf(node: YamlNode, parent: RegistryParent, address: string): YamlEdit[] {
  const { path, id, version } = parent;
  const at = (key: string) => [...path, key];
  const has = (key: string) => node.get(key).present;
  const first = has("uri") ? "uri" : "id";
  const put = (key: string, value: string): YamlEdit =>
    has(key) ? replaceScalar(at(key), value) : insertKey(at(key), value, first);
  return [
    has("uri") && has("registryUrl") ? replacePair(at("uri"), "id", id) : put("id", id),
    ...(has("uri") && !has("registryUrl")
      ? [replacePair(at("uri"), "registryUrl", address)]
      : [put("registryUrl", address)]),
    ...(version === undefined ? [] : [put("version", version)]),
  ];
}
