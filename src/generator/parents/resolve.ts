import { isMap, type YAMLMap } from "yaml";
import { DevregError } from "../../errors.ts";
import { IMPORT_DEPTH, IMPORTS } from "../../limits.ts";
import { parseRelease } from "../semver.ts";
import {
  type DevfileTree,
  dropComments,
  dropKey,
  getItems,
  getNode,
  getText,
  readTree,
} from "./devfile-tree.ts";
import { flattenedText } from "./flattened-text.ts";
import { AddressBases, type ImportedFile } from "./imported-files.ts";
import { type ImportedPlugin, mergeContent } from "./merge.ts";
import { overrideContent } from "./override.ts";
import { formatReference, type ImportReference, referenceOf } from "./reference.ts";

/** The text of a devfile. */
export interface DevfileText {
  readonly text: string;
  /** Absolute address that relative uris in it are resolved against. */
  readonly base?: string;
}

/** What resolving needs from outside. */
export interface ParentDeps {
  /** Gives a devfile by absolute uri or from a registry; bounded by whoever makes it. */
  readonly fetchDevfile: (
    reference: Exclude<ImportReference, { kind: "kubernetes" }>,
  ) => Promise<DevfileText>;
}

/** A devfile without parent and plugins. */
export interface FlattenedDevfile {
  /** The text that was given where it imports nothing. */
  readonly text: string;
  /** What was imported, each once, in the order in which it was read; uris are absolute. */
  readonly imports: readonly ImportReference[];
  /** Files that have to be beside the devfile now. */
  readonly files: readonly ImportedFile[];
}

/** What one resolution keeps in mind. */
interface Resolution {
  readonly deps: ParentDeps;
  readonly imports: Map<string, ImportReference>;
  readonly bases: AddressBases;
  reads: number;
}

/** A devfile in the chain that led to it. */
interface Level {
  /** What messages call it. */
  readonly file: string;
  readonly tree: DevfileTree;
  readonly base: string | undefined;
  readonly chain: readonly string[];
}

/**
 * Flattens a devfile: reads its parent and plugins, and theirs, applies what is overridden in them
 * and merges it all. Metadata and schema version stay those of the devfile.
 *
 * Parity: parseParentAndPlugin of pkg/devfile/parser/parse.go of the devfile library, but for the
 * attributes library.devfile.io/imported-from and -override-from, which it adds to every element and
 * which name addresses outside.
 *
 * @param file what messages call the devfile
 * @throws {DevregError} UNSUPPORTED for a parent in a cluster; INPUT_INVALID for a circle, a parent
 *   of a newer schema version, and what cannot be merged; LIMIT_EXCEEDED over IMPORT_DEPTH, IMPORTS
 */
export async function resolveParents(
  devfile: DevfileText,
  deps: ParentDeps,
  file = "devfile.yaml",
): Promise<FlattenedDevfile> {
  const resolution: Resolution = { deps, imports: new Map(), bases: new AddressBases(), reads: 0 };
  const tree = readTree(file, devfile.text);
  await flatten({ file, tree, base: devfile.base, chain: [] }, resolution);
  if (resolution.imports.size === 0) return { text: devfile.text, imports: [], files: [] };
  return {
    text: flattenedText(file, tree),
    imports: [...resolution.imports.values()],
    files: resolution.bases.filesOf(tree.root),
  };
}

async function flatten(level: Level, resolution: Resolution): Promise<void> {
  const { file, tree } = level;
  const parent = await importOf(level, getNode(tree.root, "parent"), "parent", resolution);
  const plugins: ImportedPlugin[] = [];
  for (const [at, component] of getItems(tree.root, "components").entries()) {
    const path = `components[${at}].plugin`;
    const content = await importOf(level, getNode(component, "plugin"), path, resolution);
    if (content !== undefined) plugins.push({ name: getText(component, "name") ?? "", content });
  }
  if (parent !== undefined || plugins.length > 0) mergeContent(file, tree.root, parent, plugins);
  dropKey(tree.root, "parent");
}

