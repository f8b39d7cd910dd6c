import { DevregError } from "../errors.ts";
import type { ReadonlyRegistry } from "../oci-client/index.ts";
import type { Build } from "./build.ts";

/** Which published build is meant. */
export interface PublishedBuildOptions {
  /** Tag or digest of the index artifact; the latest unless told. */
  readonly tag?: string;
  /** The repository of the index artifact, where it is not "devreg/index". */
  readonly repository?: string;
}

/**
 * Reads the build that was published to a registry.
 *
 * @throws {DevregError} NOT_FOUND when it, or a stack version that its index names, is not there;
 *   INPUT_INVALID for what is no index artifact or lacks something; UNSUPPORTED when a newer major
 *   version wrote it; as fetching does
 */
export async function readPublishedBuild(
  _registry: ReadonlyRegistry,
  _options: PublishedBuildOptions = {},
): Promise<Build> {
  throw new DevregError("UNSUPPORTED", "Cannot read a published build: not yet");
}
