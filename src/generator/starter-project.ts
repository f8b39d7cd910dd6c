import { parseYaml } from "./yaml/index.ts";

/** Where a starter project of a devfile comes from, as far as serving it needs to know. */
export interface StarterProject {
  readonly name: string;
  /** Location of its zip: an address, or a file beside the devfile. */
  readonly zip?: string;
  /** Remotes by name, for a project in git. */
  readonly remotes?: Readonly<Record<string, string>>;
  readonly subDir?: string;
}

/** Finds a starter project in the bytes of a devfile; undefined when it has none of that name. */
export function readStarterProject(devfile: Uint8Array, name: string): StarterProject | undefined {
  // What is wrong with the devfile was reported when the build was made.
  const root = parseYaml("devfile.yaml", devfile, () => undefined);
  const projects = root?.get("starterProjects");
  if (projects === undefined || !projects.isList) return undefined;
  const found = projects.items().find((project) => project.get("name").text() === name);
  if (found === undefined) return undefined;
  const zip = found.get("zip").get("location").text();
  const git = found.get("git");
  const subDir = found.get("subDir").text();
  return {
    name,
    ...(zip === undefined ? {} : { zip }),
    ...(git.present ? { remotes: git.get("remotes").textMap() } : {}),
    ...(subDir === undefined ? {} : { subDir }),
  };
}
