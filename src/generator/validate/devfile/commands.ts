import type { Issue, Rule } from "../rule.ts";
import type { Command } from "./command.ts";
import type { Component } from "./component.ts";
import type { DevfileContent } from "./content.ts";
import { suggestName } from "./suggest.ts";

/** Kinds of other tools that a schema still knows, though the library takes none of them. */
const FOREIGN_KINDS = ["custom", "vscodeTask", "vscodeLaunch"];
const APPLIED = ["container", "image", "kubernetes", "openshift"];

/** Parity: validateCommand (InvalidCommandTypeError) in validation/commands.go of devfile/api. */
const kind: Rule<DevfileContent> = {
  name: "command-kind",
  *check({ commands }) {
    for (const { node } of commands.filter(({ kind: each }) => each === undefined)) {
      const foreign = FOREIGN_KINDS.map((each) => node.get(each)).find(({ present }) => present);
      if (foreign === undefined) continue;
      yield {
        severity: "error",
        at: foreign.keyPosition(),
        message: "no client of devfiles can run a command of this kind",
        hint: "Make it an exec, apply or composite command",
      };
    }
  },
};

/**
 * Parity: validateCommandComponent in validation/commands.go of devfile/api: exec takes a container,
 * apply also an image, kubernetes or openshift component; of equal names the first counts.
 */
const component: Rule<DevfileContent> = {
  name: "command-component",
  *check(content) {
    for (const command of content.commands) {
      const issue = checkComponent(command, content);
      if (issue !== undefined) yield issue;
    }
  },
};

/** Rules on what a single command refers to. */
export const commandRules: readonly Rule<DevfileContent>[] = [kind, component];

function checkComponent(command: Command, content: DevfileContent): Issue | undefined {
  const { component: name } = command;
  if (name === undefined || command.kind === undefined) return undefined;
  const found = content.componentsByName.get(name.text);
  if (found === undefined ? !content.hasAllComponents : !found.kind || takes(command, found)) {
    return undefined;
  }
  const at = name.node.position();
  const hint = suggestName(name.text, fittingNames(command, content));
  if (found === undefined) {
    const message = `the component "${name.text}" is unknown`;
    return { severity: "error", at, message, hint: hint ?? "Add it to components" };
  }
  const wanted = command.kind === "exec" ? "a container" : "a container, image or manifest";
  const message = `"${name.text}" is a component of kind ${found.kind}: ${command.kind} needs ${wanted}`;
  return { severity: "error", at, message, hint: hint ?? `Add ${wanted} to components` };
}

function takes(command: Command, { kind: each }: Component): boolean {
  if (command.kind === "exec") return each === "container";
  return each !== undefined && APPLIED.includes(each);
}

function* fittingNames(command: Command, { components }: DevfileContent): Iterable<string> {
  for (const each of components) {
    if (each.name !== undefined && takes(command, each)) yield each.name.text;
  }
}
