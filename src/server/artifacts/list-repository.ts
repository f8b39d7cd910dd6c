import { ARTIFACT_PARTS_COUNTED, ARTIFACT_TAGS, ARTIFACTS_AT_ONCE } from "../../artifact-limits.ts";
import { eachBounded } from "../../concurrent.ts";
import { DevregError } from "../../errors.ts";
import type {
  Descriptor,
  Digest,
  PinnedSource,
  ReadonlyRepository,
} from "../../oci-client/index.ts";

/** The manifests of one repository by what they are there for. */
export interface RepositoryListing {
  readonly manifests: readonly TaggedManifest[];
  /** What says something about a manifest and is found by a tag made from its digest. */
  readonly attached: ReadonlyMap<Digest, readonly TaggedManifest[]>;
  /** How many tags were not looked at. */
  readonly moreTags: number;
}

/** A manifest and the tags that point to it. */
export interface TaggedManifest {
  readonly descriptor: Descriptor;
  /** The one to name it by first. */
  readonly tags: readonly string[];
}

/** The names that cosign gives, and the tag schema for referrers where a registry has no such API. */
const ATTACHED_TAG = /^sha256-([0-9a-f]{64})(\.[a-z]{2,12})?$/;
const inOrder = new Intl.Collator("en", { numeric: true }).compare;

/** Lists what a repository has by its tags. @throws {DevregError} as the repository does */
export async function listRepository(
  repository: ReadonlyRepository,
  isOver: () => boolean,
): Promise<RepositoryListing> {
  const { tags, moreTags } = await readTags(repository);
  const byDigest = new Map<Digest, { descriptor: Descriptor; tags: string[] }>();
  await eachBounded(tags, ARTIFACTS_AT_ONCE, async (tag) => {
    const descriptor = isOver() ? undefined : await repository.resolve(tag);
    if (descriptor === undefined) return;
    const known = byDigest.get(descriptor.digest) ?? { descriptor, tags: [] };
    known.tags.push(tag);
    byDigest.set(descriptor.digest, known);
  });
  const { manifests, attached } = divide([...byDigest.values()]);
  const pinned = listsPinned(repository) ? await readPinned(repository, byDigest) : [];
  return { manifests: [...manifests, ...pinned], attached, moreTags };
}

/** A registry may name a repository that has lost its last tag, and then not know its tags. */
async function readTags(
  repository: ReadonlyRepository,
): Promise<{ readonly tags: readonly string[]; readonly moreTags: number }> {
  const tags: string[] = [];
  let moreTags = 0;
  try {
    for await (const tag of repository.tags()) {
      if (tags.length < ARTIFACT_TAGS) tags.push(tag);
      else moreTags += 1;
      if (moreTags >= ARTIFACT_PARTS_COUNTED) break;
    }
  } catch (error) {
    if (!(error instanceof DevregError && error.code === "NOT_FOUND")) throw error;
  }
  return { tags, moreTags };
}

function listsPinned(
  repository: ReadonlyRepository,
): repository is ReadonlyRepository & PinnedSource {
  return "pinned" in repository;
}

/** What has a tag, too, is named by that. */
async function readPinned(
  repository: PinnedSource,
  tagged: ReadonlyMap<Digest, unknown>,
): Promise<readonly TaggedManifest[]> {
  const found: TaggedManifest[] = [];
  for await (const descriptor of repository.pinned()) {
    if (found.length >= ARTIFACT_TAGS) break;
    if (!tagged.has(descriptor.digest)) found.push({ descriptor, tags: [] });
  }
  return found;
}

function divide(found: readonly TaggedManifest[]): Omit<RepositoryListing, "moreTags"> {
  const attached = new Map<Digest, TaggedManifest[]>();
  const manifests: TaggedManifest[] = [];
  for (const { descriptor, tags } of found) {
    const plain = tags.filter((tag) => !ATTACHED_TAG.test(tag)).sort(byUse);
    if (plain.length > 0) manifests.push({ descriptor, tags: plain });
    for (const tag of tags) {
      const [, hex, end] = ATTACHED_TAG.exec(tag) ?? [];
      // Without an end it is the list of referrers itself, which the registry was asked for.
      if (hex === undefined || end === undefined) continue;
      const subject: Digest = `sha256:${hex}`;
      attached.set(subject, [...(attached.get(subject) ?? []), { descriptor, tags: [tag] }]);
    }
  }
  return { manifests, attached };
}

const VERSION = /^v?\d{1,18}(?:[.-]|$)/;

/** A version says more than "latest", and a whole one more than the beginning of one. */
function byUse(a: string, b: string): number {
  return rank(a) - rank(b) || b.length - a.length || inOrder(a, b);
}

function rank(tag: string): number {
  if (VERSION.test(tag)) return 0;
  return tag === "latest" ? 1 : 2;
}
