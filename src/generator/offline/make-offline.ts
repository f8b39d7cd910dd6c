import type { OfflineInfo } from "../build.ts";
import { buildExtraEntry, buildStackEntry } from "../build-index.ts";
import type { IndexIcons } from "../generate-icons.ts";
import type { MergedContent } from "../merge-content.ts";
import { compareBytewise } from "../ordering.ts";
import type { PackagedFile } from "../package-stack.ts";
import type { PublishableVersion } from "../publishable.ts";
import type { SampleVersion } from "../repository.ts";
import type { PlacedExtra, PlacedStack } from "../source-content.ts";
import {
  type BroughtPlaces,
  bringPlaces,
  type OfflineDeps,
  type OfflineOptions,
} from "./bring-places.ts";
import { readdress } from "./index-addresses.ts";
import { findPlaces, type OfflinePlaces } from "./offline-places.ts";
import type { OfflinePlace } from "./place.ts";

/** How an offline build is made. */
export interface MakeOfflineOptions extends OfflineOptions, OfflineDeps {
  /** Where clients find the repositories of samples; the index keeps their addresses without it. */
  readonly gitBase?: string;
}

/** The content of a build that points nowhere outside. */
export interface OfflineContent {
  /** Without what could not be brought; that is among what is left out, with a finding. */
  readonly content: MergedContent;
  readonly icons: IndexIcons;
  /** Files beside the devfiles of samples, and documents, by their path in the build. */
  readonly more: readonly PackagedFile[];
  readonly info: OfflineInfo;
}

/**
 * Brings what the devfiles and the index of a build point at into the build, and lets them point
 * there. The same commits and archives give the same bytes.
 *
 * @throws {DevregError} ABORTED
 */
export async function makeOffline(
  content: MergedContent,
  options: MakeOfflineOptions,
): Promise<OfflineContent> {
  const places = findPlaces(content);
  const brought = await bringPlaces(places.all, options, options);
  const kept = keepBrought(content, places, brought);
  const { icons, problems, rendered } = brought;
  return {
    content: {
      ...kept,
      ...readdress(kept, places, { ...options, icons }),
      findings: [...content.findings, ...problems.findings],
      leftOut: [...content.leftOut, ...leftOut(places, brought)],
    },
    icons: { ...icons.shownBy(rendered.keys()), missing: [], notChecked: [] },
    more: [
      ...moreFiles(places.samples, rendered),
      ...brought.documents.namedBy(rendered.keys()).files,
    ],
    info: infoOf(brought, options.publicUrl),
  };
}

/** Takes away what was not brought, and makes the entries of the index anew. */
function keepBrought(
  content: MergedContent,
  { versions, samples, described }: OfflinePlaces,
  { rendered }: BroughtPlaces,
): MergedContent {
  const filesOf = (place: OfflinePlace | undefined) => place && rendered.get(place)?.files;
  const files = new Map<PublishableVersion, readonly PackagedFile[]>();
  for (const [version, place] of versions) {
    const own = filesOf(place);
    if (own !== undefined) files.set(version, own);
  }
  const stackEntries = content.stackEntries.flatMap((placed): PlacedStack[] => {
    const left = placed.stack.versions.filter((version) => files.has(version));
    if (left.length === 0) return [];
    const stack = { ...placed.stack, versions: left };
    const resourcesOf = (version: PublishableVersion) =>
      (files.get(version) ?? []).map(({ name }) => name);
    return [{ ...placed, stack, entry: buildStackEntry(stack, placed.dateOf, resourcesOf) }];
  });
  const extraEntries = content.extraEntries.flatMap((placed): PlacedExtra[] => {
    const place = described.get(placed);
    if (place !== undefined) return rendered.has(place) ? [placed] : [];
    const left = placed.extra.samples.filter(
      (sample) => filesOf(samples.get(sample)) !== undefined,
    );
    if (left.length === 0) return [];
    const extra = { ...placed.extra, samples: left };
    return [{ ...placed, extra, entry: buildExtraEntry(extra, placed.dateOf) }];
  });
  return {
    ...content,
    stackEntries,
    extraEntries,
    files,
    stacks: stackEntries.map(({ stack }) => stack),
    extras: extraEntries.map(({ extra }) => extra),
  };
}

/** Gives what lies below samples/; a stack's files are those of its versions. */
function moreFiles(
  samples: OfflinePlaces["samples"],
  rendered: BroughtPlaces["rendered"],
): readonly PackagedFile[] {
  return [...samples.values()].flatMap((place: OfflinePlace) =>
    (rendered.get(place)?.files ?? []).map(({ name, bytes }) => ({
      name: `${place.folder}/${name}`,
      bytes,
    })),
  );
}

function leftOut(
  { versions, samples, described }: OfflinePlaces,
  { rendered }: BroughtPlaces,
): readonly string[] {
  const shown: readonly (readonly [OfflinePlace, string])[] = [
    ...[...versions].map(([{ source }, place]) => [place, source.folder] as const),
    ...[...samples].map(
      ([{ folder }, place]: readonly [SampleVersion, OfflinePlace]) => [place, folder] as const,
    ),
    ...[...described].map(([{ entry }, place]) => [place, `stack ${entry.name}`] as const),
  ];
  return shown.flatMap(([place, name]) => {
    if (rendered.has(place)) return [];
    const { source } = place.at;
    return [source === undefined ? name : `${source}: ${name}`];
  });
}

function infoOf(
  { rendered, projects, flattened, documents }: BroughtPlaces,
  publicUrl: string | undefined,
): OfflineInfo {
  const changes = [...rendered.values()].flatMap((each) => each.changes);
  const left = [...rendered.values()].flatMap((each) => each.left);
  return {
    ...(publicUrl === undefined ? {} : { publicUrl }),
    restOnly: changes.filter(({ restOnly }) => restOnly).length,
    parents: { registry: changes.filter(({ kind }) => kind === "parent").length, flattened },
    documents: left.filter(({ kind }) => kind === "document").length,
    documentFiles: documents.namedBy(rendered.keys()).documentFiles,
    projects: Object.fromEntries([...projects].sort(([a], [b]) => compareBytewise(a, b))),
  };
}
