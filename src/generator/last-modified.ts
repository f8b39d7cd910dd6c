import { z } from "zod";
import { textOf } from "../bytes.ts";
import { describeError } from "../errors.ts";
import type { ReportFinding } from "./findings.ts";
import { type GoTime, parseGoTime } from "./go-time.ts";

/** Gives the date of a version of a stack or sample, where it is known. */
export type LastModified = (name: string, version: string) => GoTime | undefined;

/** The version under which an entry without versions is dated. */
export const NO_VERSION = "undefined";

const HINT = "Write the file anew, or remove it to take the dates from git";

const entries = z
  .array(
    z.looseObject({
      name: z.string().nullish(),
      version: z.string().nullish(),
      lastModified: z.string().nullish(),
    }),
  )
  .nullish();
const schema = z.looseObject({ stacks: entries, samples: entries }).nullable();

/**
 * Reads last_modified.json. Stacks and samples share one table, a later line replaces an earlier
 * one; a version it does not name has no date. Undefined when the file is broken, which is reported.
 */
export function readLastModified(
  file: string,
  bytes: Uint8Array,
  report: ReportFinding,
): LastModified | undefined {
  const fail = (state: string, path?: string): undefined => {
    const at = path === undefined ? {} : { path };
    const message = `Cannot read "${file}": ${state}`;
    report({ severity: "error", rule: "last-modified", file, ...at, message, hint: HINT });
  };
  let parsed: z.infer<typeof schema>;
  try {
    parsed = schema.parse(JSON.parse(textOf(bytes)));
  } catch (error) {
    const [issue] = error instanceof z.ZodError ? error.issues : [];
    return fail(issue?.message ?? describeError(error), issue?.path.join("."));
  }
  const dates = new Map<string, GoTime | undefined>();
  for (const list of ["stacks", "samples"] as const) {
    for (const [at, entry] of (parsed?.[list] ?? []).entries()) {
      const date = entry.lastModified == null ? undefined : parseGoTime(entry.lastModified);
      if (entry.lastModified != null && date === undefined) {
        return fail(`"${entry.lastModified}" is no RFC 3339 date`, `${list}[${at}].lastModified`);
      }
      dates.set(keyOf(entry.name ?? "", entry.version ?? ""), date);
    }
  }
  return (name, version) => dates.get(keyOf(name, version));
}

function keyOf(name: string, version: string): string {
  return JSON.stringify([name, version]);
}
