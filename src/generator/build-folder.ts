import { eachBounded } from "../concurrent.ts";
import { FILE_CONCURRENCY } from "../limits.ts";
import { Pace } from "../turn.ts";
import { VERSIONS_IN_A_ROW } from "../turn-limits.ts";
import type { Build } from "./build.ts";
import type { IndexEntry, IndexVersion } from "./index-schema.ts";

/** Where one stack version lies in a build and in a registry. */
export interface VersionLocation {
  readonly entry: IndexEntry;
  readonly version: IndexVersion;
  /** Name of the stack's folder. */
  readonly stack: string;
  /** "stacks/go/2.0.0", or "stacks/go" in a build of the Go tools without stack.yaml. */
  readonly folder: string;
  /** "devfile-catalog/go" */
  readonly repository: string;
  /** "2.0.0" */
  readonly tag: string;
}

const CATALOG = "devfile-catalog";

/** Gives the folder name of a stack, which its self link carries and which its name may differ from. */
export function stackName(entry: IndexEntry): string {
  const link = selfLink(entry, undefined);
  return link === undefined ? entry.name : stackOf(link.repository);
}

/** Gives each version of each stack of a build, in the order of the index. */
export async function stackVersions(build: Build): Promise<readonly VersionLocation[]> {
  const versions = build.index
    .filter(({ type }) => type === "stack")
    .flatMap((entry) => (entry.versions ?? []).map((version) => ({ entry, version })));
  const pace = new Pace(VERSIONS_IN_A_ROW);
  return eachBounded(versions, FILE_CONCURRENCY, async ({ entry, version }) => {
    await pace.did(1);
    const folder = await versionFolder(build, entry, version);
    return { entry, version, folder, ...versionAddress(entry, version) };
  });
}

/**
 * Gives the folder of a stack version relative to the build.
 *
 * Parity: the Go server looks in stacks/<name>/<version>/ and then in stacks/<name>/.
 */
export async function versionFolder(
  build: Pick<Build, "files">,
  entry: IndexEntry,
  version: IndexVersion,
): Promise<string> {
  const above = `stacks/${versionAddress(entry, version).stack}`;
  if (version.version === undefined) return above;
  const folder = `${above}/${version.version}`;
  return (await build.files.list(folder)).length > 0 ? folder : above;
}

/** Gives what a stack version is called: its stack's folder, and where it is in a registry. */
export function versionAddress(
  entry: IndexEntry,
  version: IndexVersion,
): Pick<VersionLocation, "stack" | "repository" | "tag"> {
  const link = selfLink(entry, version);
  const repository = link?.repository ?? `${CATALOG}/${stackName(entry)}`;
  const tag = link?.tag ?? version.version ?? "latest";
  return { stack: stackOf(repository), repository, tag };
}

/** Reads "devfile-catalog/go:2.0.0"; the version's own link wins over its stack's. */
function selfLink(
  entry: IndexEntry,
  version: IndexVersion | undefined,
): { readonly repository: string; readonly tag: string | undefined } | undefined {
  const [first] = entry.versions ?? [];
  const link = version?.links?.["self"] ?? entry.links?.["self"] ?? first?.links?.["self"];
  if (link === undefined || link === "") return undefined;
  const colon = link.lastIndexOf(":");
  if (colon < link.lastIndexOf("/")) return { repository: link, tag: undefined };
  // A link borrowed from another version names the stack but not this version's tag.
  const own = version === undefined || version.links?.["self"] !== undefined;
  return { repository: link.slice(0, colon), tag: own ? link.slice(colon + 1) : undefined };
}

function stackOf(repository: string): string {
  return repository.startsWith(`${CATALOG}/`) ? repository.slice(CATALOG.length + 1) : repository;
}
