import type { IndexEntry, IndexVersion } from "../../generator/index.ts";
import type { IndexQuery } from "../contract/index.ts";
import type { EntryFilter } from "./entry-filter.ts";
import { normalisedList, normalisedText } from "./normalised-fields.ts";
import { normaliseText } from "./text-match.ts";

/** The fields that an entry and a version both have. */
type Part = Pick<
  IndexVersion & IndexEntry,
  | "description"
  | "icon"
  | "git"
  | "tags"
  | "architectures"
  | "resources"
  | "starterProjects"
  | "links"
  | "commandGroups"
  | "deploymentScopes"
>;

/** Texts of the entry alone. */
const ENTRY_TEXTS = {
  name: (entry) => entry.name,
  displayName: (entry) => entry.displayName,
  projectType: (entry) => entry.projectType,
  language: (entry) => entry.language,
  provider: (entry) => entry.provider,
  supportUrl: (entry) => entry.supportUrl,
} satisfies Partial<Record<keyof IndexQuery, (entry: IndexEntry) => string | undefined>>;

/** Texts of the entry and of each version. */
const PART_TEXTS = {
  description: (part) => part.description,
  iconUri: (part) => part.icon,
  gitUrl: (part) => part.git?.url,
  gitRemoteName: (part) => part.git?.remoteName,
  gitSubDir: (part) => part.git?.subDir,
  gitRevision: (part) => part.git?.revision,
} satisfies Partial<Record<keyof IndexQuery, (part: Part) => string | undefined>>;

/** Lists of the entry and of each version. Parity: `links` means their names, as `linkNames` does. */
const PART_LISTS = {
  tags: (part) => part.tags,
  resources: (part) => part.resources,
  starterProjects: (part) => part.starterProjects,
  linkNames: (part) => Object.keys(part.links ?? {}),
  links: (part) => Object.keys(part.links ?? {}),
  gitRemoteNames: (part) => Object.keys(part.git?.remotes ?? {}),
  gitRemotes: (part) => Object.values(part.git?.remotes ?? {}),
  commandGroups: (part) => namesSet(part.commandGroups),
  deploymentScopes: (part) => namesSet(part.deploymentScopes),
} satisfies Partial<Record<keyof IndexQuery, (part: Part) => readonly string[] | undefined>>;

/** Makes a filter of each text and list parameter given. */
export function fieldFilters(query: IndexQuery): EntryFilter[] {
  return [
    ...filtersOf(ENTRY_TEXTS, query, (name, read, wanted: string) => {
      const text = normaliseText(wanted);
      return (entry) =>
        normalisedText(entry, name, read).includes(text) ? versionsOf(entry) : undefined;
    }),
    ...filtersOf(PART_TEXTS, query, (name, read, wanted: string) => {
      const text = normaliseText(wanted);
      return eachPart((part) => normalisedText(part, name, read).includes(text));
    }),
    ...filtersOf(PART_LISTS, query, (name, read, wanted: readonly string[]) => {
      const texts = distinctTexts(wanted);
      return eachPart((part) => holdsAll(normalisedList(part, name, read), texts));
    }),
    ...attributeFilter(query.attributeNames),
    ...architectureFilter(query.arch),
    ...defaultFilter(query.default),
  ];
}

/** Calls `make` for each parameter of the table that the query has. */
function filtersOf<Name extends keyof IndexQuery, Read>(
  table: Readonly<Record<Name, Read>>,
  query: IndexQuery,
  make: (name: string, read: Read, wanted: NonNullable<IndexQuery[Name]>) => EntryFilter,
): EntryFilter[] {
  const filters: EntryFilter[] = [];
  for (const name in table) {
    const wanted = query[name];
    if (wanted === undefined) continue;
    filters.push(make(name, table[name], wanted as NonNullable<typeof wanted>));
  }
  return filters;
}

const NO_VERSIONS: readonly IndexVersion[] = [];

function versionsOf({ versions }: IndexEntry): readonly IndexVersion[] {
  return versions ?? NO_VERSIONS;
}

/** If versions match, only they stay; else the whole entry stays if it matches itself. */
function eachPart(matches: (part: Part) => boolean): EntryFilter {
  return (entry) => {
    const versions = versionsOf(entry);
    // Of most entries all versions match, or none.
    if (versions.length > 0 && versions.every(matches)) return versions;
    const matching = versions.filter(matches);
    if (matching.length > 0) return matching;
    return matches(entry) ? versions : undefined;
  };
}

/** A query has room for a thousand times the same text, which would be looked for as often. */
function distinctTexts(wanted: readonly string[]): readonly string[] {
  return [...new Set(wanted.map(normaliseText))];
}

/** Every wanted text is held by some value of the list; all are normalised. */
function holdsAll(values: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((text) => values.some((value) => value.includes(text)));
}

function attributeFilter(names: readonly string[] | undefined): EntryFilter[] {
  if (names === undefined) return [];
  const wanted = distinctTexts(names);
  return [
    (entry) => {
      const own = normalisedList(entry, "attributeNames", namesOfAttributes);
      return holdsAll(own, wanted) ? (entry.versions ?? []) : undefined;
    },
  ];
}

function namesOfAttributes({ attributes }: IndexEntry): readonly string[] {
  return Object.keys(attributes ?? {});
}

/** What names no architecture runs on all of them. */
function architectureFilter(architectures: readonly string[] | undefined): EntryFilter[] {
  if (architectures === undefined) return [];
  return [
    eachPart((part) => {
      const own = part.architectures ?? [];
      return own.length === 0 || architectures.every((name) => own.includes(name));
    }),
  ];
}

/** Keeps the default versions, or the others; an entry without versions has neither. */
function defaultFilter(wanted: IndexQuery["default"]): EntryFilter[] {
  if (wanted === undefined) return [];
  return [
    (entry) => {
      const kept = (entry.versions ?? []).filter(
        (version) => (version.default ?? false) === (wanted === "true"),
      );
      return kept.length > 0 ? kept : undefined;
    },
  ];
}

function namesSet(flags: Readonly<Record<string, boolean>> | undefined): string[] {
  return Object.entries(flags ?? {}).flatMap(([name, set]) => (set ? [name] : []));
}
