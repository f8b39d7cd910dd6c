import { eachBounded } from "../../concurrent.ts";
import { DevregError } from "../../errors.ts";
import { REGISTRY_CONCURRENCY } from "../../limits.ts";
import { createDigest, isDigest } from "../../oci-client/index.ts";
import { EXECUTABLE_FILE } from "../bundle/bundle-format.ts";
import type { BundleRoot } from "../bundle/bundle-root.ts";
import type { Bundle } from "../bundle/open-bundle.ts";
import type { LockedImage } from "../lock.ts";
import { sourceRepository } from "../target-paths.ts";
import { type CheckRun, runChecks, type VerifyOptions } from "./check-run.ts";
import { CheckedRepository } from "./checked-repository.ts";
import type { Verification } from "./verification.ts";
import { checkDigest, checkImages, checkTag } from "./verify-images.ts";

/** What of a bundle is looked at. */
export type VerifiedBundle = Pick<
  Bundle,
  "lock" | "registry" | "roots" | "files" | "executable" | "build"
>;

/**
 * Looks whether a bundle holds everything that it names: the images of its lock, every other root
 * with what that needs, the registry of devfiles, and the executable beside it.
 *
 * @throws {DevregError} ABORTED; everything else is a problem
 */
export async function verifyBundle(
  bundle: VerifiedBundle,
  options: VerifyOptions,
): Promise<Verification> {
  const { lock, registry, roots } = bundle;
  return await runChecks(options, async (run) => {
    const ofImages = new Set(lock.images.flatMap(imageNames));
    const others = roots.filter(({ name }) => !ofImages.has(name));
    run.expect(lock.images.length + others.length + 2);
    await checkImages(lock, ({ image }) => registry.repository(splitName(image).repository), run);
    await eachBounded(others, REGISTRY_CONCURRENCY, (root) =>
      run.look(root.name, () => checkArtifact(bundle, root, run)),
    );
    await run.look("the registry of devfiles", async () => {
      await bundle.build();
    });
    await run.look(EXECUTABLE_FILE, () => checkExecutable(bundle, run));
  });
}

/** The names under which a bundle has an image, its signatures and what refers to it. */
function imageNames({ image, signatureTags, referrers }: LockedImage): readonly string[] {
  const at = sourceRepository(image);
  return [
    image,
    ...Object.keys(signatureTags).map((tag) => `${at}:${tag}`),
    ...referrers.map(({ digest }) => `${at}@${digest}`),
  ];
}

async function checkArtifact(
  { registry }: VerifiedBundle,
  { name, descriptor }: BundleRoot,
  run: CheckRun,
): Promise<void> {
  run.count("artifacts");
  const { repository, reference } = splitName(name);
  const source = registry.repository(repository);
  const root = isDigest(reference)
    ? await checkDigest(name, "manifest", reference, source, run)
    : await checkTag(name, `tag "${reference}"`, reference, descriptor.digest, source, run);
  if (root === undefined || run.level === "tag") return;
  await new CheckedRepository(source, run).checkGraph(name, { descriptor: root, role: "manifest" });
}

async function checkExecutable(
  { files, executable }: VerifiedBundle,
  run: CheckRun,
): Promise<void> {
  if (executable === undefined || run.level === "tag") return;
  const file = await files.open(EXECUTABLE_FILE);
  if (file === undefined) {
    run.report({ what: EXECUTABLE_FILE, digest: executable, problem: "is not beside the layout" });
    return;
  }
  if (run.level !== "blob") return;
  const digest = createDigest();
  for await (const chunk of file) {
    digest.update(chunk);
    run.count("bytes", chunk.byteLength);
  }
  const actual = digest.digest();
  if (actual === executable) return;
  const problem = `has digest ${actual}, the bundle names ${executable}`;
  run.report({ what: EXECUTABLE_FILE, digest: executable, problem });
}

/** "quay.io/devfile/udi:ubi9" and "quay.io/devfile/udi@sha256:…"; with both, the tag counts. */
function splitName(name: string): { readonly repository: string; readonly reference: string } {
  const at = name.indexOf("@");
  const tagged = at < 0 ? name : name.slice(0, at);
  const colon = tagged.lastIndexOf(":");
  if (colon > tagged.lastIndexOf("/")) {
    return { repository: tagged.slice(0, colon), reference: tagged.slice(colon + 1) };
  }
  if (at < 0) {
    throw new DevregError(
      "BUNDLE_INVALID",
      `Cannot read root "${name}": it has neither tag nor digest`,
    );
  }
  return { repository: tagged, reference: name.slice(at + 1) };
}
