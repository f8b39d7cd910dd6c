import type { YamlNode } from "../../yaml/index.ts";
import { childOf, has, isTrue, type PlacedText, textAt, textsAt } from "./placed-text.ts";

/** The kinds of commands, in the order in which the library looks for them. */
const COMMAND_KINDS = ["composite", "exec", "apply"] as const;
/** What a command does. */
export type CommandKind = (typeof COMMAND_KINDS)[number];

/** The group that a command is in. */
export interface CommandGroup {
  readonly node: YamlNode;
  readonly kind: PlacedText | undefined;
  readonly isDefault: boolean;
}

/** A command of a devfile. */
export interface Command {
  readonly node: YamlNode;
  readonly id: PlacedText | undefined;
  /** Undefined for kinds that the library does not know. */
  readonly kind: CommandKind | undefined;
  /** What stands below the kind. */
  readonly body: YamlNode;
  readonly component: PlacedText | undefined;
  /** The ids that a composite command names. */
  readonly commands: readonly PlacedText[];
  readonly group: CommandGroup | undefined;
}

/** Reads a command as far as its shape allows. */
export function readCommand(node: YamlNode): Command {
  const kind = COMMAND_KINDS.find((each) => has(node, each));
  const body = kind === undefined ? node : node.get(kind);
  const group = childOf(body, "group");
  return {
    node,
    id: textAt(childOf(node, "id")),
    kind,
    body,
    component: kind === "composite" ? undefined : textAt(childOf(body, "component")),
    commands: kind === "composite" ? textsAt(childOf(body, "commands")) : [],
    group:
      kind === undefined || !group?.isMap
        ? undefined
        : {
            node: group,
            kind: textAt(childOf(group, "kind")),
            isDefault: isTrue(childOf(group, "isDefault")),
          },
  };
}
