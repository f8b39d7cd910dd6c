import type { IndexEntry, IndexVersion } from "../../../generator/index.ts";

/** What a facet looks at. */
export interface FacetSubject {
  readonly entry: IndexEntry;
  /** The default version, where the entry has versions. */
  readonly version: IndexVersion | undefined;
  /** Name of the registry that has it. */
  readonly registry: string;
}

/** One way of narrowing the catalog down. */
export interface Facet {
  /** Name of its parameter. Parity: those that today's viewer has too. */
  readonly name: string;
  readonly title: string;
  readonly valuesOf: (subject: FacetSubject) => readonly string[];
  /** All values in the order to show them; without, those that occur, the most frequent first. */
  readonly order?: readonly string[];
  /** Words for values that do not speak for themselves. */
  readonly words?: Readonly<Record<string, string>>;
  /** Unfolded from the start. */
  readonly open?: boolean;
}

const ARCHITECTURES = ["amd64", "arm64", "ppc64le", "s390x"] as const;
const COMMAND_GROUPS = ["build", "run", "test", "debug", "deploy"] as const;
const SCOPES = ["innerloop", "outerloop"] as const;
const DEPRECATED = "Deprecated";

/** All facets, in the order in which they are shown. */
export const FACETS: readonly Facet[] = [
  {
    name: "registries",
    title: "Registry",
    valuesOf: ({ registry }) => [registry],
    open: true,
  },
  {
    name: "types",
    title: "Type",
    valuesOf: ({ entry }) => [entry.type ?? "stack"],
    order: ["stack", "sample"],
    words: { stack: "Stack", sample: "Sample" },
    open: true,
  },
  {
    name: "languages",
    title: "Language",
    valuesOf: ({ entry }) => known(entry.language),
    open: true,
  },
  {
    name: "projectTypes",
    title: "Project type",
    valuesOf: ({ entry }) => known(entry.projectType),
  },
  { name: "tags", title: "Tag", valuesOf: ({ entry }) => entry.tags ?? [], open: true },
  { name: "providers", title: "Provider", valuesOf: ({ entry }) => known(entry.provider) },
  {
    name: "architectures",
    title: "Architecture",
    // An entry that names none runs on all of them. Parity: the index filter of the same name.
    valuesOf: ({ entry }) => (entry.architectures?.length ? entry.architectures : ARCHITECTURES),
    order: ARCHITECTURES,
  },
  {
    name: "capabilities",
    title: "Capability",
    valuesOf: capabilitiesOf,
    order: [...COMMAND_GROUPS, ...SCOPES],
    words: {
      build: "Build",
      run: "Run",
      test: "Test",
      debug: "Debug",
      deploy: "Deploy",
      innerloop: "Inner loop",
      outerloop: "Outer loop",
    },
  },
  {
    name: "deprecated",
    title: "Deprecated",
    valuesOf: (subject) => [isDeprecated(subject) ? "Yes" : "No"],
    order: ["No", "Yes"],
  },
];

/** Tells whether an entry should not be begun with any more. Parity: it carries a tag that says so. */
export function isDeprecated({ entry, version }: Omit<FacetSubject, "registry">): boolean {
  return [entry.tags, version?.tags].some((tags) => tags?.includes(DEPRECATED));
}

/** Gives the kinds of commands that an entry has, in the order in which one needs them. */
export function commandGroupsOf({
  entry,
  version,
}: Omit<FacetSubject, "registry">): readonly string[] {
  const groups = version?.commandGroups ?? entry.commandGroups ?? {};
  return COMMAND_GROUPS.filter((group) => groups[group] === true);
}

function capabilitiesOf(subject: FacetSubject): readonly string[] {
  const { entry, version } = subject;
  const scopes = version?.deploymentScopes ?? entry.deploymentScopes ?? {};
  return [...commandGroupsOf(subject), ...SCOPES.filter((scope) => scopes[scope] === true)];
}

function known(value: string | undefined): readonly string[] {
  return value === undefined || value === "" ? [] : [value];
}
