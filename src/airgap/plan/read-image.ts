import { DevregError } from "../../errors.ts";
import {
  type Descriptor,
  type Digest,
  type ImageGraph,
  type Platform,
  parseReference,
  type ReadonlyRegistry,
  type ReadonlyRepository,
  readImageGraph,
} from "../../oci-client/index.ts";

/** What of images is taken. */
export interface ImageChoice {
  /** Empty for all. */
  readonly platforms: readonly Platform[];
  readonly platformMode: "strip" | "sparse";
  /** Whether signatures, SBOMs and attestations come along. */
  readonly referrers: boolean;
}

/** An image as its registry has it. */
export interface ReadImage {
  readonly graph: ImageGraph;
  /** Present when its tag is not what was planned; its value may be absent, too: the tag is gone. */
  readonly moved?: { readonly now: Digest | undefined };
}

/**
 * Looks an image up by its digest or tag, and reads its manifests. With a planned digest that one is
 * read, and the tag is asked only to tell whether it was moved.
 *
 * @throws {DevregError} NOT_FOUND, UNAUTHORIZED, UNSUPPORTED, NETWORK …: what registries answer
 */
export async function readImage(
  image: string,
  sources: (host: string) => ReadonlyRegistry,
  choice: ImageChoice,
  planned: Digest | undefined,
): Promise<ReadImage> {
  const { registry, repository, tag = "", digest } = parseReference(image);
  const source = sources(registry).repository(repository);
  const current = await source.resolve(digest ?? tag);
  const isMoved = planned !== undefined && current?.digest !== planned;
  const root = isMoved ? await source.resolve(planned) : current;
  if (root === undefined) throw notFound(image, planned, current?.digest);
  const graph = await readGraph(source, root, choice);
  // A digest that is gone was an error above: what is moved is a tag.
  return isMoved ? { graph, moved: { now: current?.digest } } : { graph };
}

function readGraph(
  source: ReadonlyRepository,
  root: Descriptor,
  { platforms, platformMode, referrers }: ImageChoice,
): Promise<ImageGraph> {
  return readImageGraph(source, root, {
    ...(platforms.length === 0 ? {} : { platforms, platformMode }),
    referrers,
  });
}

function notFound(
  image: string,
  planned: Digest | undefined,
  now: Digest | undefined,
): DevregError {
  if (planned === undefined || now === undefined) {
    return new DevregError("NOT_FOUND", `Cannot find "${image}": its registry does not have it`, {
      hint: "Mend the reference, or leave it out: --exclude HOST/REPOSITORY",
    });
  }
  return new DevregError(
    "NOT_FOUND",
    `Cannot find "${image}": ${planned}, which was planned, is gone; the tag is ${now} now`,
    { hint: "Plan again: devreg mirror plan REPO -o mirror.lock.json" },
  );
}
