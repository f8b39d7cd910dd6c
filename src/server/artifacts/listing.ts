import { type Static, Type } from "@sinclair/typebox";
import { describeKind } from "../reason.ts";
import { type ArtifactNames, fillAction, namesOf, type PullHost, referrerNames } from "./action.ts";
import type { Artifact, Referrer } from "./artifact.ts";
import type { ArtifactSelection } from "./select.ts";
import type { Artifacts } from "./shelf.ts";

const Annotations = Type.Record(Type.String(), Type.String());

const TypeSchema = Type.Object({
  id: Type.String({ description: "As in helm-chart" }),
  text: Type.String({ description: "A few words for people" }),
});

const ScanSchema = Type.Object({
  kind: Type.Union(
    [Type.Literal("image"), Type.Literal("sbom"), Type.Literal("files"), Type.Literal("none")],
    { description: "What a scanner has to look into" },
  ),
  reference: Type.String({ description: "By digest: what is scanned is what is meant" }),
  command: Type.Optional(Type.String({ description: "A command that does it" })),
});

/** What says something about an artifact, as GET /artifacts gives it. */
export const ReferrerSchema = Type.Object({
  reference: Type.String({ description: "host/repository@digest" }),
  digest: Type.String(),
  mediaType: Type.String(),
  artifactType: Type.Optional(Type.String()),
  type: TypeSchema,
  annotations: Type.Optional(Annotations),
  action: Type.Optional(Type.String()),
  scan: ScanSchema,
});

/** One artifact, as GET /artifacts gives it. */
export const ArtifactSchema = Type.Object({
  reference: Type.String({ description: "host/repository:tag, or by digest without a tag" }),
  repository: Type.String(),
  tags: Type.Array(Type.String(), { description: "The one to name it by first" }),
  digest: Type.String(),
  mediaType: Type.String(),
  artifactType: Type.Optional(Type.String()),
  type: TypeSchema,
  sizeBytes: Type.Optional(
    Type.Integer({ description: "All that it refers to, each part once; absent when not known" }),
  ),
  platforms: Type.Array(Type.String({ description: "As in linux/amd64" })),
  annotations: Type.Optional(Annotations),
  subject: Type.Optional(Type.String({ description: "Digest of what it says something about" })),
  action: Type.Optional(Type.String({ description: "A command that gets or uses it" })),
  scan: ScanSchema,
  referrers: Type.Array(ReferrerSchema),
  moreReferrers: Type.Optional(Type.Integer({ description: "How many are not listed" })),
});

/** The answer of GET /artifacts. */
export const ArtifactListingSchema = Type.Object({
  total: Type.Integer({ description: "How many artifacts fit, those of other pages included" }),
  page: Type.Integer(),
  pages: Type.Integer(),
  complete: Type.Boolean({ description: "Whether the list is all that the registry has" }),
  notes: Type.Array(Type.String(), { description: "Why it is not" }),
  types: Type.Array(
    Type.Object({ id: Type.String(), text: Type.String(), count: Type.Integer() }),
    { description: "How many there are of each type, among those that fit the other filters" },
  ),
  next: Type.Optional(Type.String({ description: "Address of the next page, relative" })),
  artifacts: Type.Array(ArtifactSchema),
});

/** Static type of {@link ArtifactListingSchema}. */
export type ArtifactListing = Static<typeof ArtifactListingSchema>;
/** Static type of {@link ArtifactSchema}. */
export type ListedArtifact = Static<typeof ArtifactSchema>;
/** Static type of {@link ReferrerSchema}. */
export type ListedReferrer = Static<typeof ReferrerSchema>;

/** Which part of a selection is listed. */
export interface ListedPage {
  /** From 1. */
  readonly page: number;
  readonly entries: number;
  readonly from: PullHost;
  /** Address of a page, relative. */
  readonly addressOf: (page: number) => string;
}

/** Makes the answer of GET /artifacts. */
export function listArtifacts(
  artifacts: Artifacts,
  { found, counts }: Pick<ArtifactSelection, "found" | "counts">,
  { page, entries, from, addressOf }: ListedPage,
): ArtifactListing {
  const pages = Math.max(1, Math.ceil(found.length / entries));
  const shown = found.slice((page - 1) * entries, page * entries);
  return {
    total: found.length,
    page,
    pages,
    complete: artifacts.isComplete,
    notes: notesOf(artifacts),
    types: [...counts],
    ...(page < pages ? { next: addressOf(page + 1) } : {}),
    artifacts: shown.map((artifact) => listArtifact(artifact, from)),
  };
}

/** Says why a list is not whole, in plain words and without naming anything. */
export function notesOf({ trouble, failures, leftOut, isGathering }: Artifacts): string[] {
  const notes: string[] = [];
  if (isGathering) notes.push("The list is still being read");
  if (trouble !== undefined) {
    const count = failures === 0 ? "" : `, ${failures} ${failures === 1 ? "part" : "parts"} of it`;
    notes.push(`The registry could not be read${count}: ${describeKind(trouble)}`);
  }
  if (leftOut > 0) notes.push(`${leftOut} more are not listed: there are too many`);
  return notes;
}

function listArtifact(artifact: Artifact, from: PullHost): ListedArtifact {
  const { repository, tags, digest, mediaType, sizeBytes, platforms, subject } = artifact;
  const { referrers, moreReferrers } = artifact;
  const names = namesOf(artifact, from);
  return {
    reference: names.reference,
    repository,
    tags: [...tags],
    digest,
    mediaType,
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    platforms: [...platforms],
    ...(subject === undefined ? {} : { subject }),
    ...useOf(artifact, names),
    referrers: referrers.map((referrer) => listReferrer(artifact, referrer, from)),
    ...(moreReferrers === 0 ? {} : { moreReferrers }),
  };
}

function listReferrer(artifact: Artifact, referrer: Referrer, from: PullHost): ListedReferrer {
  const { digest, mediaType } = referrer;
  const names = referrerNames(artifact, referrer, from);
  return { reference: names.pinned, digest, mediaType, ...useOf(referrer, names) };
}

/** What an artifact is, and what one does with it. */
function useOf(
  { artifactType, type, annotations }: Pick<Referrer, "artifactType" | "type" | "annotations">,
  names: ArtifactNames,
) {
  const { id, text, scan } = type;
  const action = fillAction(type.action, names);
  const command = fillAction(type.scanAction, names);
  return {
    ...(artifactType === undefined ? {} : { artifactType }),
    type: { id, text },
    ...(Object.keys(annotations).length === 0 ? {} : { annotations: { ...annotations } }),
    ...(action === undefined ? {} : { action }),
    scan: { kind: scan, reference: names.pinned, ...(command === undefined ? {} : { command }) },
  };
}
