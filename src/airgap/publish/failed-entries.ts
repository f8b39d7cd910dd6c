import { textOf } from "../../bytes.ts";
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
  const documents = documentNames(build, files);
  const isBroken = async (folder: string) =>
    files.some((file) => file.startsWith(`${folder}/`)) ||
    (documents.length > 0 && (await namesAny(build, folder, documents)));
  const broken = new Set<string>();
  for (const { entry, version, folder } of await stackVersions(build)) {
    if (await isBroken(folder)) broken.add(keyOf("stack", entry.name, version.version));
  }
  for (const { type = "sample", name, versions } of build.index) {
    if (type === "stack") continue;
    for (const version of versions?.map((each) => each.version) ?? [undefined]) {
      const folder = `samples/${name}${version === undefined ? "" : `/${version}`}`;
      if (await isBroken(folder)) broken.add(keyOf(type, name, version));
    }
  }
  if (broken.size === 0) return { build, leftOut: [] };
  return await keepVersions(
    build,
    ({ type, name, version }) => !broken.has(keyOf(type, name, version)),
  );
}

/** Gives what devfiles may call those of the files that are documents: their paths and addresses. */
function documentNames({ info }: Build, files: readonly string[]): readonly string[] {
  const documents = new Set(files.filter((file) => file.startsWith("documents/")));
  const addresses = Object.entries(info?.offline?.documentFiles ?? {})
    .filter(([, file]) => documents.has(`documents/${file}`))
    .map(([address]) => address);
  return [...documents, ...addresses];
}

async function namesAny(
  { files }: Build,
  folder: string,
  names: readonly string[],
): Promise<boolean> {
  for (const devfile of await files.list(folder)) {
    if (!/^\.?devfile\.yaml$/.test(devfile)) continue;
    const text = textOf(await files.read(`${folder}/${devfile}`));
    if (names.some((name) => text.includes(name))) return true;
  }
  return false;
}

function keyOf(type: string, name: string, version: string | undefined): string {
  return JSON.stringify([type, name, version ?? null]);
}
