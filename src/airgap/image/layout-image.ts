import { open } from "node:fs/promises";
import { join } from "node:path";
import { ioError, writeFileAtomic } from "../../atomic-file.ts";
import { DevregError } from "../../errors.ts";
import { LAYOUT_INDEX_BYTES } from "../../limits.ts";
import {
  ANNOTATION_REF_NAME,
  createLayout,
  type Descriptor,
  OCI_INDEX,
  openReadonlyLayout,
  parseManifest,
  type ReadonlyRepository,
} from "../../oci-client/index.ts";
import type { ComposedImage, StoredImage } from "./compose-image.ts";
import { formatJson, objectOf, objectsOf, parseJsonObject } from "./json-object.ts";
import { type ImageDestination, pushImage } from "./push-image.ts";

/** An image in a place that can be read. */
export interface LocatedImage {
  readonly source: ReadonlyRepository;
  readonly root: Descriptor;
}

/**
 * Finds an image in a folder with an OCI image layout: the one of that name, or the only one.
 *
 * @param name as the layout has it: "1.2" or "host/repository:1.2"
 * @throws {DevregError} NOT_FOUND, INPUT_INVALID when it is not clear which is meant
 */
export async function openLayoutImage(folder: string, name?: string): Promise<LocatedImage> {
  const registry = await openReadonlyLayout(folder, { unnamed: UNNAMED });
  const roots = (await readRoots(folder)).filter(
    ({ annotations }) => name === undefined || annotations?.[ANNOTATION_REF_NAME] === name,
  );
  const [root, ...others] = new Map(roots.map((each) => [each.digest, each])).values();
  if (root === undefined || others.length > 0) throw notClear(folder, name, roots);
  for await (const repository of registry.repositories()) {
    const source = registry.repository(repository);
    if ((await source.resolve(root.digest)) !== undefined) return { source, root };
  }
  throw notClear(folder, name, []);
}

/**
 * Stores an image in a folder with an OCI image layout, which is made when it is not there, under a
 * bare tag, as other tools name images in layouts. What had the tag before loses it.
 *
 * @throws {DevregError} INPUT_INVALID when the folder holds something else; IO; as its sources do
 */
export async function writeLayoutImage(
  folder: string,
  image: ComposedImage,
  tag: string,
  progress?: ImageDestination["progress"],
): Promise<StoredImage> {
  const registry = await createLayout(folder, { unnamed: UNNAMED });
  const target = registry.repository(UNNAMED);
  const stored = await pushImage(image, {
    target,
    tags: [],
    ...(progress === undefined ? {} : { progress }),
  });
  await nameRoot(folder, stored.root, tag);
  return stored;
}

/** The repository that stands for bare tags while a layout is open. */
const UNNAMED = "devreg-image";

/** A bare tag is not what devreg itself gives to the roots of layouts, so the file is edited here. */
async function nameRoot(folder: string, root: Descriptor, tag: string): Promise<void> {
  const index = parseJsonObject(await readIndex(folder), "index.json of the image layout");
  const own = `${UNNAMED}@${root.digest}`;
  const others = objectsOf(index["manifests"]).filter((entry) => {
    const name = objectOf(entry["annotations"])[ANNOTATION_REF_NAME];
    return name !== tag && name !== own;
  });
  const named = { ...root, annotations: { [ANNOTATION_REF_NAME]: tag } };
  const bytes = formatJson({ ...index, manifests: [...others, named] });
  await writeFileAtomic(join(folder, "index.json"), bytes);
}

async function readRoots(folder: string): Promise<readonly Descriptor[]> {
  const manifest = parseManifest(await readIndex(folder), OCI_INDEX);
  return manifest.kind === "index" ? manifest.manifests : [];
}

async function readIndex(folder: string): Promise<Uint8Array> {
  const path = join(folder, "index.json");
  try {
    await using file = await open(path, "r");
    const { size } = await file.stat();
    if (size <= LAYOUT_INDEX_BYTES) return await file.readFile();
  } catch (error) {
    throw ioError("read", path, error);
  }
  throw new DevregError(
    "LIMIT_EXCEEDED",
    `Cannot read "${path}": over ${LAYOUT_INDEX_BYTES} bytes`,
  );
}

function notClear(folder: string, name: string | undefined, roots: readonly Descriptor[]) {
  const names = roots.map(({ annotations }) => annotations?.[ANNOTATION_REF_NAME] ?? "(no name)");
  if (roots.length === 0) {
    const what = name === undefined ? "" : ` of the name "${name}"`;
    return new DevregError("NOT_FOUND", `Cannot find image in "${folder}": there is none${what}`);
  }
  return new DevregError(
    "INPUT_INVALID",
    `Cannot tell which image of "${folder}" is meant: it holds ${names.slice(0, 5).join(", ")}`,
    { hint: "Name one of them: oci:DIR:TAG" },
  );
}
