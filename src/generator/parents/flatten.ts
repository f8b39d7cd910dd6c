import { isMap, isScalar, type YAMLMap } from "yaml";
import { IMPORT_DEPTH } from "../../limits.ts";
import { parseRelease } from "../semver.ts";
import { dropKey, getItems, getNode, getText } from "./devfile-tree.ts";
import { type ImportedPlugin, mergeContent, sharedElements } from "./merge.ts";
import { overrideContent, unknownOverrides } from "./override.ts";
import type { ImportProblem } from "./problem.ts";
import { formatReference, type ImportReference, referenceOf } from "./reference.ts";

/** What can be fetched; a resource of a cluster cannot. */
export type FetchableReference = Exclude<ImportReference, { kind: "kubernetes" }>;

/** A devfile in the chain that led to it. */
export interface ImportLevel {
  /** What messages call it. */
  readonly file: string;
  readonly root: YAMLMap;
  /** Absolute address that relative uris in it are resolved against. */
  readonly base: string | undefined;
  /** The references that led to it; empty for the devfile that is flattened. */
  readonly chain: readonly string[];
}

/** What flattening needs from outside. */
export interface Flattening {
  /**
   * Gives the content of what a reference means, flattened; the caller may change it. Undefined
   * when it cannot be had, of which the one who is asked tells.
   */
  readonly open: (
    reference: FetchableReference,
    chain: readonly string[],
    from: ImportLevel,
    node: YAMLMap,
  ) => Promise<YAMLMap | undefined>;
  /** Takes a problem: throws it, or keeps it so that more can be found. */
  readonly refuse: (level: ImportLevel, node: YAMLMap, problem: ImportProblem) => void;
  /** Makes a reference absolute; undefined leaves relative uris to `open`. */
  readonly keepRelative?: boolean;
}

/**
 * Flattens a devfile in place: reads its parent and plugins, applies what is overridden in them and
 * merges it all. Metadata and schema version stay those of the devfile.
 *
 * Parity: parseParentAndPlugin of pkg/devfile/parser/parse.go of the devfile library, but for the
 * attributes library.devfile.io/imported-from and -override-from, which it adds to every element and
 * which name addresses outside.
 */
export async function flatten(level: ImportLevel, flattening: Flattening): Promise<void> {
  const { file, root } = level;
  const parentNode = getNode(root, "parent");
  const parent = await importOf(level, parentNode, "parent", flattening);
  const plugins: ImportedPlugin[] = [];
  for (const [at, component] of getItems(root, "components").entries()) {
    const node = getNode(component, "plugin");
    const content = await importOf(level, node, `components[${at}].plugin`, flattening);
    if (content !== undefined) plugins.push({ name: getText(component, "name") ?? "", content });
  }
  for (const { list, key, node, from } of sharedElements(root, parent, plugins)) {
    flattening.refuse(level, isMap(parentNode) ? parentNode : root, {
      rule: "merge-conflict",
      code: "INPUT_INVALID",
      message: `Cannot merge ${list} of "${file}": "${key}" is defined in ${from} too`,
      hint: "Override it below the reference to the parent or plugin, or give it another name",
      ...(node === undefined ? {} : { node }),
    });
  }
  if (parent !== undefined || plugins.length > 0) mergeContent(root, parent, plugins);
  dropKey(root, "parent");
}

/** Reads what a reference imports, flattened and overridden; undefined without a reference. */
async function importOf(
  level: ImportLevel,
  node: unknown,
  path: string,
  flattening: Flattening,
): Promise<YAMLMap | undefined> {
  if (!isMap(node) || isEmpty(node)) return undefined;
  const refuse = (problem: ImportProblem) => flattening.refuse(level, node, problem);
  const reference = readReference(level, node, path, flattening, refuse);
  if (reference === undefined) return undefined;
  const name = formatReference(reference);
  const chain = [...level.chain, name];
  if (isTooLong(level, name, refuse)) return undefined;
  const content = await flattening.open(reference, chain, level, node);
  if (content === undefined) return undefined;
  checkNewer(level, content, name, refuse);
  for (const { list, key, node: at, known } of unknownOverrides(content, node)) {
    refuse({
      rule: "override-unknown",
      code: "INPUT_INVALID",
      message: `Cannot override ${list} in "${path}": "${key}" is not imported`,
      hint: `Define new ${list} in the main body, not in the overriding part`,
      node: at,
      key,
      known,
    });
  }
  overrideContent(content, node);
  return content;
}

