import { readDevfileRoot } from "./devfile-root.ts";
import { formatYamlPath } from "./edit.ts";
import type { Origin, OriginValue } from "./origin.ts";
import { findStarterPlaces, starterOrigin } from "./starters.ts";

/** Where a starter project comes from, as its author wrote it: git or, else, zip. */
export interface StarterSource {
  readonly name: string;
  /** "starterProjects[0]", or "parent.starterProjects[0]" for one that is overridden. */
  readonly path: string;
  readonly line?: number;
  readonly column?: number;
  /** Remotes by name, and what is checked out of which. */
  readonly git?: {
    readonly remotes: Readonly<Record<string, string>>;
    readonly checkoutFrom?: { readonly remote?: string; readonly revision?: string };
  };
  /** Address of a zip, absolute or relative to the devfile. */
  readonly zip?: string;
  readonly subDir?: string;
}

/**
 * Finds the sources of the starter projects of a devfile, in the order of the file. Of a devfile
 * that was rewritten before these are the original ones.
 *
 * @throws {DevregError} INPUT_INVALID when it is no devfile
 */
export function findStarterSources(text: string, file = "devfile.yaml"): readonly StarterSource[] {
  return findStarterPlaces(readDevfileRoot(file, text)).map((place) => {
    const { line, column } = place.node.position();
    return {
      name: place.name,
      path: formatYamlPath(place.path),
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
      ...sourceOf(place.origin ?? starterOrigin(place)),
    };
  });
}

function sourceOf(origin: Origin): Pick<StarterSource, "git" | "zip" | "subDir"> {
  const git = mapOf(origin["git"] ?? origin["github"]);
  const location = mapOf(origin["zip"])?.["location"];
  const subDir = textOf(origin["subDir"]);
  const zip = textOf(location);
  return {
    ...(git === undefined ? {} : { git: gitOf(git) }),
    ...(git !== undefined || zip === undefined ? {} : { zip }),
    ...(subDir === undefined ? {} : { subDir }),
  };
}

function gitOf(git: Origin): NonNullable<StarterSource["git"]> {
  const remotes = Object.entries(mapOf(git["remotes"]) ?? {}).flatMap(([name, url]) => {
    const text = textOf(url);
    return text === undefined ? [] : [[name, text] as const];
  });
  const checkout = mapOf(git["checkoutFrom"]);
  const [remote, revision] = [textOf(checkout?.["remote"]), textOf(checkout?.["revision"])];
  const checkoutFrom = {
    ...(remote === undefined ? {} : { remote }),
    ...(revision === undefined ? {} : { revision }),
  };
  return {
    remotes: Object.fromEntries(remotes),
    ...(Object.keys(checkoutFrom).length === 0 ? {} : { checkoutFrom }),
  };
}

function mapOf(value: OriginValue | undefined): Origin | undefined {
  return typeof value === "object" && !Array.isArray(value) ? (value as Origin) : undefined;
}

function textOf(value: OriginValue | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
