import { formatYamlPath, readDevfileRoot, type YamlPath } from "../rewrite/index.ts";
import type { YamlNode } from "../yaml/index.ts";

/** What a parent or plugin is imported from. */
export type ImportReference =
  | { readonly kind: "uri"; readonly uri: string }
  | {
      readonly kind: "registry";
      readonly id: string;
      /** Absent where the devfile leaves it to whoever reads it. */
      readonly registryUrl?: string;
      /** Absent for the default version. */
      readonly version?: string;
    }
  | { readonly kind: "kubernetes"; readonly name: string; readonly namespace?: string };

/** A reference of a devfile to a parent or plugin, and where it stands. */
export interface ParentReference {
  /** "parent", "components[2].plugin" */
  readonly path: string;
  /** The same, to rewrite it. */
  readonly parts: YamlPath;
  readonly reference: ImportReference;
  /** Count from 1. */
  readonly line?: number;
  readonly column?: number;
}

/**
 * Finds what a devfile imports, in the order in which it is resolved: the parent, then plugins; then
 * the plugins that it overrides in its parent.
 *
 * @throws {DevregError} INPUT_INVALID when it is no devfile
 */
export function findParents(text: string, file = "devfile.yaml"): readonly ParentReference[] {
  const root = readDevfileRoot(file, text);
  return [
    ...referenceAt(root.get("parent"), ["parent"]),
    ...pluginsOf(root, []),
    ...pluginsOf(root.get("parent"), ["parent"]),
  ];
}

function pluginsOf(holder: YamlNode, path: YamlPath): readonly ParentReference[] {
  const components = holder.get("components").items();
  return components.flatMap((component, at) =>
    referenceAt(component.get("plugin"), [...path, "components", at, "plugin"]),
  );
}

function referenceAt(node: YamlNode, parts: YamlPath): readonly ParentReference[] {
  const reference = referenceOf((key) => node.get(key).text(), {
    name: node.get("kubernetes").get("name").text(),
    namespace: node.get("kubernetes").get("namespace").text(),
  });
  if (reference === undefined) return [];
  const { line, column } = node.position();
  const at = line === undefined || column === undefined ? {} : { line, column };
  return [{ path: formatYamlPath(parts), parts, reference, ...at }];
}

/**
 * Reads a reference from its keys; of several the first counts, as in parseParentAndPlugin of
 * pkg/devfile/parser/parse.go of the devfile library: uri, id, kubernetes.
 */
export function referenceOf(
  textOf: (key: string) => string | undefined,
  resource: { readonly name: string | undefined; readonly namespace: string | undefined },
): ImportReference | undefined {
  const uri = textOf("uri");
  if (uri !== undefined && uri !== "") return { kind: "uri", uri };
  const id = textOf("id");
  const [registryUrl, version] = [textOf("registryUrl"), textOf("version")];
  if (id !== undefined && id !== "") {
    return {
      kind: "registry",
      id,
      ...(registryUrl === undefined || registryUrl === "" ? {} : { registryUrl }),
      ...(version === undefined || version === "" ? {} : { version }),
    };
  }
  const { name, namespace } = resource;
  if (name === undefined) return undefined;
  return { kind: "kubernetes", name, ...(namespace === undefined ? {} : { namespace }) };
}

/** Names a reference the way the devfile library does in its messages. */
export function formatReference(reference: ImportReference): string {
  if (reference.kind === "uri") return `uri: ${reference.uri}`;
  if (reference.kind === "kubernetes") return `kubernetes: ${reference.name}`;
  const { id, registryUrl, version } = reference;
  const more = [
    ...(registryUrl === undefined ? [] : [`registryUrl: ${registryUrl}`]),
    ...(version === undefined ? [] : [`version: ${version}`]),
  ];
  return [`id: ${id}`, ...more].join(", ");
}
