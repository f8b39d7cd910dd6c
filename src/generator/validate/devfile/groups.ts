import type { Rule } from "../rule.ts";
import type { Command, CommandGroup } from "./command.ts";
import type { DevfileContent } from "./content.ts";

/** A command that is in a group. */
interface Member {
  readonly command: Command;
  readonly group: CommandGroup;
}

/** Parity: validateGroup (MissingDefaultCmdWarning) in validation/commands.go of devfile/api. */
const someDefault: Rule<DevfileContent> = {
  name: "group-default-missing",
  *check({ commands }) {
    for (const [kind, members] of membersByKind(commands)) {
      const [first] = members;
      if (first === undefined || members.length < 2) continue;
      if (members.some(({ group }) => group.isDefault)) continue;
      const ids = members.map(({ command }) => `"${command.id?.text ?? ""}"`);
      yield {
        severity: "error",
        at: first.group.node.position(),
        message: `none of the ${members.length} commands of group ${kind} is its default`,
        hint: `Add isDefault: true to one of ${ids.slice(0, LISTED).join(", ")}`,
      };
    }
  },
};

/** Parity: validateGroup (MultipleDefaultCmdError) in validation/commands.go of devfile/api. */
const oneDefault: Rule<DevfileContent> = {
  name: "group-default-several",
  *check({ commands }) {
    for (const [kind, members] of membersByKind(commands)) {
      const [first, ...more] = members.filter(({ group }) => group.isDefault);
      for (const { group } of more) {
        yield {
          severity: "error",
          at: group.node.get("isDefault").position(),
          message: `the group ${kind} has another default, "${first?.command.id?.text ?? ""}"`,
          hint: "Leave isDefault: true at one command of the group",
        };
      }
    }
  },
};

const LISTED = 8;

/** Rules on the groups of commands. */
export const groupRules: readonly Rule<DevfileContent>[] = [someDefault, oneDefault];

function membersByKind(commands: readonly Command[]): ReadonlyMap<string, readonly Member[]> {
  const groups = new Map<string, Member[]>();
  for (const command of commands) {
    const { group } = command;
    const kind = group?.kind?.text;
    if (group === undefined || kind === undefined) continue;
    const members = groups.get(kind) ?? [];
    members.push({ command, group });
    groups.set(kind, members);
  }
  return groups;
}
