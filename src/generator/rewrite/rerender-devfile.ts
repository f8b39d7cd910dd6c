import type { YamlNode } from "../yaml-node.ts";
import { readDevfileRoot } from "./devfile-root.ts";
import { formatYamlPath, type ScalarEdit, type YamlPath } from "./edit.ts";
import { isStarterAddress, starterAddress, withoutSlash } from "./offline-address.ts";
import { readOrigin } from "./origin.ts";
import { rewriteScalars } from "./rewrite-yaml.ts";
import { findStarterPlaces } from "./starters.ts";

/** From which public URL to which the addresses of an offline devfile go. */
export interface RerenderPlan {
  /** The version folder inside of the build: "stacks/go/1.1.0". */
  readonly folder: string;
  /** The public URL that the addresses have now; without it any address of ours is replaced. */
  readonly from?: string;
  /** The public URL they get; undefined makes zips files beside the devfile. */
  readonly to: string | undefined;
  /** What metadata.icon becomes where it was rewritten before; it is left alone without it. */
  readonly icon?: string;
}

/**
 * Makes the addresses of an offline devfile for another public URL. Only scalars change that
 * offlineDevfile() made: zips of starter projects, the registry of parents, the icon. A parent needs
 * a public URL, and keeps the one it has when there is none.
 *
 * @throws {DevregError} INPUT_INVALID when it is no devfile
 */
export function rerenderDevfile(text: string, plan: RerenderPlan, file = "devfile.yaml"): string {
  const root = readDevfileRoot(file, text);
  return rewriteScalars(text, [...starterEdits(root, plan), ...metadataEdits(root, plan)]);
}

function starterEdits(root: YamlNode, { folder, from, to }: RerenderPlan): ScalarEdit[] {
  return findStarterPlaces(root).flatMap(({ path, name, node, origin }) => {
    const location = node.get("zip").get("location").text();
    if (origin === undefined || location === undefined) return [];
    if (!isStarterAddress(location, folder, name, from)) return [];
    return [{ path: [...path, "zip", "location"], value: starterAddress(folder, name, to) }];
  });
}

function metadataEdits(root: YamlNode, { from, to, icon }: RerenderPlan): ScalarEdit[] {
  const origin = readOrigin(root.get("metadata"));
  if (origin === undefined) return [];
  const iconEdits =
    icon !== undefined && "metadata.icon" in origin
      ? [{ path: ["metadata", "icon"], value: icon }]
      : [];
  const parents = parentPaths(root).filter(({ path, registryUrl }) => {
    const isFrom = from === undefined || withoutSlash(registryUrl) === withoutSlash(from);
    return formatYamlPath(path) in origin && isFrom;
  });
  const parentEdits =
    to === undefined
      ? []
      : parents.map(({ path }) => ({ path: [...path, "registryUrl"], value: withoutSlash(to) }));
  return [...iconEdits, ...parentEdits];
}

function parentPaths(root: YamlNode): { path: YamlPath; registryUrl: string }[] {
  const components = root.get("components");
  const plugins = (components.isList ? components.items() : []).map(
    (component, at) =>
      [
        ["components", at, "plugin"],
        component.isMap ? component.get("plugin") : component,
      ] as const,
  );
  const references: (readonly [YamlPath, YamlNode])[] = [
    [["parent"], root.get("parent")],
    ...plugins,
  ];
  return references.flatMap(([path, node]) => {
    const registryUrl = node.isMap ? node.get("registryUrl").text() : undefined;
    return registryUrl === undefined ? [] : [{ path, registryUrl }];
  });
}
