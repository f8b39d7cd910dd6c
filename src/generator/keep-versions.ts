import type { Build } from "./build.ts";

/** One version of a stack or sample, or an entry without versions, as it is chosen by. */
export interface VersionChoice {
  readonly name: string;
  /** Absent for an entry without versions. */
  readonly version?: string;
  /** "stack" or "sample". */
  readonly type: string;
}

/** A build with less in it. */
export interface KeptVersions {
  readonly build: Build;
  /** What is not in it, each with the reason, in the order of the index: "stack go 1.0.0: …". */
  readonly leftOut: readonly string[];
}

/** What is known about the registry of a build beside what its record says. */
export interface KeepOptions {
  /** Addresses by which devfiles know this registry, beside the public one. */
  readonly alsoKnownAs?: readonly string[];
}

/**
 * Makes a build without some stack versions and samples, and without what has one of them as parent
 * at this registry.
 */
export async function keepVersions(
  build: Build,
  _keep: (choice: VersionChoice) => boolean,
  _options: KeepOptions = {},
): Promise<KeptVersions> {
  return { build, leftOut: [] };
}
