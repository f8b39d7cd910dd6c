import {
  formatYamlPath,
  type Origin,
  readOrigin,
  type YamlNode,
  type YamlPath,
} from "../../generator/rewrite/index.ts";

/** A list item in whose attributes the original of its scalars is kept: a component or a command. */
export interface ScalarHolder {
  readonly path: YamlPath;
  readonly node: YamlNode;
}

/** A text of a devfile. */
export interface DevfileScalar {
  readonly path: YamlPath;
  /** What it says; what its author wrote where originals are asked for. */
  readonly value: string;
  /** Absent for texts whose original is not kept. */
  readonly holder?: ScalarHolder;
}

/** The part of a devfile, of its parent or of a plugin that holds components and commands. */
interface Template {
  readonly path: YamlPath;
  readonly node: YamlNode;
}

/** Gives the components of a devfile, those that override parents and plugins included. */
export function devfileComponents(root: YamlNode): readonly ScalarHolder[] {
  return templates(root).flatMap((template) => itemsOf(template, "components"));
}

/** Gives the commands of a devfile, those that override parents and plugins included. */
export function devfileCommands(root: YamlNode): readonly ScalarHolder[] {
  return templates(root).flatMap((template) => itemsOf(template, "commands"));
}

/** Reads a text below a holder; undefined for what is missing or no text. */
export function readScalar(
  holder: ScalarHolder,
  path: YamlPath,
  origin: Origin | undefined,
): { readonly node: YamlNode; readonly scalar: DevfileScalar } | undefined {
  const node = nodeAt(holder.node, path);
  const written = node?.isScalar ? node.text() : undefined;
  if (node === undefined || written === undefined) return undefined;
  const original = origin?.[formatYamlPath(path)];
  const value = typeof original === "string" ? original : written;
  return { node, scalar: { path: [...holder.path, ...path], value, holder } };
}

/** Gives a node below another one; undefined where a list has no such item. */
export function nodeAt(above: YamlNode, path: YamlPath): YamlNode | undefined {
  let node: YamlNode | undefined = above;
  for (const part of path) {
    node = typeof part === "number" ? listOf(node)[part] : node?.get(part);
  }
  return node;
}

/** Gives the items of a list; none of anything else. */
export function listOf(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.isList ? node.items() : [];
}

/**
 * Tells where the originals of a holder's texts are kept. A component of schema version 2.0 has no
 * attributes, so it is metadata there.
 */
export function originPlace(root: YamlNode): "holder" | "metadata" {
  return /^2\.0\./.test(root.get("schemaVersion").text() ?? "") ? "metadata" : "holder";
}

/**
 * Reads the originals kept of a holder's texts, by path below it.
 *
 * @throws {DevregError} INPUT_INVALID when somebody else wrote the attribute
 */
export function keptOrigin(root: YamlNode, { path, node }: ScalarHolder): Origin | undefined {
  if (originPlace(root) === "holder") return node.isMap ? readOrigin(node) : undefined;
  const prefix = `${formatYamlPath(path)}.`;
  const kept = Object.entries(readOrigin(root.get("metadata")) ?? {});
  return Object.fromEntries(
    kept.flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
    ),
  );
}

function templates(root: YamlNode): readonly Template[] {
  const own = [
    { path: [], node: root },
    { path: ["parent"], node: root.get("parent") },
  ];
  const plugins = own
    .flatMap((template) => itemsOf(template, "components"))
    .map(({ path, node }) => ({ path: [...path, "plugin"], node: node.get("plugin") }));
  return [...own, ...plugins];
}

function itemsOf({ path, node }: Template, key: string): readonly ScalarHolder[] {
  return listOf(node.get(key))
    .map((item, at) => ({ path: [...path, key, at], node: item }))
    .filter((item) => item.node.isMap);
}
