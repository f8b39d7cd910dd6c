import type { YamlNode } from "../yaml/index.ts";
import { readDevfileRoot } from "./devfile-root.ts";
import {
  formatYamlPath,
  replaceScalar,
  type ScalarEdit,
  type YamlEdit,
  type YamlPath,
} from "./edit.ts";
import { isStarterAddress, starterAddress, withoutSlash } from "./offline-address.ts";
import { documentAddress, documentFile, findDocumentPlaces } from "./offline-documents.ts";
import { keepInMetadata } from "./offline-origin.ts";
import { readOrigin } from "./origin.ts";
import { rewriteYaml } from "./rewrite-yaml.ts";
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
  /** The file of each document by its address, "documents/<sha256>/<name>". */
  readonly documents?: ReadonlyMap<string, string>;
}

/**
 * Makes the addresses of an offline devfile for another public URL. Only scalars change that
 * offlineDevfile() made, or left for want of a public URL: zips of starter projects, the registry of
 * parents, the icon, documents of attributes. A parent and a document of an attribute need a public
 * URL, and keep the one they have when there is none.
 *
 * @throws {DevregError} INPUT_INVALID when it is no devfile
 */
export function rerenderDevfile(text: string, plan: RerenderPlan, file = "devfile.yaml"): string {
  const root = readDevfileRoot(file, text);
  const scalars = [...starterEdits(root, plan), ...metadataEdits(root, plan)];
  return rewriteYaml(text, [
    ...scalars.map(({ path, value }) => replaceScalar(path, value)),
    ...documentEdits(root, plan),
  ]);
}

function documentEdits(root: YamlNode, { from, to, documents }: RerenderPlan): YamlEdit[] {
  if (to === undefined) return [];
  const fresh: Record<string, string> = {};
  const edits = findDocumentPlaces(root).flatMap(({ kind, parts, path, written, text, isKept }) => {
    if (kind !== "attribute") return [];
    const ours = isKept ? documentFile(text, from) : documents?.get(written);
    const file = ours === undefined ? undefined : (documents?.get(written) ?? ours);
    if (file === undefined) return [];
    if (!isKept) fresh[path] = written;
    return [replaceScalar(parts, documentAddress(to, file))];
  });
  const kept = readOrigin(root.get("metadata")) ?? {};
  const isNew = Object.keys(fresh).length > 0;
  return [...edits, ...(isNew ? keepInMetadata(root, { ...kept, ...fresh }) : [])];
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
