import { type Build, keepVersions, stackVersions } from "../../generator/index.ts";
import type { ImageOccurrence } from "../occurrence.ts";

/** A build without what cannot work. */
export interface WorkingBuild {
  readonly build: Build;
  /** What was left out, with the reason. */
  readonly leftOut: readonly string[];
}

/**
 * Leaves out the stack versions and samples that name an image which is not there, and what depends
 * on them: a reader of the mirrored registry never sees a devfile whose images are missing.
 *
 * @param failed where the images that are not there are named
 */
export async function withoutFailed(
  build: Build,
  failed: readonly ImageOccurrence[],
): Promise<WorkingBuild> {
  const files = [...new Set(failed.map(({ file }) => file))];
  const broken = new Set<string>();
  for (const { entry, version, folder } of await stackVersions(build)) {
    if (isNamedBelow(folder, files)) broken.add(keyOf("stack", entry.name, version.version));
  }
  for (const { type = "sample", name, versions } of build.index) {
    if (type === "stack") continue;
    for (const version of versions?.map((each) => each.version) ?? [undefined]) {
      const folder = `samples/${name}${version === undefined ? "" : `/${version}`}`;
      if (isNamedBelow(folder, files)) broken.add(keyOf(type, name, version));
    }
  }
  if (broken.size === 0) return { build, leftOut: [] };
  return await keepVersions(
    build,
    ({ type, name, version }) => !broken.has(keyOf(type, name, version)),
  );
}

function isNamedBelow(folder: string, files: readonly string[]): boolean {
  return files.some((file) => file.startsWith(`${folder}/`));
}

function keyOf(type: string, name: string, version: string | undefined): string {
  return JSON.stringify([type, name, version ?? null]);
}