/** Reads what a reference imports, flattened and overridden; undefined without a reference. */
async function importOf(
  level: Level,
  node: unknown,
  path: string,
  resolution: Resolution,
): Promise<YAMLMap | undefined> {
  if (!isMap(node) || node.items.length === 0) return undefined;
  const reference = absoluteReference(level, node, path);
  const name = formatReference(reference);
  refuseCircle(level, name);
  resolution.reads += 1;
  if (resolution.reads > IMPORTS) {
    throw new DevregError(
      "LIMIT_EXCEEDED",
      `Cannot resolve "${path}" of "${level.file}": over ${IMPORTS} parents and plugins`,
    );
  }
  const { text, base } = await resolution.deps.fetchDevfile(reference);
  resolution.imports.set(name, reference);
  const tree = readTree(name, text);
  refuseNewer(level, tree, name);
  dropComments(tree.root);
  resolution.bases.mark(tree.root, base);
  await flatten({ file: name, tree, base, chain: [...level.chain, name] }, resolution);
  overrideContent(tree.root, node, path);
  return tree.root;
}

function absoluteReference(
  { file, base }: Level,
  node: YAMLMap,
  path: string,
): Exclude<ImportReference, { kind: "kubernetes" }> {
  const resource = getNode(node, "kubernetes");
  const reference = referenceOf((key) => getText(node, key), {
    name: isMap(resource) ? (getText(resource, "name") ?? "") : undefined,
    namespace: getText(resource, "namespace"),
  });
  const object = `"${path}" of "${file}"`;
  if (reference === undefined) {
    throw new DevregError("INPUT_INVALID", `Cannot resolve ${object}: it refers to nothing`, {
      hint: "Give it a uri, or an id with its registryUrl",
    });
  }
  if (reference.kind === "kubernetes") {
    throw new DevregError(
      "UNSUPPORTED",
      `Cannot resolve ${object}: it is the resource "${reference.name}" of a cluster`,
      { hint: "Export that DevWorkspaceTemplate as a devfile and refer to it by uri or id" },
    );
  }
  if (reference.kind === "registry") return reference;
  if (URL.canParse(reference.uri)) return reference;
  if (base !== undefined && URL.canParse(reference.uri, base)) {
    return { kind: "uri", uri: new URL(reference.uri, base).href };
  }
  throw new DevregError(
    "INPUT_INVALID",
    `Cannot resolve ${object}: "${reference.uri}" is relative, and the devfile has no address`,
    { hint: "Use an absolute uri, or an id with its registryUrl" },
  );
}

/** Parity: hasCycle of pkg/devfile/parser/resolutionContext.go, which knows no bound. */
function refuseCircle({ file, chain }: Level, name: string): void {
  if (!chain.includes(name) && chain.length < IMPORT_DEPTH) return;
  const isCircle = chain.includes(name);
  const way = ["main devfile", ...chain, name].join(" → ");
  throw new DevregError(
    isCircle ? "INPUT_INVALID" : "LIMIT_EXCEEDED",
    `Cannot resolve the parents of "${file}": ${isCircle ? "they lead in a circle" : `over ${IMPORT_DEPTH} in a row`}: ${way}`,
  );
}

/** Parity: parse.go compares schema versions without what follows their first dash. */
function refuseNewer({ file, tree }: Level, imported: DevfileTree, name: string): void {
  const [own, theirs] = [schemaOf(tree), schemaOf(imported)];
  const [a, b] = [parseRelease(own), parseRelease(theirs)];
  if (a === undefined || b === undefined) return;
  if ((b[0] - a[0] || b[1] - a[1] || b[2] - a[2]) <= 0) return;
  throw new DevregError(
    "INPUT_INVALID",
    `Cannot merge "${name}" into "${file}": its schema version ${theirs} is newer than ${own}`,
    { hint: `Set schemaVersion of "${file}" to ${theirs}` },
  );
}

function schemaOf({ root }: DevfileTree): string {
  return (getText(root, "schemaVersion") ?? "").split("-")[0] ?? "";
}
