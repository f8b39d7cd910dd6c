import { eachBounded } from "../concurrent.ts";
import { DevregError } from "../errors.ts";
import { REGISTRY_CONCURRENCY } from "../limits.ts";
import { IMAGE_INDEX_DEPTH } from "../mirror-limits.ts";
import { type Descriptor, describe, type Platform } from "./descriptor.ts";
import {
  chooseChildren,
  type IndexChild,
  platformOf,
  readChildren,
  withoutEntries,
} from "./image-platforms.ts";
import { type ImageIndex, type Manifest, successors } from "./manifest.ts";
import type { ManifestReader } from "./manifest-reader.ts";
import { isManifestType } from "./media-types.ts";
import { isPlatform, platformName } from "./platform.ts";

/** A manifest and what is taken of all below it. */
export interface ImageTree {
  /** As the source has it. */
  readonly source: Descriptor;
  /** As it is mirrored. */
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
  /** As the source has it. */
  readonly manifest: Manifest;
  /** The manifests below it that are taken. */
  readonly children: readonly ImageTree[];
  /** What else it needs. */
  readonly blobs: readonly Descriptor[];
  readonly platform?: Platform;
  /** Platforms that it has and that are not taken, those of nested indexes included. */
  readonly notTaken: readonly Platform[];
}

/** Which platforms are taken, and what becomes of indexes that name others. */
export interface PlatformChoice {
  /** All, when there are none. */
  readonly wanted: readonly Platform[] | undefined;
  readonly mode: "strip" | "sparse";
}

/**
 * Reads an image with its platforms.
 *
 * @throws {DevregError} NOT_FOUND when it has none of the platforms wanted; UNSUPPORTED,
 *   LIMIT_EXCEEDED
 */
export async function readImageTree(
  reader: ManifestReader,
  root: Descriptor,
  choice: PlatformChoice,
): Promise<ImageTree> {
  const platform = await platformOf(reader, root);
  const { wanted } = choice;
  if (platform !== undefined && wanted?.some((one) => isPlatform(platform, one)) === false) {
    throw noPlatform(root, [platform], wanted);
  }
  const tree = await readTree(reader, root, { choice, platform, depth: 0 });
  if (tree.notTaken.length > 0 && platformsOf(tree).length === 0) {
    throw noPlatform(root, tree.notTaken, wanted ?? []);
  }
  return tree;
}

/** Reads a manifest and everything below it. @throws {DevregError} UNSUPPORTED, LIMIT_EXCEEDED */
export function readWholeTree(reader: ManifestReader, root: Descriptor): Promise<ImageTree> {
  return readTree(reader, root, { choice: undefined, platform: undefined, depth: 0 });
}

/** Gives the images of a tree with what they are for, in the order of their index. */
export function platformsOf(
  tree: ImageTree,
): readonly { readonly platform: Platform; readonly descriptor: Descriptor }[] {
  const { platform, descriptor, children } = tree;
  return platform === undefined ? children.flatMap(platformsOf) : [{ platform, descriptor }];
}

/** Where in an image a manifest is read. */
interface Position {
  /** Without one everything is taken, and nobody asks what it is for. */
  readonly choice: PlatformChoice | undefined;
  readonly platform: Platform | undefined;
  readonly depth: number;
}

async function readTree(
  reader: ManifestReader,
  root: Descriptor,
  position: Position,
): Promise<ImageTree> {
  if (position.depth > IMAGE_INDEX_DEPTH) {
    throw new DevregError(
      "LIMIT_EXCEEDED",
      `Cannot read image index ${root.digest}: over ${IMAGE_INDEX_DEPTH} indexes around it`,
    );
  }
  const { bytes, manifest } = await reader.read(root);
  const source = { mediaType: root.mediaType, digest: root.digest, size: root.size };
  if (manifest.kind === "index") return readIndex(reader, { source, bytes, manifest }, position);
  const { platform } = position;
  return {
    source,
    descriptor: source,
    bytes,
    manifest,
    children: [],
    blobs: successors(manifest),
    ...(platform === undefined ? {} : { platform }),
    notTaken: [],
  };
}

interface ReadIndex {
  readonly source: Descriptor;
  readonly bytes: Uint8Array;
  readonly manifest: ImageIndex;
}

async function readIndex(
  reader: ManifestReader,
  index: ReadIndex,
  { choice, depth }: Position,
): Promise<ImageTree> {
  const { source, manifest } = index;
  const entries = choice === undefined ? untold(manifest) : await readChildren(reader, manifest);
  const taken = chooseChildren(entries, choice?.wanted);
  const below = await eachBounded(entries, REGISTRY_CONCURRENCY, async (entry, at) => {
    const { descriptor, platform } = entry;
    if (!taken[at] || !isManifestType(descriptor.mediaType)) return undefined;
    return readTree(reader, descriptor, { choice, platform, depth: depth + 1 });
  });
  const mirrored = entries.map(({ descriptor }, at) => {
    const child = below[at];
    if (child === undefined) return taken[at] ? descriptor : undefined;
    return isEmptied(child) ? undefined : child.descriptor;
  });
  return {
    ...(choice?.mode === "sparse" ? unchanged(index) : rewritten(index, mirrored)),
    source,
    manifest,
    children: below.flatMap((child) => (child === undefined || isEmptied(child) ? [] : child)),
    blobs: mirrored.flatMap((child) => (child && !isManifestType(child.mediaType) ? child : [])),
    notTaken: [
      ...entries.flatMap(({ platform }, at) => (taken[at] ? [] : (platform ?? []))),
      ...below.flatMap((child) => child?.notTaken ?? []),
    ],
  };
}

function untold({ manifests }: ImageIndex): readonly IndexChild[] {
  return manifests.map((descriptor) => ({
    descriptor,
    platform: undefined,
    describes: undefined,
  }));
}

/** Tells whether it is an index of which nothing is taken. */
function isEmptied({ children, blobs, notTaken }: ImageTree): boolean {
  return children.length === 0 && blobs.length === 0 && notTaken.length > 0;
}

/** Writes an index with the children that are taken; unchanged when these are all. */
function rewritten(index: ReadIndex, mirrored: readonly (Descriptor | undefined)[]) {
  const { source, manifest } = index;
  const isWhole = mirrored.every((child, at) => child?.digest === manifest.manifests[at]?.digest);
  if (isWhole) return unchanged(index);
  const bytes = withoutEntries(index.bytes, mirrored);
  return { descriptor: describe(source.mediaType, bytes), bytes };
}

function unchanged({ source, bytes }: ReadIndex) {
  return { descriptor: source, bytes };
}

function noPlatform(
  root: Descriptor,
  there: readonly Platform[],
  wanted: readonly Platform[],
): DevregError {
  const names = (platforms: readonly Platform[]) =>
    [...new Set(platforms.map(platformName))].sort().join(", ");
  return new DevregError(
    "NOT_FOUND",
    `Cannot find ${names(wanted)} in image ${root.digest}: it has ${names(there)}`,
    { hint: "Ask for one of these with --platform, or leave the image out" },
  );
}
