import type { ScanKind } from "../artifact-type.ts";
import type { Artifact } from "./artifact.ts";
import { annotationOf } from "./noteworthy.ts";
import type { Artifacts } from "./shelf.ts";

/** Which artifacts are wanted. */
export interface ArtifactChoice {
  /** Ids of types; all of them where there is none. */
  readonly types: readonly string[];
  readonly scan?: ScanKind | undefined;
  /** Part of the repository, a tag, the title or the digest, in any case. */
  readonly name: string;
}

/** How many artifacts there are of one type, among those that fit the rest of a choice. */
export interface TypeCount {
  readonly id: string;
  readonly text: string;
  readonly count: number;
}

/** What fits a choice. */
export interface ArtifactSelection {
  readonly found: readonly Artifact[];
  /** In the order of the types; without types that there is nothing of at all. */
  readonly counts: readonly TypeCount[];
  /** By what there is to scan, likewise. */
  readonly scans: Readonly<Record<ScanKind, number>>;
}

/** Finds the artifacts that are wanted, and counts what choosing another type or scan would give. */
export function selectArtifacts(artifacts: Artifacts, choice: ArtifactChoice): ArtifactSelection {
  const isNamed = nameFilter(choice.name);
  const types = new Set(choice.types);
  const found: Artifact[] = [];
  const byType = new Map<string, number>();
  const scans = { image: 0, sbom: 0, files: 0, none: 0 };
  const there = new Set<string>();
  for (const artifact of artifacts.list) {
    const { id, scan } = artifact.type;
    there.add(id);
    if (!isNamed(artifact)) continue;
    const isOfType = types.size === 0 || types.has(id);
    const isOfScan = choice.scan === undefined || choice.scan === scan;
    if (isOfScan) byType.set(id, (byType.get(id) ?? 0) + 1);
    if (isOfType) scans[scan] += 1;
    if (isOfType && isOfScan) found.push(artifact);
  }
  const counts = artifacts.types
    .filter(({ id }) => there.has(id))
    .map(({ id, text }) => ({ id, text, count: byType.get(id) ?? 0 }));
  return { found, counts, scans };
}

function nameFilter(text: string): (artifact: Artifact) => boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return () => true;
  return (artifact) => artifact.digest.startsWith(wanted) || wordsOf(artifact).includes(wanted);
}

const words = new WeakMap<Artifact, string>();

/** Gives what an artifact is found by: its names by each tag, and its title. */
function wordsOf(artifact: Artifact): string {
  const { repository, tags } = artifact;
  const known = words.get(artifact);
  if (known !== undefined) return known;
  const names = tags.length === 0 ? [repository] : tags.map((tag) => `${repository}:${tag}`);
  // No search has a line break in it, so none goes across two of them.
  const made = [...names, annotationOf(artifact, "title") ?? ""].join("\n").toLowerCase();
  words.set(artifact, made);
  return made;
}
