import { z } from "zod";
import { schemaIssueText } from "../../schema-issue.ts";
import { OTHER_REGISTRIES } from "../../viewer-limits.ts";
import { publicUrl } from "../values.ts";

const NAME_CHARS = 100;

/** A registry to show in the viewer. */
export interface ListedRegistry {
  readonly name: string;
  /** Where this server reaches it. */
  readonly url: string;
  /** Where visitors reach it, if that is elsewhere. */
  readonly fqdn?: string | undefined;
}

const listed = z.object({
  name: z.string().min(1).max(NAME_CHARS),
  url: publicUrl,
  fqdn: publicUrl.optional(),
});

/**
 * Reads DEVFILE_REGISTRIES: a JSON array of {"name", "url", "fqdn"}. Parity: today's viewer, which
 * knows other fields as little.
 */
export const devfileRegistries = z.string().transform((raw, context): readonly ListedRegistry[] => {
  const fail = (message: string) => {
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  let json: unknown;
  try {
    json = JSON.parse(raw);
  } catch {
    return fail('is no JSON such as [{"name": "Community", "url": "https://registry.example"}]');
  }
  const parsed = z.array(listed).max(OTHER_REGISTRIES).safeParse(json);
  if (parsed.success) return parsed.data;
  return fail(parsed.error.issues.map(faultText).join("; "));
});

/** "entry 2: url is missing"; entries count from 1, as people do. */
function faultText(issue: z.core.$ZodIssue): string {
  const [at, key] = issue.path;
  const entry = typeof at === "number" ? `entry ${at + 1}: ` : "";
  return `${entry}${key === undefined ? "" : `${String(key)} `}${schemaIssueText(issue)}`;
}
