import { eachBounded } from "../../concurrent.ts";
import {
  type Build,
  INDEX_REPOSITORY,
  LATEST_TAG,
  readPublishedBuild,
  stackVersions,
} from "../../generator/index.ts";
import { REGISTRY_CONCURRENCY } from "../../limits.ts";
import {
  type ReadonlyRegistry,
  type RegistryLocation,
  repositoryAt,
} from "../../oci-client/index.ts";
import { IMAGE_REPOSITORY } from "../bundle/bundle-format.ts";
import type { MirrorLock } from "../lock.ts";
import { sourceRepository, type TargetPaths } from "../target-paths.ts";
import { type CheckRun, checked, runChecks, type VerifyOptions } from "./check-run.ts";
import { CheckedRepository } from "./checked-repository.ts";
import type { Verification } from "./verification.ts";
import { checkImages } from "./verify-images.ts";

/** A registry that was mirrored into, and what should be there. */
export interface VerifiedTarget {
  readonly lock: MirrorLock;
  /** Its names are below the prefix of the location. */
  readonly registry: ReadonlyRegistry;
  readonly location: RegistryLocation;
  /** Where each image should be, the prefix included. */
  readonly targets: TargetPaths;
  /** Whether stack versions and index should be there: not all registries take such names. */
  readonly stacks: boolean;
  /** Whether the offline registry image should be there. */
  readonly registryImage: boolean;
}

/**
 * Looks whether a registry holds what was mirrored into it: the images of the lock, the index with
 * the stack versions that it names, and the offline registry image.
 *
 * @throws {DevregError} NETWORK, TIMEOUT, ABORTED; everything else is a problem
 */
export async function verifyTarget(
  target: VerifiedTarget,
  options: VerifyOptions,
): Promise<Verification> {
  const { lock, registry, location, targets } = target;
  const prefix = repositoryAt(location, "").length;
  return await runChecks(options, async (run) => {
    run.expect(lock.images.length + 1);
    await checkImages(
      lock,
      ({ image }) =>
        registry.repository((targets.get(sourceRepository(image)) ?? "").slice(prefix)),
      run,
    );
    if (target.stacks) await checkStacks(registry, run);
    if (target.registryImage) await checkTagged(`${IMAGE_REPOSITORY}:latest`, registry, run);
  });
}

async function checkStacks(registry: ReadonlyRegistry, run: CheckRun): Promise<void> {
  await checkTagged(`${INDEX_REPOSITORY}:${LATEST_TAG}`, registry, run);
  let build: Build | undefined;
  const read = await checked(async () => {
    build = await readPublishedBuild(registry);
  });
  if (read.problem !== undefined) {
    run.report({ what: "the registry of devfiles", problem: read.problem, error: read.error });
  }
  if (build === undefined) return;
  await eachBounded(await stackVersions(build), REGISTRY_CONCURRENCY, ({ repository, tag }) =>
    checkTagged(`${repository}:${tag}`, registry, run),
  );
}

/** Looks at an artifact under its tag. A newer mirror may have moved it, so that any digest does. */
function checkTagged(name: string, registry: ReadonlyRegistry, run: CheckRun): Promise<void> {
  return run.look(name, async () => {
    run.count("artifacts");
    const colon = name.lastIndexOf(":");
    const source = registry.repository(name.slice(0, colon));
    const descriptor = await source.resolve(name.slice(colon + 1));
    if (descriptor === undefined) run.report({ what: name, problem: "is not there" });
    else if (run.level !== "tag") {
      await new CheckedRepository(source, run).checkGraph(name, { descriptor, role: "manifest" });
    }
  });
}
