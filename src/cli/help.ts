import type { Command } from "./command.ts";
import { type Flag, flagName } from "./flag.ts";

const INDENT = "  ";

/** Renders the overview of all commands. */
export function programHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    "devreg is a whole devfile registry in one file.",
    "",
    "Usage: devreg COMMAND [ARGUMENTS] [FLAGS]",
    "",
    "Commands:",
    ...commands.map(({ name, summary }) => `${INDENT}${name.padEnd(width)}  ${summary}`),
    "",
    "Flags:",
    `${INDENT}-h, --help     Help of devreg or of a command`,
    `${INDENT}-V, --version  Version and commit of this program`,
    "",
    "Every flag can be set in the environment: --metrics-listen is DEVREG_METRICS_LISTEN.",
    "Exit codes: 0 done, 1 usage or configuration, 2 some items failed, 3 verification mismatch,",
    "4 authentication denied, 5 unreachable or prerequisite missing, 6 differences, 130 interrupted.",
    "",
  ].join("\n");
}

/** Renders a command's help from its table of flags. */
export function commandHelp(command: Command, columns: number): string {
  const rows = Object.entries(command.flags).map(([property, flag]) => ({
    left: flagForm(property, flag),
    right: flagText(flag),
  }));
  const left = Math.max(0, ...rows.map((row) => row.left.length));
  const room = Math.max(30, Math.min(columns, 100) - left - 2 * INDENT.length);
  return [
    `${command.summary}.`,
    "",
    `Usage: devreg ${command.name} ${command.operands === "" ? "" : `${command.operands} `}[FLAGS]`,
    "",
    "Flags:",
    ...rows.flatMap((row) =>
      wrap(row.right, room).map((line, at) =>
        `${INDENT}${(at === 0 ? row.left : "").padEnd(left)}${INDENT}${line}`.trimEnd(),
      ),
    ),
    ...(command.notes ?? []).flatMap((note) => ["", ...wrap(note, Math.min(columns, 100))]),
    "",
    "Examples:",
    ...command.examples.map((example) => `${INDENT}${example}`),
    "",
  ].join("\n");
}

function flagForm(property: string, flag: Flag): string {
  const short = flag.short === undefined ? "    " : `-${flag.short}, `;
  const value = flag.placeholder === undefined ? "" : ` ${flag.placeholder}`;
  return `${short}--${flagName(property)}${value}`;
}

function flagText(flag: Flag): string {
  const shown = flag.shown === undefined ? "" : ` (default ${flag.shown})`;
  const repeat = flag.kind === "list" ? " (repeatable)" : "";
  const older = flag.env === undefined ? "" : ` [${flag.env.join(", ")}]`;
  return `${flag.help}${shown}${repeat}${older}`;
}

function wrap(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
