import { z } from "zod";
import { textOf } from "../bytes.ts";
import { DevregError } from "../errors.ts";

/** The format of build.json and of the index artifact's config: "major.minor". */
export const BUILD_FORMAT = "1.0";

const texts = z.record(z.string(), z.string());
const count = z.number().int().nonnegative();
const sourceSchema = z.object({
  url: z.string().exactOptional(),
  commit_hash: z.string().exactOptional(),
  commit_time: z.string().exactOptional(),
});
const submoduleSchema = z.object({ path: z.string(), url: z.string(), commit_hash: z.string() });
const projectSchema = z.object({
  sha256: z.string(),
  url: z.string(),
  commit_hash: z.string().exactOptional(),
  source_sha256: z.string().exactOptional(),
  submodules: z.array(submoduleSchema).exactOptional(),
});

/** Accepts what makes a build an offline one, and gives its fields an order of their own. */
export const offlineSchema = z.object({
  publicUrl: z.string().exactOptional(),
  restOnly: count,
  parents: z.object({ registry: count, flattened: count }),
  documents: count.default(0),
  documentFiles: texts.default({}),
  projects: z.record(z.string(), projectSchema),
});

const entryCounts = {
  stacks: count,
  stackVersions: count,
  samples: count,
  sampleVersions: count,
};

/** Accepts build.json; its fields keep this order when it is written again. */
export const infoSchema = z.object({
  format: z.string(),
  tool: z.object({ name: z.literal("devreg"), version: z.string() }),
  sources: z.array(sourceSchema),
  commit_time: z.string().exactOptional(),
  counts: z.object({ ...entryCounts, icons: count, iconsMissing: count }),
  stacks: texts,
  icons: texts,
  offline: offlineSchema.exactOptional(),
});

/** Accepts the config of an index artifact: what of the record does not depend on who made it. */
export const configSchema = infoSchema.omit({ tool: true }).extend({
  /** A build of the Go tools has no icons of its own. */
  counts: z.object({
    ...entryCounts,
    icons: count.exactOptional(),
    iconsMissing: count.exactOptional(),
  }),
  /** Stack versions ("go:1.0.0") whose files lie in the folder of their stack. */
  unversioned: z.array(z.string()).exactOptional(),
});

/** What a record of any format must have to say which version of devreg reads it. */
const headSchema = z.object({
  format: z.string().regex(/^[0-9]+(\.[0-9]+)*$/),
  tool: z.object({ name: z.string(), version: z.string() }).optional(),
});

/**
 * Reads a record of a build; fields that a newer minor format added are dropped.
 *
 * @param hint what to do about one that cannot be read
 * @throws {DevregError} UNSUPPORTED for a newer major format; INPUT_INVALID for anything else
 */
export function parseRecord<Schema extends z.ZodType>(
  schema: Schema,
  bytes: Uint8Array,
  file: string,
  hint: string,
): z.output<Schema> {
  const json = parseJson(bytes, file, hint);
  refuseNewer(json, file);
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(file, `${issue?.path.map(String).join(".")}: ${issue?.message}`, hint);
}

function refuseNewer(json: unknown, file: string): void {
  const { data: head } = headSchema.safeParse(json);
  if (head === undefined) return;
  const { format, tool } = head;
  if (Number.parseInt(format, 10) <= Number.parseInt(BUILD_FORMAT, 10)) return;
  const message = `Cannot read "${file}": its format ${format} is newer than ${BUILD_FORMAT}`;
  const hint =
    tool === undefined
      ? "Use a newer version of devreg"
      : `Use ${tool.name} ${tool.version}, which wrote it, or a newer version`;
  throw new DevregError("UNSUPPORTED", message, { hint });
}

function parseJson(bytes: Uint8Array, file: string, hint: string): unknown {
  try {
    return JSON.parse(textOf(bytes));
  } catch (cause) {
    throw invalid(file, "it is not JSON", hint, cause);
  }
}

function invalid(file: string, state: string, hint: string, cause?: unknown): DevregError {
  return new DevregError("INPUT_INVALID", `Cannot read "${file}": ${state}`, { cause, hint });
}
