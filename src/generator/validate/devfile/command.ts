import type { YamlNode } from "../../yaml/index.ts";
import { isTrue, type PlacedText, textAt, textsAt } from "./placed-text.ts";

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
  const kind = COMMAND_KINDS.find((each) => node.get(each).present);
  const body = kind === undefined ? node : node.get(kind);
  const group = body.get("group");
  return {
    node,
    id: textAt(node.get("id")),
    kind,
    body,
    component: kind === "composite" ? undefined : textAt(body.get("component")),
    commands: kind === "composite" ? textsAt(body.get("commands")) : [],
    group:
      kind === undefined || !group.isMap
        ? undefined
        : {
            node: group,
            kind: textAt(group.get("kind")),
            isDefault: isTrue(group.get("isDefault")),
          },
  };
}
