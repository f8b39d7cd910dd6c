import { z } from "zod";
import { readAll, utf8 } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { parseJsonParts } from "../json-parts.ts";
import { MANIFEST_BYTES } from "../limits.ts";
import { MANIFEST_PARTS } from "../mirror-limits.ts";
import type { ContentSource } from "./content.ts";
import { type Descriptor, describe, descriptorSchema } from "./descriptor.ts";
import {
  isImageIndexType,
  isImageManifestType,
  isObsoleteManifestType,
  OCI_MANIFEST,
} from "./media-types.ts";

/** An image manifest: a config and layers. Spec: image-spec v1.1, Image Manifest. */
export interface ImageManifest {
  readonly kind: "image";
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An image index: further manifests. Spec: image-spec v1.1, Image Index. */
export interface ImageIndex {
  readonly kind: "index";
  readonly manifests: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A parsed view of manifest bytes; the bytes stay the truth and are never written from it. */
export type Manifest = ImageManifest | ImageIndex;

const common = {
  schemaVersion: z.literal(2),
  mediaType: z.string().nullish(),
  subject: descriptorSchema.nullish(),
  artifactType: z.string().nullish(),
  annotations: z.record(z.string(), z.string()).nullish(),
};
const imageSchema = z.object({
  ...common,
  config: descriptorSchema,
  layers: z.array(descriptorSchema),
  manifests: z.undefined().optional(),
});
const indexSchema = z.object({
  ...common,
  manifests: z.array(descriptorSchema),
  config: z.undefined().optional(),
  layers: z.undefined().optional(),
});

/**
 * Parses manifest bytes of a media type known from outside.
 *
 * @throws {DevregError} INPUT_INVALID when it is not one manifest of exactly that type;
 *   UNSUPPORTED for types devreg does not know, such as Docker schema 1
 */
export function parseManifest(bytes: Uint8Array, mediaType: string): Manifest {
  const image = isImageManifestType(mediaType);
  if (!image && !isImageIndexType(mediaType)) throw unsupportedManifest("manifest", mediaType);
  const json = parseJson(bytes);
  const parsed = image ? imageSchema.safeParse(json) : indexSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.map(String).join(".") ?? "";
    throw invalid(`${where === "" ? "" : `${where}: `}${issue?.message ?? "wrong form"}`);
  }
  const named = parsed.data.mediaType;
  if (typeof named === "string" && named !== "" && named !== mediaType) {
    throw invalid(`it says it is "${named}" but was given as "${mediaType}"`);
  }
  return toManifest(parsed.data);
}

/**
 * Makes the error for what is no manifest that devreg reads.
 *
 * @param what completes "Cannot read …"
 */
export function unsupportedManifest(what: string, mediaType: string): DevregError {
  if (!isObsoleteManifestType(mediaType)) {
    return new DevregError("UNSUPPORTED", `Cannot read ${what}: its type is "${mediaType}"`);
  }
  return new DevregError("UNSUPPORTED", `Cannot read ${what}: it is of Docker's schema 1`, {
    hint: "Build the image anew, or pull and push it with a current engine",
  });
}

function toManifest(data: z.infer<typeof imageSchema> | z.infer<typeof indexSchema>): Manifest {
  const rest = {
    ...(data.subject ? { subject: data.subject } : {}),
    ...(data.artifactType ? { artifactType: data.artifactType } : {}),
    ...(data.annotations ? { annotations: data.annotations } : {}),
  };
  return data.manifests === undefined
    ? { kind: "image", config: data.config, layers: data.layers, ...rest }
    : { kind: "index", manifests: data.manifests, ...rest };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return parseJsonParts(bytes, MANIFEST_PARTS);
  } catch (cause) {
    throw invalid("it is not JSON", cause);
  }
}

function invalid(state: string, cause?: unknown): DevregError {
  return new DevregError("INPUT_INVALID", `Cannot read manifest: ${state}`, { cause });
}

/** Gives what a manifest needs to be complete: config and layers, or manifests. Not its subject. */
export function successors(manifest: Manifest): readonly Descriptor[] {
  return manifest.kind === "image" ? [manifest.config, ...manifest.layers] : manifest.manifests;
}

/**
 * Describes a manifest as a referrer: with its annotations and its artifact type, which for an
 * image manifest is the type of its config when it names none. Spec: distribution-spec v1.1,
 * Listing Referrers.
 */
export function referrerOf(descriptor: Descriptor, manifest: Manifest): Descriptor {
  const { mediaType, digest, size } = descriptor;
  const { annotations } = manifest;
  const configType = manifest.kind === "image" ? manifest.config.mediaType : undefined;
  const artifactType = manifest.artifactType ?? configType;
  return {
    mediaType,
    digest,
    size,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(annotations === undefined ? {} : { annotations }),
  };
}

/** A manifest's bytes beside their parsed view. */
export interface FetchedManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
  readonly manifest: Manifest;
}

/** Fetches, bounds, verifies and parses a manifest. @throws {DevregError} as fetch and parse do */
export async function fetchManifest(
  source: ContentSource,
  descriptor: Descriptor,
): Promise<FetchedManifest> {
  const stream = await source.fetch(descriptor);
  const bytes = await readAll(stream, MANIFEST_BYTES, `manifest ${descriptor.digest}`);
  return { descriptor, bytes, manifest: parseManifest(bytes, descriptor.mediaType) };
}

/** What goes into an artifact's manifest. */
export interface ManifestParts {
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly artifactType?: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Writes an OCI image manifest; the same parts always give the same bytes. */
export function buildManifest(parts: ManifestParts): {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
} {
  const bytes = utf8(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      ...(parts.artifactType === undefined ? {} : { artifactType: parts.artifactType }),
      config: parts.config,
      layers: parts.layers,
      ...(parts.annotations === undefined ? {} : { annotations: sortKeys(parts.annotations) }),
    }),
  );
  const base = describe(OCI_MANIFEST, bytes);
  const { artifactType } = parts;
  return { descriptor: artifactType === undefined ? base : { ...base, artifactType }, bytes };
}

function sortKeys(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
