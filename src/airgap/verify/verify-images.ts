import { eachBounded } from "../../concurrent.ts";
import { REGISTRY_CONCURRENCY } from "../../limits.ts";
import {
  type Descriptor,
  type Digest,
  parseReference,
  type ReadonlyRepository,
} from "../../oci-client/index.ts";
import type { LockedImage, MirrorLock } from "../lock.ts";
import { sourceRepository } from "../target-paths.ts";
import { type CheckRun, runChecks, type VerifyOptions } from "./check-run.ts";
import { CheckedRepository, type MayLack } from "./checked-repository.ts";
import type { Verification } from "./verification.ts";

/** What of a lock images are held against. */
export type LockedImages = Pick<MirrorLock, "images" | "platforms" | "platformMode">;

/**
 * Looks whether every image of a lock is where it should be: at `tag` its root under its tag or
 * digest; at `graph` also everything that it needs, its referrers and signature tags; at `blob` all
 * of that read and hashed, each blob once and asked for in each repository.
 *
 * @param repositoryOf where an image is looked for
 * @throws {DevregError} NETWORK, TIMEOUT, ABORTED; everything else is a problem
 */
export async function verifyImages(
  lock: LockedImages,
  repositoryOf: (image: LockedImage) => ReadonlyRepository,
  options: VerifyOptions,
): Promise<Verification> {
  return await runChecks(options, async (run) => {
    run.expect(lock.images.length);
    await checkImages(lock, repositoryOf, run);
  });
}

/** Looks at the images of a lock as a part of more. */
export async function checkImages(
  lock: LockedImages,
  repositoryOf: (image: LockedImage) => ReadonlyRepository,
  run: CheckRun,
): Promise<void> {
  const repositories = new Map<string, CheckedRepository>();
  await eachBounded(lock.images, REGISTRY_CONCURRENCY, (locked) => {
    const name = sourceRepository(locked.image);
    const repository = repositories.get(name) ?? new CheckedRepository(repositoryOf(locked), run);
    repositories.set(name, repository);
    return run.look(locked.image, () => checkImage(locked, repository, run, mayLack(lock, locked)));
  });
}

/** With `sparse` an image index still names the platforms that nobody asked for. */
function mayLack({ platformMode }: LockedImages, locked: LockedImage): MayLack {
  if (platformMode !== "sparse") return () => false;
  const wanted = new Set<string>([
    locked.mirrored,
    ...Object.values(locked.platforms),
    ...locked.referrers.map(({ digest }) => digest),
    ...Object.values(locked.signatureTags),
  ]);
  return (digest) => !wanted.has(digest);
}

async function checkImage(
  locked: LockedImage,
  repository: CheckedRepository,
  run: CheckRun,
  lacks: MayLack,
): Promise<void> {
  run.count("images");
  const root = await checkRoot(locked, repository.source, run);
  if (root === undefined || run.level === "tag") return;
  await repository.checkGraph(locked.image, { descriptor: root, role: "manifest" }, lacks);
  await checkReferrers(locked, repository, run);
  for (const [tag, digest] of Object.entries(locked.signatureTags)) {
    const role = `signature tag "${tag}"`;
    const descriptor = await checkTag(locked.image, role, tag, digest, repository.source, run);
    if (descriptor !== undefined) {
      await repository.checkGraph(locked.image, { descriptor, role: "signature" });
    }
  }
}

async function checkRoot(
  { image, mirrored }: LockedImage,
  source: ReadonlyRepository,
  run: CheckRun,
): Promise<Descriptor | undefined> {
  const { tag } = parseReference(image);
  if (tag === undefined) return await checkDigest(image, "manifest", mirrored, source, run);
  const tagged = await checkTag(image, `tag "${tag}"`, tag, mirrored, source, run);
  if (tagged !== undefined) return tagged;
  // A tag that was moved says nothing about the image itself.
  return run.level === "tag" ? undefined : await source.resolve(mirrored);
}

async function checkReferrers(
  { image, referrers }: LockedImage,
  repository: CheckedRepository,
  run: CheckRun,
): Promise<void> {
  for (const [subject, group] of Map.groupBy(referrers, ({ subject: named }) => named)) {
    const listed = new Set<Digest>();
    for await (const { digest } of repository.source.referrers(subject)) listed.add(digest);
    for (const { digest, artifactType = "of no type" } of group) {
      const role = `referrer ${artifactType}`;
      const descriptor = await checkDigest(image, role, digest, repository.source, run);
      if (descriptor === undefined) continue;
      if (!listed.has(digest)) {
        run.report({
          what: image,
          digest,
          problem: `${role} ${digest} is not listed at ${subject}`,
        });
      }
      await repository.checkGraph(image, { descriptor, role });
    }
  }
}

/** Gives what a tag points to, when that is right; else it is reported. */
export async function checkTag(
  what: string,
  role: string,
  tag: string,
  digest: Digest,
  source: ReadonlyRepository,
  run: CheckRun,
): Promise<Descriptor | undefined> {
  const found = await source.resolve(tag);
  if (found?.digest === digest) return found;
  const problem =
    found === undefined
      ? `${role} is not there`
      : `${role} points to ${found.digest}, planned was ${digest}`;
  run.report({ what, digest, problem });
  return undefined;
}

/** Gives the manifest of a digest, when it is there; else that is reported. */
export async function checkDigest(
  what: string,
  role: string,
  digest: Digest,
  source: ReadonlyRepository,
  run: CheckRun,
): Promise<Descriptor | undefined> {
  const found = await source.resolve(digest);
  if (found === undefined) run.report({ what, digest, problem: `${role} ${digest} is not there` });
  return found;
}
