import type { YamlNode } from "../../yaml/index.ts";
import { childOf, entriesOf, type PlacedText, textAt } from "./placed-text.ts";
import type { Variables } from "./variable-text.ts";

/** Where a project or the Dockerfile of an image is checked out from. */
export interface GitSource {
  readonly node: YamlNode;
  /** Names of the remotes with variables filled in. */
  readonly remotes: ReadonlySet<string>;
  /** The remote to check out from, with variables filled in; undefined when none is named. */
  readonly checkoutRemote: PlacedText | undefined;
}

/** A project, starter project or dependent project of a devfile. */
export interface Project {
  readonly node: YamlNode;
  readonly name: PlacedText | undefined;
  readonly git: GitSource | undefined;
}

/** Reads a project as far as its shape allows. */
export function readProject(node: YamlNode, variables: Variables): Project {
  return {
    node,
    name: textAt(childOf(node, "name")),
    git: readGitSource(childOf(node, "git"), variables),
  };
}

/** Reads a git source; undefined when it is none or its remotes are no map. */
export function readGitSource(
  node: YamlNode | undefined,
  variables: Variables,
): GitSource | undefined {
  const remotes = childOf(node, "remotes");
  if (node === undefined || !remotes?.isMap) return undefined;
  const remote = textAt(childOf(childOf(node, "checkoutFrom"), "remote"));
  const checkoutRemote = remote && { ...remote, text: variables.fillIn(remote.text) };
  return {
    node,
    remotes: new Set(entriesOf(remotes).map(([name]) => variables.fillIn(name))),
    checkoutRemote: checkoutRemote?.text === "" ? undefined : checkoutRemote,
  };
}
