import { z } from "zod";
import { type Digest, digestOf, isDigest } from "./digest.ts";

/** Which machine an image is for. Spec: image-spec v1.1, Image Index, platform. */
export interface Platform {
  readonly architecture: string;
  readonly os: string;
  /** Of Windows, where images differ by it. */
  readonly "os.version"?: string;
  readonly variant?: string;
}

/** Names content by type, digest and size. Spec: image-spec v1.1, Content Descriptors. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Size in bytes. */
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly artifactType?: string;
  readonly platform?: Platform;
}

const platformSchema = z.looseObject({
  architecture: z.string(),
  os: z.string(),
  "os.version": z.string().optional(),
  variant: z.string().optional(),
});

/** Accepts a descriptor as it stands in a manifest; unknown fields are dropped. */
export const descriptorSchema = z
  .object({
    mediaType: z.string().min(1),
    digest: z.custom<Digest>(
      (value) => typeof value === "string" && isDigest(value),
      "not a digest",
    ),
    size: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
    annotations: z.record(z.string(), z.string()).nullish(),
    artifactType: z.string().nullish(),
    platform: platformSchema.nullish(),
  })
  .transform(toDescriptor);

interface RawDescriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly annotations?: Record<string, string> | null | undefined;
  readonly artifactType?: string | null | undefined;
  readonly platform?: z.infer<typeof platformSchema> | null | undefined;
}

function toDescriptor(raw: RawDescriptor): Descriptor {
  return {
    mediaType: raw.mediaType,
    digest: raw.digest,
    size: raw.size,
    ...(raw.annotations ? { annotations: raw.annotations } : {}),
    ...(raw.artifactType ? { artifactType: raw.artifactType } : {}),
    ...(raw.platform ? { platform: toPlatform(raw.platform) } : {}),
  };
}

function toPlatform(raw: z.infer<typeof platformSchema>): Platform {
  const { architecture, os, "os.version": version, variant } = raw;
  return {
    architecture,
    os,
    ...(version === undefined ? {} : { "os.version": version }),
    ...(variant === undefined ? {} : { variant }),
  };
}

/** Describes bytes. */
export function describe(
  mediaType: string,
  bytes: Uint8Array,
  annotations?: Readonly<Record<string, string>>,
): Descriptor {
  const base = { mediaType, digest: digestOf(bytes), size: bytes.byteLength };
  return annotations === undefined ? base : { ...base, annotations };
}