/** Parity: parseParentAndPlugin compares with an empty struct, as which empty texts count. */
function isEmpty(node: YAMLMap): boolean {
  return node.items.every(
    ({ value }) => value === null || (isScalar(value) && (value.value ?? "") === ""),
  );
}

function readReference(
  { file, base }: ImportLevel,
  node: YAMLMap,
  path: string,
  { keepRelative }: Flattening,
  refuse: (problem: ImportProblem) => void,
): FetchableReference | undefined {
  const resource = getNode(node, "kubernetes");
  const reference = referenceOf((key) => getText(node, key), {
    name: isMap(resource) ? (getText(resource, "name") ?? "") : undefined,
    namespace: getText(resource, "namespace"),
  });
  const object = `"${path}" of "${file}"`;
  if (reference === undefined) {
    const message = `Cannot resolve ${object}: it refers to nothing`;
    const hint = "Give it a uri, or an id with its registryUrl";
    refuse({ rule: "parent-reference", code: "INPUT_INVALID", message, hint });
    return undefined;
  }
  if (reference.kind === "kubernetes") {
    refuse({
      rule: "parent-kubernetes",
      code: "UNSUPPORTED",
      message: `Cannot resolve ${object}: it is the resource "${reference.name}" of a cluster`,
      hint: "Export that DevWorkspaceTemplate as a devfile and refer to it by uri or id",
      node: resource,
    });
    return undefined;
  }
  if (reference.kind === "registry" || URL.canParse(reference.uri)) return reference;
  if (base !== undefined && URL.canParse(reference.uri, base)) {
    return { kind: "uri", uri: new URL(reference.uri, base).href };
  }
  if (keepRelative === true) return reference;
  refuse({
    rule: "parent-relative",
    code: "INPUT_INVALID",
    message: `Cannot resolve ${object}: "${reference.uri}" is relative, and the devfile has no address`,
    hint: "Use an absolute uri, or an id with its registryUrl",
  });
  return undefined;
}

/** Parity: hasCycle of pkg/devfile/parser/resolutionContext.go, which knows no bound. */
function isTooLong(
  { file, chain }: ImportLevel,
  name: string,
  refuse: (problem: ImportProblem) => void,
): boolean {
  const isCircle = chain.includes(name);
  if (!isCircle && chain.length < IMPORT_DEPTH) return false;
  const way = ["main devfile", ...chain, name].join(" → ");
  const state = isCircle ? "they lead in a circle" : `over ${IMPORT_DEPTH} in a row`;
  refuse({
    rule: isCircle ? "parent-circle" : "parent-depth",
    code: isCircle ? "INPUT_INVALID" : "LIMIT_EXCEEDED",
    message: `Cannot resolve the parents of "${file}": ${state}: ${way}`,
    ...(isCircle ? { hint: "Take the parent out of one of them" } : {}),
  });
  return true;
}

/** Parity: parse.go compares schema versions without what follows their first dash. */
function checkNewer(
  { file, root }: ImportLevel,
  imported: YAMLMap,
  name: string,
  refuse: (problem: ImportProblem) => void,
): void {
  const [own, theirs] = [schemaOf(root), schemaOf(imported)];
  const [a, b] = [parseRelease(own), parseRelease(theirs)];
  if (a === undefined || b === undefined) return;
  if ((b[0] - a[0] || b[1] - a[1] || b[2] - a[2]) <= 0) return;
  refuse({
    rule: "parent-newer",
    code: "INPUT_INVALID",
    message: `Cannot merge "${name}" into "${file}": its schema version ${theirs} is newer than ${own}`,
    hint: `Set schemaVersion of "${file}" to ${theirs}`,
  });
}

function schemaOf(root: YAMLMap): string {
  return (getText(root, "schemaVersion") ?? "").split("-")[0] ?? "";
}
