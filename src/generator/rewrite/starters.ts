import type { YamlNode } from "../yaml/index.ts";
import type { YamlPath } from "./edit.ts";
import { type Origin, originOf, readOrigin } from "./origin.ts";

/** Keys of a starter project that say where it comes from; github is of schema version 2.0.0. */
const SOURCES = ["git", "github", "zip"] as const;

/** Which key of a starter project holds its source. */
export type StarterSourceKey = (typeof SOURCES)[number];

/** A starter project as it stands in a devfile, or in what a devfile overrides of its parent. */
export interface StarterPlace {
  readonly path: YamlPath;
  readonly name: string;
  readonly node: YamlNode;
  readonly sourceKey: StarterSourceKey;
  /** What was kept when the devfile was rewritten; undefined before that. */
  readonly origin: Origin | undefined;
}

/** The lists of a devfile, and of what it overrides of its parent, whose items are such projects. */
const LISTS = ["starterProjects", "projects", "dependentProjects"];

/**
 * Finds the starter projects of a devfile that have a source, and the other projects, which clients
 * fetch in the same ways: list after list, each in the order of the file.
 */
export function findStarterPlaces(root: YamlNode): readonly StarterPlace[] {
  const paths: readonly YamlPath[] = [
    ...LISTS.map((list) => [list]),
    ...LISTS.map((list) => ["parent", list]),
  ];
  return paths.flatMap((path) => {
    const list = path.reduce<YamlNode>((node, part) => node.get(String(part)), root);
    return list.items().flatMap((node, at) => placeOf(node, [...path, at]) ?? []);
  });
}

function placeOf(node: YamlNode, path: YamlPath): StarterPlace | undefined {
  const sourceKey = SOURCES.find((key) => node.get(key).isMap);
  const name = node.get("name").text();
  if (sourceKey === undefined || name === undefined) return undefined;
  return { path, name, node, sourceKey, origin: readOrigin(node) };
}

/** Takes what a starter project says of its source: the value of its source key, and subDir. */
export function starterOrigin({ node, sourceKey }: StarterPlace): Origin {
  const subDir = node.get("subDir").text();
  return {
    [sourceKey]: originOf(node.get(sourceKey)),
    ...(subDir === undefined ? {} : { subDir }),
  };
}
