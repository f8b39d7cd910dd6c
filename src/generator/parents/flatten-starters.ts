import type { YAMLMap } from "yaml";
import { utf8 } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { IMPORTS } from "../../limits.ts";
import { dropComments, getItems, getNode, getText, nameOf, readTree } from "./devfile-tree.ts";
import { type FetchableReference, type Flattening, flatten } from "./flatten.ts";
import { flattenedText } from "./flattened-text.ts";

/** A devfile that others may import, where it lies. */
export interface ImportedDevfile {
  readonly text: string;
  /** "stacks/go/2.0.0" */
  readonly folder: string;
  /** Absolute address that relative uris in it are resolved against. */
  readonly base: string | undefined;
}

/** Gives the devfile that a reference means; undefined for what is not at hand. */
export type FindImport = (reference: FetchableReference) => Promise<ImportedDevfile | undefined>;

/** The starter projects that a devfile has once its parent and plugins are merged in. */
export interface FlattenedStarters {
  /** The bytes of a devfile that has these alone. */
  readonly devfile: Uint8Array;
  /** By name, the folders of the devfiles that define or override one, those nearer first. */
  readonly folders: ReadonlyMap<string, readonly string[]>;
}

const STARTERS = "starterProjects";

/**
 * Flattens the starter projects of a devfile as far as what it imports is at hand: what cannot be
 * found or merged is left out, since it was told when the build was made. Undefined where nothing
 * was imported.
 *
 * @throws what `find` throws
 */
export async function flattenStarters(
  devfile: ImportedDevfile,
  find: FindImport,
): Promise<FlattenedStarters | undefined> {
  const file = "devfile.yaml";
  const tree = unlessInvalid(() => readTree(file, devfile.text));
  if (tree === undefined) return undefined;
  const folders = new Map<string, string[]>();
  note(folders, tree.root, devfile.folder);
  const isMerged = await mergeImports(tree.root, devfile.base, find, folders);
  if (!isMerged) return undefined;
  tree.root.items = tree.root.items.filter((pair) => nameOf(pair) === STARTERS);
  const text = unlessInvalid(() => flattenedText(file, tree));
  return text === undefined ? undefined : { devfile: utf8(text), folders };
}

async function mergeImports(
  root: YAMLMap,
  base: string | undefined,
  find: FindImport,
  folders: Map<string, string[]>,
): Promise<boolean> {
  let [reads, isMerged] = [0, false];
  const flattening: Flattening = {
    refuse: () => undefined,
    open: async (reference, chain) => {
      reads += 1;
      const found = reads > IMPORTS ? undefined : await find(reference);
      if (found === undefined) return undefined;
      const content = unlessInvalid(() => readTree(found.folder, found.text).root);
      if (content === undefined) return undefined;
      dropComments(content);
      isMerged = true;
      note(folders, content, found.folder);
      const level = { file: found.folder, root: content, base: found.base, chain };
      await flatten(level, flattening);
      return content;
    },
  };
  await flatten({ file: "devfile.yaml", root, base, chain: [] }, flattening);
  return isMerged;
}

function unlessInvalid<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DevregError) return undefined;
    throw error;
  }
}

/** Remembers in which folder something is said of which starter projects. */
function note(folders: Map<string, string[]>, root: YAMLMap, folder: string): void {
  const plugins = getItems(root, "components").map((component) => getNode(component, "plugin"));
  for (const holder of [root, getNode(root, "parent"), ...plugins]) {
    for (const project of getItems(holder, STARTERS)) {
      const name = getText(project, "name");
      if (name === undefined) continue;
      const known = folders.get(name) ?? [];
      if (!known.includes(folder)) folders.set(name, [...known, folder]);
    }
  }
}
