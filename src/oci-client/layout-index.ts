import { z } from "zod";
import { textOf, utf8 } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { type Descriptor, descriptorSchema } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { parseRootName } from "./layout-name.ts";
import { ANNOTATION_REF_NAME, OCI_INDEX } from "./media-types.ts";

/** One root in the index.json of an image layout. */
export interface LayoutEntry {
  readonly descriptor: Descriptor;
  /** Undefined for a root that names none: a bare tag or no name at all, as other tools write. */
  readonly repository?: string;
  /** Undefined for a root that is found by its digest only. */
  readonly tag?: string;
  /** As it stands in the file, so that what other tools put there is kept. */
  readonly raw: Readonly<Record<string, unknown>>;
}

/** The index.json of an image layout. Spec: image-spec v1.1, Image Layout, index.json. */
export interface LayoutIndex {
  /** Fields beside the manifests, kept as they stand. */
  readonly head: Readonly<Record<string, unknown>>;
  /** Roots that carry no name of ours, in their order. */
  readonly others: readonly LayoutEntry[];
  /** The other roots by repository, each under ":<tag>" or, when untagged, "@<digest>". */
  readonly repositories: ReadonlyMap<string, LayoutRoots>;
}

/** The roots of one repository, each under ":<tag>" or, when untagged, "@<digest>". */
export type LayoutRoots = ReadonlyMap<string, LayoutEntry>;

const indexSchema = z.looseObject({
  schemaVersion: z.literal(2),
  manifests: z.array(z.looseObject({})),
});

/** An index without roots. */
export const EMPTY_LAYOUT_INDEX: LayoutIndex = {
  head: { schemaVersion: 2, mediaType: OCI_INDEX },
  others: [],
  repositories: new Map(),
};

/** Parses an index.json. @throws {DevregError} INPUT_INVALID */
export function parseLayoutIndex(bytes: Uint8Array): LayoutIndex {
  const parsed = indexSchema.safeParse(parseJson(bytes));
  if (!parsed.success) throw invalid(firstIssue(parsed.error));
  const { manifests, ...head } = parsed.data;
  const repositories = new Map<string, Map<string, LayoutEntry>>();
  const others: LayoutEntry[] = [];
  for (const [position, raw] of manifests.entries()) {
    const entry = parseEntry(raw, position);
    const roots = entry.repository === undefined ? undefined : rootsAt(repositories, entry);
    const key = keyOf(entry.descriptor.digest, entry.tag);
    if (roots === undefined || roots.has(key)) others.push(entry);
    else roots.set(key, entry);
  }
  return { head, others, repositories };
}

function rootsAt(repositories: Map<string, Map<string, LayoutEntry>>, entry: LayoutEntry) {
  const { repository = "" } = entry;
  const roots = repositories.get(repository) ?? new Map<string, LayoutEntry>();
  repositories.set(repository, roots);
  return roots;
}

/** Writes an index.json; roots of others first, ours sorted, so equal roots give equal bytes. */
export function formatLayoutIndex(index: LayoutIndex): Uint8Array {
  const ours = sorted(index.repositories).flatMap((roots) => sorted(roots));
  const manifests = [...index.others, ...ours].map((entry) => entry.raw);
  return utf8(JSON.stringify({ ...index.head, manifests }));
}

/** Gives the key of a root inside its repository. */
export function keyOf(digest: Digest, tag?: string): string {
  return tag === undefined ? `@${digest}` : `:${tag}`;
}

/** Makes a root. Annotations are left to the manifest: here they would be somebody's guess. */
export function entryOf(repository: string, descriptor: Descriptor, tag?: string): LayoutEntry {
  const { mediaType, digest, size, artifactType } = descriptor;
  const base = { mediaType, digest, size, ...(artifactType === undefined ? {} : { artifactType }) };
  const name = `${repository}${keyOf(digest, tag)}`;
  return {
    descriptor: base,
    repository,
    ...(tag === undefined ? {} : { tag }),
    raw: { ...base, annotations: { [ANNOTATION_REF_NAME]: name } },
  };
}

function sorted<Value>(map: ReadonlyMap<string, Value>): Value[] {
  const entries = [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([, value]) => value);
}

function parseEntry(raw: Readonly<Record<string, unknown>>, position: number): LayoutEntry {
  const parsed = descriptorSchema.safeParse(raw);
  if (!parsed.success) throw invalid(`manifests.${position}.${firstIssue(parsed.error)}`);
  const { annotations = {}, ...descriptor } = parsed.data;
  const { [ANNOTATION_REF_NAME]: name = "", ...others } = annotations;
  const kept = Object.keys(others).length === 0 ? {} : { annotations: others };
  return { descriptor: { ...descriptor, ...kept }, ...parseRootName(name, descriptor.digest), raw };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(textOf(bytes));
  } catch (cause) {
    throw invalid("it is not JSON", cause);
  }
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.map(String).join(".") || "document"}: ${issue?.message ?? "wrong form"}`;
}

function invalid(state: string, cause?: unknown): DevregError {
  return new DevregError("INPUT_INVALID", `Cannot read index.json of the image layout: ${state}`, {
    cause,
  });
}
