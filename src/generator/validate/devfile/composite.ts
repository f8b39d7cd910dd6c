import type { Issue, Rule } from "../rule.ts";
import type { Command } from "./command.ts";
import { findCircles } from "./composite-circles.ts";
import type { DevfileContent } from "./content.ts";
import { goLowerCase } from "./go-text.ts";
import { suggestName } from "./suggest.ts";

/** Parity: validateCompositeCommand in validation/commands.go of devfile/api; case does not count. */
const known: Rule<DevfileContent> = {
  name: "composite-unknown",
  *check({ commands, commandsById, hasAllCommands }) {
    if (!hasAllCommands) return;
    for (const name of commands.flatMap((command) => command.commands)) {
      if (commandsById.has(goLowerCase(name.text))) continue;
      yield {
        severity: "error",
        at: name.node.position(),
        message: `the command "${name.text}" is unknown`,
        hint: suggestName(name.text, commandsById.keys()) ?? "Add it to commands",
      };
    }
  },
};

/**
 * Parity: validateCompositeCommand in validation/commands.go of devfile/api. It forgets to take back
 * a command named in capitals, so that naming it once more counts as a circle.
 */
const circle: Rule<DevfileContent> = {
  name: "composite-circle",
  *check({ commands, commandsById }) {
    for (const { name, owner, why } of findCircles(commands, commandsById)) {
      const id = owner.id?.text ?? "";
      const messages = {
        self: `the composite command "${id}" runs itself`,
        circle: `"${name.text}" leads back to the composite command "${id}"`,
        capitals: `"${name.text}" is named twice, once in capitals, which counts as a circle`,
        steps: `the commands below "${id}" are too many to follow`,
      };
      yield {
        severity: "error",
        at: name.node.position(),
        message: messages[why],
        hint:
          why === "capitals"
            ? "Write the ids of commands in small letters"
            : "Take the command out of the list",
      };
    }
  },
};

/** Parity: the library takes a composite command that runs nothing. */
const empty: Rule<DevfileContent> = {
  name: "composite-empty",
  *check({ commands }) {
    for (const { kind, body, id } of commands) {
      if (kind !== "composite") continue;
      const list = body.get("commands");
      if (list.present && !isEmptyList(list)) continue;
      yield {
        severity: "warning",
        at: list.position(),
        message: `the composite command "${id?.text ?? ""}" runs nothing`,
        hint: "List the commands to run below commands, or remove it",
      };
    }
  },
};

/** Parity: the library compares ids in lower case; other clients do not. */
const sameCase: Rule<DevfileContent> = {
  name: "command-case",
  *check({ commands, commandsById, events }) {
    const named = [...commands.flatMap((each) => each.commands), ...Object.values(events).flat()];
    for (const { text, node } of named) yield* checkCase(text, commandsById, node);
  },
};

/** Rules on composite commands. */
export const compositeRules: readonly Rule<DevfileContent>[] = [known, circle, empty, sameCase];

function* checkCase(
  text: string,
  commandsById: ReadonlyMap<string, Command>,
  node: Command["node"],
): Iterable<Issue> {
  const lower = goLowerCase(text);
  if (lower === text || !commandsById.has(lower)) return;
  const message = `the command is called "${lower}", not "${text}"`;
  yield { severity: "warning", at: node.position(), message, hint: `Write "${lower}"` };
}

function isEmptyList(node: Command["node"]): boolean {
  return node.isList && node.items().length === 0;
}
