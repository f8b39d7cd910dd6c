import { eachBounded } from "../concurrent.ts";
import { DevregError } from "../errors.ts";
import { REGISTRY_CONCURRENCY } from "../limits.ts";
import { IMAGE_REFERRERS } from "../mirror-limits.ts";
import type { ReadonlyRepository } from "./content.ts";
import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { type ImageTree, readWholeTree } from "./image-tree.ts";
import type { ManifestReader } from "./manifest-reader.ts";
import { isManifestType } from "./media-types.ts";
import type { SignatureTags } from "./signature-tags.ts";

/** What is attached to one manifest. */
export interface Attached {
  readonly subject: Digest;
  /** What refers to it, sorted by digest. */
  readonly referrers: readonly ImageTree[];
  /** What cosign's tags for it point to. */
  readonly tags: readonly { readonly tag: string; readonly tree: ImageTree }[];
  /** What is named as attached and yet not taken, in words. */
  readonly leftOut: readonly string[];
}

/**
 * Reads what is attached to manifests, to what is attached to them, and so on.
 *
 * @param subjects what to begin with
 * @throws {DevregError} LIMIT_EXCEEDED, and as the source's fetch does
 */
export async function readAttached(
  repository: ReadonlyRepository,
  signatures: SignatureTags,
  reader: ManifestReader,
  subjects: readonly Digest[],
): Promise<readonly Attached[]> {
  const known = new Set(subjects);
  const found: Attached[] = [];
  let count = 0;
  // Each round adds to `count` or is the last one, so the bound ends the loop.
  for (let round = subjects; round.length > 0; ) {
    const attached = await eachBounded(round, REGISTRY_CONCURRENCY, (subject) =>
      readAttachedTo(repository, signatures, reader, subject),
    );
    found.push(...attached);
    const trees = attached.flatMap((one) => [
      ...one.referrers,
      ...one.tags.map(({ tree }) => tree),
    ]);
    count += trees.length;
    if (count > IMAGE_REFERRERS) throw tooMany();
    round = [...new Set(trees.flatMap(digestsOf))].filter((digest) => !known.has(digest));
    for (const digest of round) known.add(digest);
  }
  return found;
}

/** Names what is attached to a manifest, without reading it. */
export async function nameAttached(
  repository: ReadonlyRepository,
  signatures: SignatureTags,
  subject: Digest,
): Promise<readonly string[]> {
  const referrers = await listReferrers(repository, subject);
  const tags = await signatures.of(subject);
  return [
    ...referrers.map(
      ({ digest, artifactType = "untyped" }) => `referrer ${digest} (${artifactType})`,
    ),
    ...tags.map(({ tag }) => `signature ${tag}`),
  ];
}

async function readAttachedTo(
  repository: ReadonlyRepository,
  signatures: SignatureTags,
  reader: ManifestReader,
  subject: Digest,
): Promise<Attached> {
  const [named, tags] = await Promise.all([
    listReferrers(repository, subject),
    signatures.of(subject),
  ]);
  const referrers = await eachBounded(named, REGISTRY_CONCURRENCY, (referrer) =>
    readReferrer(reader, referrer, subject),
  );
  const trees = await eachBounded(tags, REGISTRY_CONCURRENCY, async ({ tag, descriptor }) => ({
    tag,
    tree: await readWholeTree(reader, descriptor),
  }));
  return {
    subject,
    referrers: referrers.flatMap((one) => (typeof one === "string" ? [] : one)),
    tags: trees,
    leftOut: referrers.flatMap((one) => (typeof one === "string" ? one : [])),
  };
}

/** Reads a referrer; gives a sentence about one that is only named as such. */
async function readReferrer(
  reader: ManifestReader,
  referrer: Descriptor,
  subject: Digest,
): Promise<ImageTree | string> {
  const { digest, mediaType } = referrer;
  if (!isManifestType(mediaType)) return `referrer ${digest}: its type "${mediaType}" is not known`;
  try {
    const tree = await readWholeTree(reader, referrer);
    if (tree.manifest.subject?.digest === subject) return tree;
    return `referrer ${digest}: it is listed for ${subject} but does not refer to it`;
  } catch (error) {
    if (!(error instanceof DevregError) || error.code !== "NOT_FOUND") throw error;
    return `referrer ${digest}: it is listed but not there`;
  }
}

async function listReferrers(
  repository: ReadonlyRepository,
  subject: Digest,
): Promise<readonly Descriptor[]> {
  const found = new Map<Digest, Descriptor>();
  for await (const referrer of repository.referrers(subject)) {
    found.set(referrer.digest, referrer);
    if (found.size > IMAGE_REFERRERS) throw tooMany();
  }
  // In an order that does not depend on who lists them.
  return [...found.values()].sort((a, b) => (a.digest < b.digest ? -1 : 1));
}

function digestsOf(tree: ImageTree): readonly Digest[] {
  return [...tree.children.flatMap(digestsOf), tree.descriptor.digest];
}

function tooMany(): DevregError {
  return new DevregError(
    "LIMIT_EXCEEDED",
    `Cannot read image: over ${IMAGE_REFERRERS} signatures, SBOMs and attestations`,
    { hint: "Leave them behind with --no-referrers" },
  );
}
