import type { IndexEntry } from "../index-schema.ts";
import type { Place, Rule } from "./rule.ts";

/** An entry as it will stand in the index, and the file that it mostly comes from. */
export interface PlacedEntry {
  readonly entry: IndexEntry;
  readonly at: Place;
}

const SCOPES = ["innerloop", "outerloop"];
const WANTED = ["provider", "supportUrl", "architectures"] as const;

const complete: Rule<PlacedEntry> = {
  name: "entry-incomplete",
  *check({ entry, at }) {
    const missing = missingOf(entry);
    if (missing.length === 0) return;
    const message = `"${entry.name}" has no ${missing.join(", no ")}`;
    yield { severity: "warning", at, message, hint: `Add ${missing.join(" and ")}` };
  },
};

const icon: Rule<PlacedEntry> = {
  name: "icon-missing",
  *check({ entry, at }) {
    if ((entry.icon ?? "") !== "") return;
    yield {
      severity: "error",
      at,
      message: `"${entry.name}" has no icon`,
      hint: "Set icon to the address of an image",
    };
  },
};

const scopes: Rule<PlacedEntry> = {
  name: "deployment-scope",
  *check({ entry, at }) {
    const maps = [entry, ...(entry.versions ?? [])].map((each) => each.deploymentScopes ?? {});
    const unknown = maps.flatMap(Object.keys).filter((scope) => !SCOPES.includes(scope));
    for (const scope of new Set(unknown)) {
      yield {
        // Parity: the Go generator looks at scopes only when nothing else is missing.
        severity: missingOf(entry).length === 0 ? "error" : "warning",
        at,
        message: `"${entry.name}" has the unknown deployment scope "${scope}"`,
        hint: `Use ${SCOPES.join(" and ")}`,
      };
    }
  },
};

/** Rules for an entry of the index, wherever its fields come from. */
export const entryRules: readonly Rule<PlacedEntry>[] = [complete, icon, scopes];

function missingOf(entry: IndexEntry): string[] {
  return WANTED.filter((field) => (entry[field]?.length ?? 0) === 0);
}
