import { DevregError } from "../../errors.ts";
import { IMPORTS } from "../../limits.ts";
import { type DevfileTree, dropComments, readTree } from "./devfile-tree.ts";
import { type FetchableReference, type Flattening, flatten } from "./flatten.ts";
import { flattenedText } from "./flattened-text.ts";
import { AddressBases, type ImportedFile } from "./imported-files.ts";
import { problemError } from "./problem.ts";
import { formatReference, type ImportReference } from "./reference.ts";

/** The text of a devfile. */
export interface DevfileText {
  readonly text: string;
  /** Absolute address that relative uris in it are resolved against. */
  readonly base?: string;
}

/** What resolving needs from outside. */
export interface ParentDeps {
  /** Gives a devfile by absolute uri or from a registry; bounded by whoever makes it. */
  readonly fetchDevfile: (reference: FetchableReference) => Promise<DevfileText>;
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

/**
 * Flattens a devfile: reads its parent and plugins, and theirs, applies what is overridden in them
 * and merges it all.
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
  const imports = new Map<string, ImportReference>();
  const bases = new AddressBases();
  const tree = readTree(file, devfile.text);
  const level = { file, root: tree.root, base: devfile.base, chain: [] };
  await flatten(level, flatteningOf(deps, imports, bases));
  if (imports.size === 0) return { text: devfile.text, imports: [], files: [] };
  return {
    text: flattenedText(file, tree),
    imports: [...imports.values()],
    files: bases.filesOf(tree.root),
  };
}

function flatteningOf(
  deps: ParentDeps,
  imports: Map<string, ImportReference>,
  bases: AddressBases,
): Flattening {
  let reads = 0;
  const flattening: Flattening = {
    refuse: (_level, _node, problem) => {
      throw problemError(problem);
    },
    open: async (reference, chain, from) => {
      reads += 1;
      if (reads > IMPORTS) throw tooMany(from.file);
      const name = formatReference(reference);
      const { text, base } = await deps.fetchDevfile(reference);
      imports.set(name, reference);
      const { root }: DevfileTree = readTree(name, text);
      dropComments(root);
      bases.mark(root, base);
      await flatten({ file: name, root, base, chain }, flattening);
      return root;
    },
  };
  return flattening;
}

function tooMany(file: string): DevregError {
  return new DevregError(
    "LIMIT_EXCEEDED",
    `Cannot resolve the parents of "${file}": over ${IMPORTS} parents and plugins`,
  );
}
