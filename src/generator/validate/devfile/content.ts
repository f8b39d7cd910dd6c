import type { YamlNode } from "../../yaml/index.ts";
import { type Amount, readAmounts } from "./amount.ts";
import { type Command, readCommand } from "./command.ts";
import { type Component, readComponent } from "./component.ts";
import { goLowerCase } from "./go-text.ts";
import { childOf, entriesOf, has, itemsOf, type PlacedText, textsAt } from "./placed-text.ts";
import { type Project, readProject } from "./project.ts";
import type { DevfileSubject } from "./subject.ts";
import { Variables } from "./variable-text.ts";

/** The events of a devfile, in the order in which the library looks at them. */
export const EVENTS = ["preStart", "postStart", "preStop", "postStop"] as const;
/** One of the events of a devfile. */
export type EventName = (typeof EVENTS)[number];

/**
 * What a devfile says, read once for all rules. Elements whose shape is broken are left out: that is
 * for the schema to report.
 */
export interface DevfileContent {
  readonly root: YamlNode;
  /** False while something it imports is not read: what seems to be missing may be there. */
  readonly isWhole: boolean;
  /** True when no component is missing because of its shape, or because of an import. */
  readonly hasAllComponents: boolean;
  /** The same of commands. */
  readonly hasAllCommands: boolean;
  readonly variables: Variables;
  readonly components: readonly Component[];
  /** Of equal names the first. */
  readonly componentsByName: ReadonlyMap<string, Component>;
  /** Of all components, in their order. */
  readonly amounts: readonly Amount[];
  readonly commands: readonly Command[];
  /** By id in lower case; of equal ids the last. */
  readonly commandsById: ReadonlyMap<string, Command>;
  readonly events: Readonly<Record<EventName, readonly PlacedText[]>>;
  readonly projects: readonly Project[];
  readonly starterProjects: readonly Project[];
  readonly dependentProjects: readonly Project[];
}

/** Reads what the rules look at. */
export function readContent({ devfile, content: root }: DevfileSubject): DevfileContent {
  const variables = new Variables(devfile.schemaVersion, childOf(root, "variables"));
  const components = itemsOf(childOf(root, "components")).map(readComponent);
  const commands = itemsOf(childOf(root, "commands")).map(readCommand);
  const events = childOf(root, "events");
  const projects = (list: string) =>
    itemsOf(childOf(root, list)).map((node) => readProject(node, variables));
  const isWhole = !components.some(({ kind }) => kind === "plugin") && !has(root, "parent");
  const keys = new Set(entriesOf(root).map(([key]) => key));
  const isRead = (list: string) => childOf(root, list)?.isList === true || !keys.has(list);
  return {
    root,
    isWhole,
    hasAllComponents:
      isWhole && isRead("components") && components.every(({ name }) => name !== undefined),
    hasAllCommands: isWhole && isRead("commands") && commands.every(({ id }) => id !== undefined),
    variables,
    components,
    componentsByName: new Map(
      components.toReversed().flatMap((each) => (each.name ? [[each.name.text, each]] : [])),
    ),
    amounts: readAmounts(components, variables),
    commands,
    commandsById: new Map(
      commands.flatMap((each) => (each.id ? [[goLowerCase(each.id.text), each]] : [])),
    ),
    events: {
      preStart: textsAt(childOf(events, "preStart")),
      postStart: textsAt(childOf(events, "postStart")),
      preStop: textsAt(childOf(events, "preStop")),
      postStop: textsAt(childOf(events, "postStop")),
    },
    projects: projects("projects"),
    starterProjects: projects("starterProjects"),
    dependentProjects: projects("dependentProjects"),
  };
}
