import type { ProjectSource } from "./fetch/index.ts";
import { parseYaml, type YamlNode } from "./yaml/index.ts";

/** Where a starter project of a devfile comes from, as far as serving it needs to know. */
export interface StarterProject {
  readonly name: string;
  /** Location of its zip: an address, or a file beside the devfile. */
  readonly zip?: string;
  /** Where it can be fetched; absent for a file beside the devfile, and where neither is given. */
  readonly source?: ProjectSource;
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
  const source = sourceOf(found, zip);
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
