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
    for (const { node, kind: known } of commands) {
      const foreign = FOREIGN_KINDS.map((each) => node.get(each)).find(({ present }) => present);
      if (known !== undefined || foreign === undefined) continue;
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
    for (const command of content.commands) yield* checkComponent(command, content);
  },
};

/** Rules on what a single command refers to. */
export const commandRules: readonly Rule<DevfileContent>[] = [kind, component];

function* checkComponent(command: Command, content: DevfileContent): Iterable<Issue> {
  const { component: name } = command;
  if (name === undefined || command.kind === undefined) return;
  const found = content.componentsByName.get(name.text);
  if (found === undefined && !content.isWhole) return;
  const at = name.node.position();
  const fits = ({ kind: each }: Component) => takes(command, each);
  if (found === undefined) {
    const hint = suggestName(name.text, namesOf(content.components.filter(fits)));
    const message = `the component "${name.text}" is unknown`;
    yield { severity: "error", at, message, hint: hint ?? "Add it to components" };
  } else if (!fits(found) && (found.kind !== undefined || !content.isWhole)) {
    const wanted = command.kind === "exec" ? "a container" : "a container, image or manifest";
    const hint = suggestName(name.text, namesOf(content.components.filter(fits)));
    const message = `"${name.text}" is a component of kind ${found.kind}: ${command.kind} needs ${wanted}`;
    yield { severity: "error", at, message, hint: hint ?? `Add ${wanted} to components` };
  }
}

function takes(command: Command, kindOfComponent: string | undefined): boolean {
  if (command.kind === "exec") return kindOfComponent === "container";
  return kindOfComponent !== undefined && APPLIED.includes(kindOfComponent);
}

function namesOf(components: readonly Component[]): readonly string[] {
  return components.flatMap(({ name }) => name?.text ?? []);
}
