import type { VersionFields } from "./entry-fields.ts";
import { type GoTime, ZERO_TIME } from "./go-time.ts";
import type { IndexEntry, IndexVersion } from "./index-schema.ts";
import { NO_VERSION } from "./last-modified.ts";
import type { PublishableExtra, PublishableStack, PublishableVersion } from "./publishable.ts";

/** Gives the date of a version by name and version, or by the folder it lies in. */
export type DateOf = (name: string, version: string, folder: string) => GoTime | undefined;

/** Gives the resources of a stack version: the names of its packaged files, sorted bytewise. */
export type ResourcesOf = (version: PublishableVersion) => readonly string[];

const NO_GROUPS = { build: false, debug: false, deploy: false, run: false, test: false };

/** Builds the index entry of a stack from stack.yaml and the metadata of its devfiles. */
export function buildStackEntry(
  stack: PublishableStack,
  dateOf: DateOf,
  resourcesOf: ResourcesOf,
): IndexEntry {
  const own = stack.source.stackYaml?.contents?.fields ?? {};
  const first = (field: InheritedField) =>
    own[field] || stack.versions.map(({ devfile }) => devfile.fields[field]).find(Boolean) || "";
  const name = first("name");
  const dates = stack.versions.map(({ version, source }) => dateOf(name, version, source.folder));
  const defaults = stack.versions.filter(({ source }) => source.isDefault);
  return {
    ...own,
    name,
    ...Object.fromEntries(INHERITED.map((field) => [field, first(field)])),
    type: "stack",
    tags: union(own.tags, defaults),
    architectures: commonArchitectures(own.architectures, stack.versions),
    versions: stack.versions.map((version, at) => ({
      ...buildVersion(stack, version),
      resources: [...resourcesOf(version)],
      lastModified: dates[at]?.text ?? ZERO_TIME,
    })),
    lastModified: newest(dates),
  };
}

/**
 * Builds the index entry of a sample, or of a stack that is only described.
 *
 * Parity: the Go generator keeps the resources of a described stack, and then the Go server does not
 * start because the files are missing; here an index names only files that its build has.
 */
export function buildExtraEntry({ source, samples }: PublishableExtra, dateOf: DateOf): IndexEntry {
  const { entry } = source;
  const { name = "" } = entry.fields;
  const kept: readonly VersionPlace[] =
    entry.type === "sample"
      ? samples.map(({ extra, folder }) => ({ fields: extra?.fields, folder }))
      : entry.versions.map(({ fields }) => ({ fields: { ...fields, resources: [] }, folder: "" }));
  const versions = kept.flatMap(({ fields, folder }) =>
    fields === undefined ? [] : [{ fields, date: dateOf(name, fields.version ?? "", folder) }],
  );
  const whole = { ...entry.fields, name, type: entry.type };
  if (entry.versions.length === 0) {
    return { ...whole, lastModified: newest([dateOf(name, NO_VERSION, `samples/${name}`)]) };
  }
  return {
    ...whole,
    versions: versions.map(({ fields, date }) => ({
      ...fields,
      lastModified: date?.text ?? ZERO_TIME,
    })),
    lastModified: newest(versions.map(({ date }) => date)),
  };
}

interface VersionPlace {
  readonly fields: VersionFields | undefined;
  readonly folder: string;
}

/** The fields that a stack takes from the first version that sets them, when it has none. */
const INHERITED = [
  "name",
  "displayName",
  "description",
  "icon",
  "projectType",
  "language",
  "provider",
  "supportUrl",
] as const;
type InheritedField = (typeof INHERITED)[number];

function buildVersion(
  { source: stack }: PublishableStack,
  { version, devfile, source }: PublishableVersion,
): IndexVersion {
  const { fields } = devfile;
  const git = source.declared?.git ?? fields.git;
  return {
    version,
    schemaVersion: devfile.schemaVersion,
    default: source.isDefault,
    ...(git === undefined ? {} : { git }),
    description: fields.description ?? "",
    tags: fields.tags ?? [],
    architectures: fields.architectures ?? [],
    icon: fields.icon ?? "",
    links: { ...fields.links, self: `devfile-catalog/${stack.folder}:${version}` },
    commandGroups: {
      ...NO_GROUPS,
      ...fields.commandGroups,
      ...Object.fromEntries(devfile.groupKinds.map((kind) => [kind, true])),
    },
    deploymentScopes: fields.deploymentScopes ?? {},
    starterProjects: [...(fields.starterProjects ?? []), ...devfile.starterProjects],
  };
}

/** Adds the tags of versions to the stack's own; each is added once. */
function union(
  own: readonly string[] = [],
  versions: readonly PublishableVersion[],
  field: "tags" | "architectures" = "tags",
): string[] {
  const all = [...own];
  for (const { devfile } of versions) {
    for (const value of devfile.fields[field] ?? []) if (!all.includes(value)) all.push(value);
  }
  return all;
}

/** A version without architectures runs on all of them, and then so does the stack. */
function commonArchitectures(
  own: readonly string[] | undefined,
  versions: readonly PublishableVersion[],
): string[] {
  const everywhere = versions.some(({ devfile }) => !devfile.fields.architectures?.length);
  return everywhere ? [] : union(own, versions, "architectures");
}

function newest(dates: readonly (GoTime | undefined)[]): string {
  let latest: GoTime | undefined;
  for (const date of dates) {
    if (date !== undefined && (latest === undefined || date.instantMs > latest.instantMs)) {
      latest = date;
    }
  }
  return latest?.text ?? ZERO_TIME;
}
