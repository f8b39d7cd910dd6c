import type { Build, BuildFiles, BuildInfo, OfflineInfo } from "./build.ts";
import { countEntries, stackDigests } from "./build-info.ts";
import type { BuildPlace } from "./build-places.ts";
import { collectIcons } from "./icons.ts";
import { packStackArtifacts } from "./pack-stack.ts";
import { findParents } from "./parents/index.ts";
import { findDocuments, findStarterSources } from "./rewrite/index.ts";

/**
 * Makes the record of a build that some things were left out of.
 *
 * @param build the new index and files, with the record that the whole build had
 * @param kept the places that are left
 */
export async function keepInfo(
  build: Build,
  kept: readonly BuildPlace[],
): Promise<BuildInfo | undefined> {
  const { info, index, files } = build;
  if (info === undefined) return undefined;
  const { artifacts } = await packStackArtifacts(build);
  const icons = await keepThere(info.icons, "icons", files);
  const missing = collectIcons(index).filter((icon) => !Object.hasOwn(icons, icon));
  return {
    ...info,
    counts: {
      ...countEntries(index),
      icons: new Set(Object.values(icons)).size,
      // Icons that were never asked for are not missing.
      iconsMissing: Math.min(info.counts.iconsMissing, missing.length),
    },
    stacks: stackDigests(artifacts),
    icons,
    ...(info.offline === undefined
      ? {}
      : { offline: await keepOffline(info.offline, files, kept) }),
  };
}

async function keepOffline(
  offline: OfflineInfo,
  files: BuildFiles,
  kept: readonly BuildPlace[],
): Promise<OfflineInfo> {
  const { publicUrl, documents, parents } = offline;
  const devfiles = kept.flatMap(({ devfile }) => devfile ?? []);
  const count = (of: (text: string, file: string) => readonly unknown[]) =>
    devfiles.reduce((sum, { text, path }) => sum + of(text, path).length, 0);
  const attributes = (text: string, file: string) =>
    findDocuments(text, file).filter(({ kind }) => kind === "attribute");
  const there = new Set(await files.paths());
  return {
    ...offline,
    restOnly: publicUrl === undefined ? count(findStarterSources) : 0,
    // Whatever else was a parent is part of its devfile now.
    parents: { ...parents, registry: count(findParents) },
    documents: documents === 0 ? 0 : count(attributes),
    documentFiles: await keepThere(offline.documentFiles, "documents", files),
    projects: Object.fromEntries(
      Object.entries(offline.projects).filter(([path]) => there.has(path)),
    ),
  };
}

/** Keeps what a folder of the build still has. */
async function keepThere(
  names: Readonly<Record<string, string>>,
  folder: string,
  files: BuildFiles,
): Promise<Record<string, string>> {
  const there = new Set(await files.paths());
  return Object.fromEntries(
    Object.entries(names).filter(([, name]) => {
      return there.has(name.startsWith(`${folder}/`) ? name : `${folder}/${name}`);
    }),
  );
}
