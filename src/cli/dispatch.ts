import { DevregError } from "../errors.ts";
import { bootstrapCommand } from "./bootstrap/command.ts";
import type { Command } from "./command.ts";
import { resolveConfig, suggest } from "./config.ts";
import type { ProcessEdge } from "./edge.ts";
import { generateCommand } from "./generate/command.ts";
import { commandHelp, programHelp } from "./help.ts";
import { EXIT } from "./report.ts";
import { serveCommand } from "./serve/command.ts";

/** Every command, in the order help lists them. */
export const COMMANDS: readonly Command[] = [generateCommand, bootstrapCommand, serveCommand];

const HELP = new Set(["-h", "--help"]);

/**
 * Finds the command that the words name and runs it, or prints help.
 *
 * @throws {DevregError} USAGE when there is no such command, and as the command does
 */
export async function dispatch(edge: ProcessEdge): Promise<number> {
  const [first, ...rest] = edge.argv;
  if (first === undefined) {
    edge.stderr.write(programHelp(COMMANDS));
    return EXIT.usage;
  }
  if (HELP.has(first) || (first === "help" && rest.length === 0)) {
    edge.stdout.write(programHelp(COMMANDS));
    return EXIT.done;
  }
  const command = findCommand(first === "help" ? (rest[0] ?? "") : first);
  if (first === "help" || asksForHelp(rest)) {
    edge.stdout.write(commandHelp(command, edge.stdout.columns));
    return EXIT.done;
  }
  return command.run(edge, resolveConfig(command, rest, edge.env));
}

function findCommand(name: string): Command {
  const found = COMMANDS.find((command) => command.name === name);
  if (found !== undefined) return found;
  const near = suggest(
    name,
    COMMANDS.map((command) => command.name),
  );
  throw new DevregError("USAGE", `Cannot run "${name}": there is no such command`, {
    hint: near === undefined ? "See devreg --help" : `Did you mean devreg ${near}?`,
  });
}

function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  return words.slice(0, end < 0 ? words.length : end).some((word) => HELP.has(word));
}
