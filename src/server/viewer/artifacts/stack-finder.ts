import { ARTIFACT_TEXT_CHARS } from "../../../artifact-limits.ts";
import type { IndexEntry, RegistryIndex } from "../../../generator/index.ts";
import type { Artifact } from "../../artifacts/index.ts";
import { entryPath } from "../entry-link.ts";

/** The stack version that an artifact is. */
export interface FoundStack {
  /** Address of its page, relative. */
  readonly href: string;
  readonly text: string | undefined;
}

/** Finds the stack version that an artifact is; undefined where it is none. */
export type FindStack = (artifact: Artifact) => FoundStack | undefined;

const entries = new WeakMap<RegistryIndex, ReadonlyMap<string, Found>>();

interface Found {
  readonly entry: IndexEntry;
  readonly version: string;
}

/** Makes what finds the stack versions of an index by the names that it links them by. */
export function stackFinder(index: RegistryIndex, registry: string, root: string): FindStack {
  const known = entries.get(index) ?? linked(index);
  entries.set(index, known);
  return ({ repository, tags }) => {
    const found = tags.map((tag) => known.get(`${repository}:${tag}`)).find(Boolean);
    if (found === undefined) return undefined;
    const { entry, version } = found;
    const text = entry.description?.slice(0, ARTIFACT_TEXT_CHARS).toWellFormed();
    return { href: `${root}${entryPath(registry, entry, version)}`, text };
  };
}

function linked(index: RegistryIndex): ReadonlyMap<string, Found> {
  const found = new Map<string, Found>();
  for (const entry of index) {
    for (const { version, links } of entry.versions ?? []) {
      const self = links?.["self"];
      if (self !== undefined && version !== undefined) found.set(self, { entry, version });
    }
  }
  return found;
}
