import type { YamlNode } from "../yaml/index.ts";
import { readDevfileRoot } from "./devfile-root.ts";
import { formatYamlPath, replaceScalar, type YamlPath } from "./edit.ts";
import { withoutSlash } from "./offline-address.ts";
import type { OfflinePlan, OfflineStep } from "./offline-plan.ts";
import { readOrigin } from "./origin.ts";

/**
 * Attributes whose value is the address of a document that clients fetch as it stands. They stood in
 * metadata itself before there were attributes, and in many devfiles still do.
 */
const ATTRIBUTES = ["alpha.build-dockerfile", "alpha.deployment-manifest"] as const;
const ATTRIBUTE_HOLDERS: readonly YamlPath[] = [
  ["attributes"],
  ["metadata"],
  ["metadata", "attributes"],
  ["parent", "attributes"],
];
const ABSOLUTE = /^https?:\/\//i;
const OFFLINE = /\/(documents\/[0-9a-f]{64}\/[^/]+)$/;

/**
 * How a devfile names a document: an attribute needs an address, a component takes the path of a
 * file beside the devfile too.
 */
export type DocumentKind = "attribute" | "component";

/** A further document that a devfile points at by an absolute address. */
export interface DocumentReference {
  readonly kind: DocumentKind;
  /** "attributes.alpha.build-dockerfile", "components[0].kubernetes.uri" */
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
  /** The address as its author wrote it, also after it was rewritten; variables are filled in. */
  readonly address: string;
}

/** The same as it stands in the file. */
export interface DocumentPlace extends DocumentReference {
  readonly parts: YamlPath;
  /** As its author wrote it. */
  readonly written: string;
  /** What stands there now. */
  readonly text: string;
  /** True when its author's address is kept in metadata. */
  readonly isKept: boolean;
}

/**
 * Finds the documents that a devfile points at by absolute addresses, in attributes and in
 * components (also those that it overrides), in the order of their kinds. A component that was
 * rewritten before has its file beside the devfile and is not among them.
 *
 * @throws {DevregError} INPUT_INVALID when it is no devfile
 */
export function findDocuments(text: string, file = "devfile.yaml"): readonly DocumentReference[] {
  return findDocumentPlaces(readDevfileRoot(file, text));
}

/** Finds the places of a devfile that name documents, as {@link findDocuments} does. */
export function findDocumentPlaces(root: YamlNode): readonly DocumentPlace[] {
  const origin = readOrigin(root.get("metadata")) ?? {};
  const variables = root.get("variables");
  const placeAt = (kind: DocumentKind, parts: YamlPath, node: YamlNode): DocumentPlace[] => {
    const text = node.isMap || node.isList ? undefined : node.text();
    const path = formatYamlPath(parts);
    const kept = kind === "attribute" ? origin[path] : undefined;
    const written = typeof kept === "string" ? kept : text;
    if (text === undefined || written === undefined || !ABSOLUTE.test(written)) return [];
    const address = kind === "component" ? expand(written, variables) : written;
    const { line, column } = node.position();
    const at = line === undefined || column === undefined ? {} : { line, column };
    return [{ kind, path, parts, ...at, address, written, text, isKept: kept !== undefined }];
  };
  return [
    ...ATTRIBUTE_HOLDERS.flatMap((holder) =>
      ATTRIBUTES.flatMap((name) => {
        const node = holder.reduce<YamlNode>((at, part) => childOf(at, String(part)), root);
        return placeAt("attribute", [...holder, name], childOf(node, name));
      }),
    ),
    ...componentUris(root).flatMap(([parts, node]) => placeAt("component", parts, node)),
  ];
}

/** Gives the documents of a devfile addresses of an offline build. */
export function offlineDocuments(root: YamlNode, plan: OfflinePlan): readonly OfflineStep[] {
  return findDocumentPlaces(root).map((place) => offlineDocument(place, plan));
}

/** Gives the address of a document ("documents/<sha256>/<name>") for clients that GET it. */
export function documentAddress(publicUrl: string, file: string): string {
  return `${withoutSlash(publicUrl)}/${file}`;
}

/**
 * Gives the document of a build that an address of ours means; undefined for any other address.
 *
 * @param publicUrl the public URL that the address has; any where it is undefined
 */
export function documentFile(address: string, publicUrl: string | undefined): string | undefined {
  const file = OFFLINE.exec(address)?.[1];
  if (file === undefined || publicUrl === undefined) return file;
  return documentAddress(publicUrl, file) === address ? file : undefined;
}

function offlineDocument(place: DocumentPlace, plan: OfflinePlan): OfflineStep {
  const { kind, path, parts } = place;
  const left = (reason: string): OfflineStep => ({
    edits: [],
    changes: [],
    left: [{ kind: "document", path, reason }],
  });
  const file = plan.documents?.get(place.address);
  if (file === undefined) return left("the build has no file for it");
  if (kind === "attribute" && plan.publicUrl === undefined) {
    return left("the registry has no public URL");
  }
  const address =
    plan.publicUrl === undefined || kind === "component"
      ? file
      : documentAddress(plan.publicUrl, file);
  const origin = place.written;
  return {
    edits: [replaceScalar(parts, address)],
    changes: [{ kind: "document", path, origin, address, restOnly: false }],
    left: [],
    origin: { [path]: origin },
  };
}

/** Holders of components are the devfile and what it overrides in its parent and plugins. */
function componentUris(root: YamlNode): readonly (readonly [YamlPath, YamlNode])[] {
  const own = componentsOf(root, []);
  const plugins = own.map(
    ([path, node]) => [[...path, "plugin"], childOf(node, "plugin")] as const,
  );
  const overrides = [[["parent"], root.get("parent")] as const, ...plugins].flatMap(
    ([path, holder]) => componentsOf(holder, path),
  );
  return [...own, ...overrides].flatMap(([path, component]) =>
    [["kubernetes"], ["openshift"], ["image", "dockerfile"]].map((keys) => {
      const node = [...keys, "uri"].reduce(childOf, component);
      return [[...path, ...keys, "uri"], node] as const;
    }),
  );
}

function componentsOf(
  holder: YamlNode,
  path: YamlPath,
): readonly (readonly [YamlPath, YamlNode])[] {
  const components = childOf(holder, "components");
  const items = components.isList ? components.items() : [];
  return items.map((component, at) => [[...path, "components", at], component]);
}

/**
 * Parity: the devfile library fills variables in where components name addresses, and not in
 * attributes. One without a value stays.
 */
function expand(text: string, variables: YamlNode): string {
  const values = variables.isMap ? variables : undefined;
  return text.replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (whole, name) => {
    return values?.get(String(name)).text() ?? whole;
  });
}

function childOf(node: YamlNode, key: string): YamlNode {
  return node.get(key);
}
