import { z } from "zod";
import { DevregError } from "../../errors.ts";
import { parseJsonParts } from "../../json-parts.ts";
import { MANIFEST_PARTS } from "../../mirror-limits.ts";

const tagsSchema = z.looseObject({ tags: z.array(z.string()).nullish() });
const catalogSchema = z.looseObject({ repositories: z.array(z.string()).nullish() });

/** Reads a tag list; registries say null when there are none. @throws {DevregError} */
export function parseTags(bytes: Uint8Array): readonly string[] {
  return parse(bytes, tagsSchema, "tag list").tags ?? [];
}

/** Reads a page of the catalog. @throws {DevregError} REGISTRY_RESPONSE for another form */
export function parseCatalog(bytes: Uint8Array): readonly string[] {
  return parse(bytes, catalogSchema, "catalog").repositories ?? [];
}

function parse<Value>(bytes: Uint8Array, schema: z.ZodType<Value>, what: string): Value {
  try {
    return schema.parse(parseJsonParts(bytes, MANIFEST_PARTS));
  } catch (cause) {
    throw new DevregError("REGISTRY_RESPONSE", `Cannot read ${what}: wrong form`, { cause });
  }
}
