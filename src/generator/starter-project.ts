import type { ProjectSource } from "./fetch/index.ts";
import { isNestedTooDeeply } from "./nesting.ts";
import { parseYaml, type YamlNode } from "./yaml/index.ts";

/** Where a starter project of a devfile comes from, as far as serving it needs to know. */
export interface StarterProject {
  readonly name: string;
  /** Location of its zip: an address, or a file beside the devfile. */
  readonly zip?: string;
  /** Where it can be fetched; absent for a file beside the devfile, and where neither is given. */
  readonly source?: ProjectSource;
}

/** Some devfiles take seconds to be read, and every visitor may ask for starter projects. */
const read = new WeakMap<Uint8Array, ReadonlyMap<string, StarterProject>>();

/**
 * Finds a starter project in the bytes of a devfile; undefined when it has none of that name. The
 * same bytes in memory are read once.
 */
export function readStarterProject(devfile: Uint8Array, name: string): StarterProject | undefined {
  const projects = read.get(devfile) ?? readStarterProjects(devfile);
  read.set(devfile, projects);
  return projects.get(name);
}

function readStarterProjects(devfile: Uint8Array): ReadonlyMap<string, StarterProject> {
  const found = new Map<string, StarterProject>();
  if (isNestedTooDeeply(devfile)) return found;
  // What is wrong with the devfile was reported when the build was made.
  const root = parseYaml("devfile.yaml", devfile, () => undefined);
  const projects = root?.get("starterProjects");
  if (projects === undefined || !projects.isList) return found;
  for (const project of projects.items()) {
    const name = project.get("name").text();
    // Of several with one name the first counts.
    if (name !== undefined && !found.has(name)) found.set(name, starterProject(name, project));
  }
  return found;
}

function starterProject(name: string, project: YamlNode): StarterProject {
  const zip = project.get("zip").get("location").text();
  const source = sourceOf(project, zip);
  return {
    name,
    ...(zip === undefined ? {} : { zip }),
    ...(source === undefined ? {} : { source }),
  };
}

function sourceOf(project: YamlNode, zip: string | undefined): ProjectSource | undefined {
  const folder = textsOf(project, ["subDir"]);
  const git = project.get("git");
  if (git.present) {
    const checkoutFrom = textsOf(git.get("checkoutFrom"), ["remote", "revision"]);
    return { kind: "git", remotes: git.get("remotes").textMap(), checkoutFrom, ...folder };
  }
  return zip !== undefined && URL.canParse(zip)
    ? { kind: "zip", location: zip, ...folder }
    : undefined;
}

/** Gives those of a node's texts that are there. */
function textsOf<Name extends string>(
  node: YamlNode,
  names: readonly Name[],
): { readonly [Key in Name]?: string } {
  const texts: { [Key in Name]?: string } = {};
  for (const name of names) {
    const text = node.get(name).text();
    if (text !== undefined && text !== "") texts[name] = text;
  }
  return texts;
}
