import type { Issue, Rule } from "../rule.ts";
import type { DevfileContent } from "./content.ts";
import type { PlacedText } from "./placed-text.ts";

/** Parity: ValidateComponents (CheckDuplicateKeys) in validation/components.go of devfile/api. */
const components: Rule<DevfileContent> = {
  name: "component-duplicate",
  *check({ components: all }) {
    const names = all.map(({ name }) => name);
    yield* repeated(names, "error", "component", "Give each component a name of its own");
  },
};

/** Parity: ValidateCommands (CheckDuplicateKeys) in validation/commands.go of devfile/api. */
const commands: Rule<DevfileContent> = {
  name: "command-duplicate",
  *check({ commands: all }) {
    const ids = all.map(({ id }) => id);
    yield* repeated(ids, "error", "command", "Give each command an id of its own");
  },
};

/** Parity: the library takes projects of one name; clients use the first. */
const projects: Rule<DevfileContent> = {
  name: "project-duplicate",
  *check(content) {
    const lists = [
      { kind: "project", list: content.projects },
      { kind: "starter project", list: content.starterProjects },
      { kind: "dependent project", list: content.dependentProjects },
    ];
    for (const { kind, list } of lists) {
      const names = list.map(({ name }) => name);
      yield* repeated(names, "warning", kind, "Clients find only the first: rename this one");
    }
  },
};

/** Rules on names that may be given once only. */
export const duplicateRules: readonly Rule<DevfileContent>[] = [components, commands, projects];

function* repeated(
  names: readonly (PlacedText | undefined)[],
  severity: Issue["severity"],
  kind: string,
  hint: string,
): Iterable<Issue> {
  const seen = new Set<string>();
  for (const name of names) {
    if (name === undefined) continue;
    const message = `another ${kind} is named "${name.text}", too`;
    if (seen.has(name.text)) yield { severity, at: name.node.position(), message, hint };
    seen.add(name.text);
  }
}
