import { z } from "zod";
import { readAll, textOf, utf8 } from "../bytes.ts";
import { eachBounded } from "../concurrent.ts";
import { REGISTRY_CONCURRENCY } from "../limits.ts";
import { IMAGE_CONFIG_BYTES } from "../mirror-limits.ts";
import type { Descriptor, Platform } from "./descriptor.ts";
import { type Digest, isDigest } from "./digest.ts";
import type { ImageIndex } from "./manifest.ts";
import type { ManifestReader } from "./manifest-reader.ts";
import { isImageConfigType, isImageManifestType } from "./media-types.ts";
import { isPlatform } from "./platform.ts";

/** A child of an image index, and what it is there for. */
export interface IndexChild {
  readonly descriptor: Descriptor;
  /** Unknown for what runs nowhere, and for a nested index. */
  readonly platform: Platform | undefined;
  /** The image that this child attests something of. */
  readonly describes: Digest | undefined;
}

/** What BuildKit names the image by that an attestation in the same index is about. */
const ATTESTED_DIGEST = "vnd.docker.reference.digest";
const UNKNOWN = "unknown";

/** Finds out what each child of an image index is for. */
export function readChildren(
  reader: ManifestReader,
  index: ImageIndex,
): Promise<readonly IndexChild[]> {
  return eachBounded(index.manifests, REGISTRY_CONCURRENCY, async (descriptor) => {
    const describes = attestedBy(descriptor);
    const platform = describes === undefined ? await platformOf(reader, descriptor) : undefined;
    return { descriptor, platform, describes };
  });
}

function attestedBy({ platform, annotations }: Descriptor): Digest | undefined {
  if (platform?.os !== UNKNOWN || platform.architecture !== UNKNOWN) return undefined;
  const digest = annotations?.[ATTESTED_DIGEST] ?? "";
  return isDigest(digest) ? digest : undefined;
}

const text = z.string().min(1);
const configSchema = z.looseObject({
  os: text,
  architecture: text,
  "os.version": text.optional().catch(undefined),
  variant: text.optional().catch(undefined),
});

/**
 * Tells what a manifest is for: its index says so, or the config of the image. Undefined for what
 * is no image that runs somewhere.
 */
export async function platformOf(
  reader: ManifestReader,
  descriptor: Descriptor,
): Promise<Platform | undefined> {
  if (descriptor.platform !== undefined) return descriptor.platform;
  if (!isImageManifestType(descriptor.mediaType)) return undefined;
  const { manifest } = await reader.read(descriptor);
  if (manifest.kind !== "image") return undefined;
  const { config } = manifest;
  if (!isImageConfigType(config.mediaType) || config.size > IMAGE_CONFIG_BYTES) return undefined;
  const stream = await reader.source.fetch(config);
  const bytes = await readAll(stream, IMAGE_CONFIG_BYTES, `image config ${config.digest}`);
  return parseConfig(bytes);
}

function parseConfig(bytes: Uint8Array): Platform | undefined {
  try {
    const { os, architecture, variant, ...rest } = configSchema.parse(JSON.parse(textOf(bytes)));
    const version = rest["os.version"];
    return {
      os,
      architecture,
      ...(version === undefined ? {} : { "os.version": version }),
      ...(variant === undefined ? {} : { variant }),
    };
  } catch {
    // A config that names no platform is that of an image for no platform in particular.
    return undefined;
  }
}

/**
 * Tells of each child whether it is taken: those of the platforms wanted, what attests them, and
 * what is for no platform.
 */
export function chooseChildren(
  children: readonly IndexChild[],
  wanted: readonly Platform[] | undefined,
): readonly boolean[] {
  if (wanted === undefined) return children.map(() => true);
  const isWanted = ({ platform }: IndexChild) =>
    platform === undefined || wanted.some((one) => isPlatform(platform, one));
  const others = new Set(
    children.flatMap((child) => (isWanted(child) ? [] : child.descriptor.digest)),
  );
  return children.map((child) =>
    child.describes === undefined ? isWanted(child) : !others.has(child.describes),
  );
}

/**
 * Writes an image index anew without some of its entries; everything else stays as it is, and the
 * same input gives the same bytes.
 *
 * @param entries one for each entry: the descriptor that it is to have, undefined to take it out
 */
export function withoutEntries(
  bytes: Uint8Array,
  entries: readonly (Descriptor | undefined)[],
): Uint8Array {
  // Parsed before as an image index, so its manifests are a list of objects.
  const index = JSON.parse(textOf(bytes)) as { readonly manifests: readonly object[] };
  const manifests = index.manifests.flatMap((raw, at) => {
    const entry = entries[at];
    return entry === undefined ? [] : { ...raw, digest: entry.digest, size: entry.size };
  });
  return utf8(JSON.stringify({ ...index, manifests }));
}
