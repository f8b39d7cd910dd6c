import { utf8 } from "../../bytes.ts";
import {
  formatYamlPath,
  keepInMetadata,
  keepOrigin,
  type Origin,
  readOrigin,
  replaceScalar,
  rewriteYaml,
  type YamlEdit,
  type YamlNode,
} from "../../generator/rewrite/index.ts";
import {
  type DevfileImages,
  type DevfileMention,
  type DevfileScalar,
  devfileImages,
  isExact,
  keptOrigin,
  nodeAt,
  originPlace,
  type ScalarHolder,
} from "../discover/index.ts";
import type { ImageNaming } from "./new-reference.ts";
import type { RewrittenFile } from "./rewrite-document.ts";
import { proveRenamed, type RenamedImage, renamedImages, spliceImages } from "./rewrite-text.ts";

/** One text of a devfile, and what it is to say. */
interface ScalarChange {
  readonly scalar: DevfileScalar;
  readonly renamed: readonly RenamedImage<DevfileMention>[];
  readonly value: string;
}

/**
 * Renames images in a devfile, starting from what its author wrote. That is kept in the attributes
 * of the component or command, but for manifests inside of the devfile; all other bytes stay.
 *
 * @param devfile read with its originals
 * @throws {DevregError} INPUT_INVALID when an image is written so that it cannot be replaced
 */
export function rewriteDevfile(
  path: string,
  devfile: DevfileImages,
  naming: ImageNaming,
): RewrittenFile {
  const { root, text, images, context } = devfile;
  if (root === undefined) return { bytes: utf8(text), changed: 0 };
  const renamed = renamedImages(images, context, naming);
  const changes = changesOf(devfile, renamed);
  const spliced = changes.filter((change) => isSpliced(text, change));
  const edited = changes.filter((change) => !spliced.includes(change));
  const edits = [
    ...edited.map(({ scalar, value }) => replaceScalar(scalar.path, value)),
    ...originEdits(root, edited),
  ];
  const splices = spliced.flatMap((change) => change.renamed);
  const bytes = utf8(rewriteYaml(spliceImages(text, splices), edits));
  if (splices.length > 0) proveManifests(path, devfile, bytes, renamed);
  const counted = changes.filter(({ scalar, value }) => currentText(root, scalar) !== value);
  // One that nobody names anew any more says again what its author wrote.
  return {
    bytes,
    changed: counted.reduce((sum, { renamed: { length } }) => sum + (length || 1), 0),
  };
}

/** Groups new names by the text that they are in; a text without any says what its author wrote. */
function changesOf(
  { images }: DevfileImages,
  renamed: readonly RenamedImage<DevfileMention>[],
): readonly ScalarChange[] {
  const scalars = new Map<string, DevfileScalar>();
  for (const { mention } of images) scalars.set(keyOf(mention), mention.scalar);
  const byScalar = Map.groupBy(renamed, ({ mention }) => keyOf(mention));
  return [...scalars].map(([key, scalar]) => {
    const own = byScalar.get(key) ?? [];
    const words = own.map(({ mention, text }) => {
      const { from: start, to: end } = mention;
      return { mention: { ...mention, start, end }, text };
    });
    return { scalar, renamed: own, value: spliceImages(scalar.value, words) };
  });
}

function keyOf({ scalar }: DevfileMention): string {
  return formatYamlPath(scalar.path);
}

/** A manifest keeps its characters where the images in it can be replaced one by one. */
function isSpliced(text: string, { scalar, renamed }: ScalarChange): boolean {
  return scalar.holder === undefined && renamed.every(({ mention }) => isExact(text, mention));
}

function originEdits(root: YamlNode, changes: readonly ScalarChange[]): readonly YamlEdit[] {
  const holders = new Map<YamlNode, { holder: ScalarHolder; origin: Origin }>();
  for (const { scalar, value } of changes) {
    const { holder, path } = scalar;
    if (holder === undefined || scalar.value === value) continue;
    const below = formatYamlPath(path.slice(holder.path.length));
    const origin = { ...holders.get(holder.node)?.origin, [below]: scalar.value };
    holders.set(holder.node, { holder, origin });
  }
  const kept = [...holders.values()].map(({ holder, origin }) => ({
    holder,
    origin: { ...origin, ...keptOrigin(root, holder) },
  }));
  if (originPlace(root) === "metadata") return metadataEdits(root, kept);
  return kept.flatMap(({ holder, origin }) =>
    keepOrigin(holder.node, holder.path, origin, firstKey(origin)),
  );
}

function metadataEdits(
  root: YamlNode,
  kept: readonly { readonly holder: ScalarHolder; readonly origin: Origin }[],
): readonly YamlEdit[] {
  const fresh = kept.flatMap(({ holder, origin }) =>
    Object.entries(origin).map(([key, value]) => [`${formatYamlPath(holder.path)}.${key}`, value]),
  );
  if (fresh.length === 0) return [];
  const metadata = root.get("metadata");
  const former = metadata.isMap ? readOrigin(metadata) : undefined;
  return keepInMetadata(root, { ...former, ...Object.fromEntries(fresh) });
}

/** Attributes go in front of what they tell of: "container". */
function firstKey(origin: Origin): string | undefined {
  return Object.keys(origin)[0]?.split(".")[0];
}

function currentText(root: YamlNode, { path }: DevfileScalar): string | undefined {
  return nodeAt(root, path)?.text();
}

function proveManifests(
  path: string,
  devfile: DevfileImages,
  bytes: Uint8Array,
  renamed: readonly RenamedImage<DevfileMention>[],
): void {
  const inManifests = (all: DevfileImages) => ({
    ...all,
    images: all.images.filter(({ mention }) => mention.scalar.holder === undefined),
  });
  const after = devfileImages(path, bytes, devfile.context.rules);
  proveRenamed(path, inManifests(devfile), inManifests(after), renamed);
}
