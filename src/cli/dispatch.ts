import { DevregError } from "../errors.ts";
import { bootstrapCommand } from "./bootstrap/command.ts";
import type { Command } from "./command.ts";
import { resolveConfig, suggest } from "./config.ts";
import type { ProcessEdge } from "./edge.ts";
import { generateCommand } from "./generate/command.ts";
import { commandHelp, programHelp } from "./help.ts";
import { auditCommand } from "./mirror/audit/command.ts";
import { copyCommand } from "./mirror/copy/command.ts";
import { exportCommand } from "./mirror/export/command.ts";
import { loadCommand } from "./mirror/load/command.ts";
import { planCommand } from "./mirror/plan/command.ts";
import { saveCommand } from "./mirror/save/command.ts";
import { verifyCommand } from "./mirror/verify/command.ts";
import { EXIT } from "./report.ts";
import { serveCommand } from "./serve/command.ts";

/** Every command, in the order help lists them. */
export const COMMANDS: readonly Command[] = [
  generateCommand,
  bootstrapCommand,
  serveCommand,
  planCommand,
  saveCommand,
  loadCommand,
  copyCommand,
  verifyCommand,
  auditCommand,
  exportCommand,
];

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
  const words = first === "help" ? rest : edge.argv;
  const group = groupAsked(words);
  if (group !== undefined) {
    edge.stdout.write(programHelp(group));
    return EXIT.done;
  }
  const { command, rest: given } = findCommand(words);
  if (first === "help" || asksForHelp(given)) {
    edge.stdout.write(commandHelp(command, edge.stdout.columns));
    return EXIT.done;
  }
  return command.run(edge, resolveConfig(command, given, edge.env));
}

/** Gives the commands of a group ("mirror") when nothing but its help is asked for. */
function groupAsked([first = "", second]: readonly string[]): readonly Command[] | undefined {
  if (second !== undefined && !HELP.has(second)) return undefined;
  const group = COMMANDS.filter(({ name }) => name.startsWith(`${first} `));
  return group.length === 0 ? undefined : group;
}

/** Finds the command of one or two words that a line begins with. */
function findCommand(words: readonly string[]): {
  readonly command: Command;
  readonly rest: readonly string[];
} {
  const [first = "", second = ""] = words;
  const grouped = COMMANDS.some(({ name }) => name.startsWith(`${first} `));
  const typed = grouped ? `${first} ${second}` : first;
  const command = COMMANDS.find(({ name }) => name === typed);
  if (command !== undefined) return { command, rest: words.slice(grouped ? 2 : 1) };
  const near = suggest(
    typed,
    COMMANDS.map(({ name }) => name),
  );
  throw new DevregError("USAGE", `Cannot run "${typed}": there is no such command`, {
    hint: near === undefined ? "See devreg --help" : `Did you mean devreg ${near}?`,
  });
}

function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  return words.slice(0, end < 0 ? words.length : end).some((word) => HELP.has(word));
}
