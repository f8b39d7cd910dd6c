import { utf8 } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import {
  ANNOTATION_REF_NAME,
  type Descriptor,
  type Digest,
  describe,
  fetchManifest,
  OCI_INDEX,
  parseDigest,
  type ReadonlyRegistry,
  type Registry,
} from "../../oci-client/index.ts";
import {
  BUNDLE_ARTIFACT,
  BUNDLE_FORMAT,
  BUNDLE_REPOSITORY,
  EXECUTABLE_ANNOTATION,
  FORMAT_ANNOTATION,
} from "./bundle-format.ts";

/** One thing that a bundle holds. */
export interface BundleRoot {
  /** Its name in the layout: "quay.io/devfile/udi:latest", "devfile-catalog/go:2.0.0". */
  readonly name: string;
  readonly descriptor: Descriptor;
}

/** The contents of a bundle. */
export interface BundleContents {
  /** Sorted by name. */
  readonly roots: readonly BundleRoot[];
  /** Of the executable beside the layout, where there is one. */
  readonly executable?: Digest | undefined;
}

/** Stores the image index that names everything in a bundle, and gives it: the bundle's digest. */
export async function writeBundleRoot(
  target: Registry,
  { roots, executable }: BundleContents,
): Promise<Descriptor> {
  const manifests = [...roots]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, descriptor: { mediaType, digest, size, artifactType } }) => ({
      mediaType,
      digest,
      size,
      ...(artifactType === undefined ? {} : { artifactType }),
      annotations: { [ANNOTATION_REF_NAME]: name },
    }));
  const annotations = {
    [FORMAT_ANNOTATION]: BUNDLE_FORMAT,
    ...(executable === undefined ? {} : { [EXECUTABLE_ANNOTATION]: executable }),
  };
  const bytes = utf8(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      artifactType: BUNDLE_ARTIFACT,
      manifests,
      annotations,
    }),
  );
  const root = { ...describe(OCI_INDEX, bytes), artifactType: BUNDLE_ARTIFACT };
  await target.repository(BUNDLE_REPOSITORY).tag(root, "latest", bytes);
  return root;
}

/** Gives the names of all roots of a bundle in its layout, its own root included. */
export function rootNamesOf({ roots }: Pick<BundleContents, "roots">): ReadonlySet<string> {
  return new Set([...roots.map(({ name }) => name), `${BUNDLE_REPOSITORY}:latest`]);
}

/**
 * Reads what a bundle holds.
 *
 * @throws {DevregError} INPUT_INVALID when the layout is no bundle; UNSUPPORTED for a newer format
 */
export async function readBundleRoot(
  source: ReadonlyRegistry,
  shown: string,
): Promise<BundleContents & { readonly root: Descriptor }> {
  const repository = source.repository(BUNDLE_REPOSITORY);
  const root = await repository.resolve("latest");
  if (root === undefined) {
    throw new DevregError("INPUT_INVALID", `Cannot use "${shown}": it is no bundle of devreg`, {
      hint: "A bundle is written by: devreg mirror save REPO --to FILE.tar",
    });
  }
  const { manifest } = await fetchManifest(repository, root);
  const { [FORMAT_ANNOTATION]: format = "", [EXECUTABLE_ANNOTATION]: executable } =
    manifest.annotations ?? {};
  checkFormat(format, shown);
  const roots = (manifest.kind === "index" ? manifest.manifests : []).map((descriptor) => ({
    name: descriptor.annotations?.[ANNOTATION_REF_NAME] ?? "",
    descriptor,
  }));
  const digest = executable === undefined ? undefined : parseDigest(executable);
  return { root, roots, executable: digest };
}

function checkFormat(format: string, shown: string): void {
  if (format.split(".")[0] === BUNDLE_FORMAT.split(".")[0]) return;
  throw new DevregError("UNSUPPORTED", `Cannot read bundle "${shown}": it has format "${format}"`, {
    hint: `This version of devreg reads bundles of format ${BUNDLE_FORMAT}; take the one beside the bundle`,
  });
}
