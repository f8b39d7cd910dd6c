import type { YamlTree } from "../../yaml/index.ts";
import type { Issue, Rule } from "../rule.ts";
import type { Command } from "./command.ts";
import type { Component } from "./component.ts";
import type { DevfileContent } from "./content.ts";
import { entriesOf, itemsOf, textAt } from "./placed-text.ts";
import type { Project } from "./project.ts";
import { suggestName } from "./suggest.ts";

type Node = Component["node"];

/**
 * Parity: ValidateAndReplaceGlobalVariable in validation/variables of devfile/api, which warns, and
 * looks at the fields that are listed here, at amounts of memory and storage, and at no other. In an
 * amount a variable that is not defined is an error by the rule "quantity".
 */
const defined: Rule<DevfileContent> = {
  name: "variable-undefined",
  *check(content) {
    if (!content.variables.isKnown || !content.isWhole) return;
    if (!content.root.fileMayMean("{{")) return;
    for (const command of content.commands.filter(hasBraces)) {
      yield* checkAll(commandTexts(command), content);
    }
    for (const component of content.components.filter(hasBraces)) {
      yield* checkAll(componentTexts(component), content);
    }
    const { projects, starterProjects, dependentProjects } = content;
    for (const project of [...projects, ...starterProjects, ...dependentProjects].filter(
      hasBraces,
    )) {
      yield* checkAll(projectTexts(project), content);
      yield* checkRemoteNames(project, content);
    }
  },
};

/** Rules on variables. */
export const variableRules: readonly Rule<DevfileContent>[] = [defined];

/** Looks for what may be a variable in all of an element, which is cheaper than in each field. */
function hasBraces({ node }: { readonly node: Node }): boolean {
  return someText(node.tree, (text) => text.includes("{{"));
}

function someText(tree: YamlTree | undefined, test: (text: string) => boolean): boolean {
  if (tree === undefined) return false;
  if (tree.kind === "scalar") return test(tree.text);
  if (tree.kind === "list") {
    for (const item of tree.items) if (someText(item, test)) return true;
    return false;
  }
  for (const { key, value } of tree.pairs) if (test(key) || someText(value, test)) return true;
  return false;
}

function* checkAll(nodes: readonly Node[], content: DevfileContent): Iterable<Issue> {
  for (const node of nodes) {
    const value = textAt(node);
    if (value !== undefined) yield* check(value.text, node.position(), content);
  }
}

function* checkRemoteNames({ node }: Project, content: DevfileContent): Iterable<Issue> {
  for (const [name, value] of entriesOf(node.get("git").get("remotes"))) {
    yield* check(name, value.keyPosition(), content);
  }
}

function* check(text: string, at: Issue["at"], { variables }: DevfileContent): Iterable<Issue> {
  for (const key of variables.undefinedIn(text)) {
    const hint = suggestName(key, variables.names) ?? "Define it below variables";
    const message = `the variable "${key}" is not defined`;
    yield { severity: "warning", at, message, hint };
  }
}

function commandTexts({ kind, body }: Command): readonly Node[] {
  const label = body.get("label");
  if (kind !== "exec") return [label];
  return [body.get("commandLine"), body.get("workingDir"), label, ...envTexts(body)];
}

function componentTexts({ kind, body, endpoints }: Component): readonly Node[] {
  const paths = endpoints.map(({ node }) => node.get("path"));
  if (kind === "container") return [...containerTexts(body), ...paths];
  if (kind === "image") return [body.get("imageName"), ...dockerfileTexts(body.get("dockerfile"))];
  const hasManifest = kind === "kubernetes" || kind === "openshift";
  return hasManifest ? [body.get("uri"), body.get("inlined"), ...paths] : [];
}

function containerTexts(body: Node): readonly Node[] {
  return [
    body.get("image"),
    body.get("sourceMapping"),
    ...itemsOf(body.get("command")),
    ...itemsOf(body.get("args")),
    ...envTexts(body),
    ...itemsOf(body.get("volumeMounts")).map((mount) => mount.get("path")),
  ];
}

function envTexts(body: Node): readonly Node[] {
  return itemsOf(body.get("env")).flatMap((each) => [each.get("name"), each.get("value")]);
}

function dockerfileTexts(dockerfile: Node): readonly Node[] {
  const git = dockerfile.get("git");
  const registry = dockerfile.get("devfileRegistry");
  return [
    dockerfile.get("uri"),
    git.get("fileLocation"),
    ...gitTexts(git),
    registry.get("id"),
    registry.get("registryUrl"),
    dockerfile.get("buildContext"),
    ...itemsOf(dockerfile.get("args")),
  ];
}

function projectTexts({ node }: Project): readonly Node[] {
  return [
    ...["clonePath", "description", "subDir"].map((key) => node.get(key)),
    node.get("zip").get("location"),
    ...gitTexts(node.get("git")),
  ];
}

function gitTexts(git: Node): readonly Node[] {
  const checkoutFrom = git.get("checkoutFrom");
  return [
    checkoutFrom.get("revision"),
    checkoutFrom.get("remote"),
    ...entriesOf(git.get("remotes")).map(([, value]) => value),
  ];
}
