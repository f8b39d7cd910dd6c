/** The pictures that artifact types choose from. */
export const ARTIFACT_ICONS = [
  "image",
  "chart",
  "bundle",
  "template",
  "task",
  "stack",
  "index",
  "sbom",
  "signature",
  "module",
  "unknown",
] as const;

/** Name of a picture of an artifact type. */
export type ArtifactIcon = (typeof ARTIFACT_ICONS)[number];

/** What a scanner has to look into: an image, a list of parts, plain files, or nothing. */
export const SCAN_KINDS = ["image", "sbom", "files", "none"] as const;

/** What a scanner has to look into. */
export type ScanKind = (typeof SCAN_KINDS)[number];

/** What templates of commands may name; each stands in braces: "docker pull {reference}". */
export const ACTION_PLACES = [
  "reference",
  "pinned",
  "name",
  "registry",
  "repository",
  "tag",
  "digest",
  "subject",
  "plain",
] as const;

/** A kind of thing that a registry holds: how it is known, shown, used and scanned. */
export interface ArtifactType {
  /** Of letters, digits and hyphens, as in "helm-chart". */
  readonly id: string;
  /** A few words for people. */
  readonly text: string;
  readonly icon: ArtifactIcon;
  /** Artifact types, else types of the config, that it goes by; "*" at the end stands for any end. */
  readonly match: readonly string[];
  /** Types of the first layer that tell it apart where artifact type and config say nothing. */
  readonly layers?: readonly string[] | undefined;
  /** Template of the command that gets or uses it. */
  readonly action?: string | undefined;
  readonly scan: ScanKind;
  /** Template of a command that scans it. */
  readonly scanAction?: string | undefined;
}

/** Finds the type of an artifact. */
export type FindType = (facts: TypeFacts) => ArtifactType;

/** What a manifest says of its type. */
export interface TypeFacts {
  readonly artifactType?: string | undefined;
  readonly configType?: string | undefined;
  readonly firstLayer?: string | undefined;
  /** Of the manifest itself: of an index it is all there is. */
  readonly mediaType?: string | undefined;
}
