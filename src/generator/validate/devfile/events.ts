import type { Issue, Rule } from "../rule.ts";
import type { Command, CommandKind } from "./command.ts";
import { type DevfileContent, EVENTS, type EventName } from "./content.ts";
import { goLowerCase } from "./go-text.ts";
import type { PlacedText } from "./placed-text.ts";
import { suggestName } from "./suggest.ts";

/** What an event takes, alone or in a composite command. */
const TAKEN: Readonly<Record<EventName, CommandKind>> = {
  preStart: "apply",
  postStart: "exec",
  preStop: "exec",
  postStop: "apply",
};

/** Parity: isEventValid in validation/events.go of devfile/api; case does not count. */
const known: Rule<DevfileContent> = {
  name: "event-unknown",
  *check({ events, commandsById, hasAllCommands }) {
    if (!hasAllCommands) return;
    for (const { text, node } of EVENTS.flatMap((event) => events[event])) {
      if (commandsById.has(goLowerCase(text))) continue;
      yield {
        severity: "error",
        at: node.position(),
        message: `the command "${text}" is unknown`,
        hint: suggestName(text, commandsById.keys()) ?? "Add it to commands",
      };
    }
  },
};

/**
 * Parity: isEventValid and validateCompositeEvents in validation/events.go of devfile/api. Of a
 * composite command only names in small letters are looked at, and only those it lists itself.
 */
const kind: Rule<DevfileContent> = {
  name: "event-kind",
  *check({ events, commandsById }) {
    for (const event of EVENTS) {
      const offenders = new Map<Command, string | undefined>();
      for (const name of events[event]) {
        const command = commandsById.get(goLowerCase(name.text));
        if (command === undefined) continue;
        if (!offenders.has(command)) {
          offenders.set(command, offenderOf(command, TAKEN[event], commandsById));
        }
        yield* complaint(event, name, offenders.get(command));
      }
    }
  },
};

/** Rules on events. */
export const eventRules: readonly Rule<DevfileContent>[] = [known, kind];

/** Names the command that is not of the wanted kind: the command itself, or one that it lists. */
function offenderOf(
  command: Command,
  wanted: CommandKind,
  commandsById: ReadonlyMap<string, Command>,
): string | undefined {
  // What a command does that is of no kind at all is not known; that is an error of its own.
  if (command.kind === wanted || command.kind === undefined) return undefined;
  if (command.kind !== "composite") return command.id?.text;
  const offender = command.commands.find(({ text }) => {
    const listed = commandsById.get(text);
    return listed?.kind !== undefined && listed.kind !== wanted;
  });
  return offender?.text;
}

function* complaint(
  event: EventName,
  { text, node }: PlacedText,
  offender: string | undefined,
): Iterable<Issue> {
  if (offender === undefined) return;
  const wanted = TAKEN[event];
  const what =
    offender === goLowerCase(text) ? `"${text}" is none` : `"${text}" runs "${offender}"`;
  yield {
    severity: "error",
    at: node.position(),
    message: `${event} takes ${wanted} commands only, and ${what}`,
    hint: `Name ${wanted} commands, or composite commands of these alone`,
  };
}
