import { z } from "zod";
import { textOf, utf8 } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { compareBytewise } from "../generator/index.ts";
import { type Digest, formatImage, isDigest, parseImageReference } from "../oci-client/index.ts";
import { LOCK_API_VERSION, type MirrorLock } from "./lock.ts";

const digest = z.custom<Digest>(
  (value) => typeof value === "string" && isDigest(value),
  "is not a digest",
);
const size = z.number().int().nonnegative();
const text = z.string();
const digests = z.record(text, digest).transform(sortedByKey);
const sha256 = z.string().regex(/^[a-f0-9]{64}$/, "is not a sha256 in hexadecimal");

// Every object has its keys in the order of the types: that is the order they are written in.
const occurrenceSchema = z.strictObject({
  file: text,
  pointer: text,
  range: z.tuple([size, size]),
  text,
  kind: z.enum(["container", "kubernetes", "dockerfile", "matched", "possible", "extra"]),
  class: z.enum(["pull", "build-output", "templated", "ignored"]),
  reason: text,
  image: text.exactOptional(),
});
const imageSchema = z.strictObject({
  image: text,
  digest,
  mediaType: text,
  size,
  mirrored: digest,
  bytes: size,
  platforms: digests,
  referrers: z.array(
    z.strictObject({ digest, subject: digest, artifactType: text.exactOptional() }),
  ),
  signatureTags: digests,
  leftOut: z.array(text),
  occurrences: z.array(occurrenceSchema),
});
const sourceSchema = z.strictObject({
  url: text.exactOptional(),
  commit_hash: text.exactOptional(),
  commit_time: text.exactOptional(),
});
const projectSchema = z.strictObject({
  url: text,
  revision: text.exactOptional(),
  commit_hash: text.exactOptional(),
  sha256: sha256.exactOptional(),
});
const lockSchema = z.strictObject({
  apiVersion: z.literal(LOCK_API_VERSION),
  kind: z.literal("MirrorLock"),
  sources: z.array(sourceSchema),
  platforms: z.array(text),
  platformMode: z.literal("sparse").exactOptional(),
  referrers: z.literal(false).exactOptional(),
  include: z.array(text).exactOptional(),
  exclude: z.array(text),
  rules: text.exactOptional(),
  images: z.array(imageSchema),
  references: z.array(occurrenceSchema),
  projects: z.array(projectSchema),
  files: z.array(z.strictObject({ url: text, sha256, size })),
  base: imageSchema.exactOptional(),
});
const headSchema = z.looseObject({ apiVersion: text, kind: z.literal("MirrorLock") });

/**
 * Reads a mirror.lock.json.
 *
 * @throws {DevregError} UNSUPPORTED when it has another apiVersion; INPUT_INVALID for anything else
 *   that is no lock
 */
export function parseLock(bytes: Uint8Array, file: string): MirrorLock {
  const json = parseJson(bytes, file);
  const head = headSchema.safeParse(json);
  if (!head.success) throw invalid(file, 'it has no apiVersion and kind "MirrorLock"');
  if (head.data.apiVersion !== LOCK_API_VERSION) {
    const { apiVersion } = head.data;
    throw new DevregError(
      "UNSUPPORTED",
      `Cannot read "${file}": its apiVersion is "${apiVersion}"`,
      {
        hint: `This devreg reads ${LOCK_API_VERSION}: take a version of devreg that reads ${apiVersion}, or plan again`,
      },
    );
  }
  const parsed = lockSchema.safeParse(json);
  if (parsed.success) {
    const fault = faultOf(parsed.data);
    if (fault === undefined) return parsed.data;
    throw invalid(file, fault);
  }
  const [issue] = parsed.error.issues;
  const path = issue?.path.map(String).join(".");
  throw invalid(file, path ? `${path}: ${issue?.message}` : `${issue?.message}`);
}

/** Writes a mirror.lock.json; equal locks give equal bytes, in whatever order their keys are. */
export function formatLock(lock: MirrorLock): Uint8Array {
  return utf8(`${JSON.stringify(lockSchema.parse(lock), null, 2)}\n`);
}

/** Says what in a lock contradicts itself: whoever changed it could pass one image off as another. */
function faultOf({ images, base, platforms, platformMode }: MirrorLock): string | undefined {
  const isStripped = platforms.length > 0 && platformMode === undefined;
  const names = new Set<string>();
  for (const { image, digest: locked, mirrored } of [...images, ...(base ? [base] : [])]) {
    if (!isFullName(image)) return `"${image}" is not the full name of an image`;
    const { digest: named = locked } = parseImageReference(image);
    if (named !== locked) return `"${image}" is locked as ${locked}`;
    if (mirrored !== locked && !isStripped) {
      return `"${image}" is mirrored as ${mirrored}, but all of ${locked} was asked for`;
    }
  }
  for (const { image } of images) {
    if (names.has(image)) return `"${image}" stands there twice`;
    names.add(image);
  }
  return undefined;
}

function isFullName(image: string): boolean {
  try {
    return formatImage(image) === image;
  } catch (error) {
    if (error instanceof DevregError) return false;
    throw error;
  }
}

function sortedByKey<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => compareBytewise(a, b)));
}

function parseJson(bytes: Uint8Array, file: string): unknown {
  try {
    return JSON.parse(textOf(bytes));
  } catch (cause) {
    throw invalid(file, "it is not JSON", cause);
  }
}

function invalid(file: string, state: string, cause?: unknown): DevregError {
  return new DevregError("INPUT_INVALID", `Cannot read "${file}": ${state}`, {
    cause,
    hint: "Plan again: devreg mirror plan REPO -o mirror.lock.json",
  });
}
