import { createLogger, type Logger, type LogLevel } from "../log.ts";
import { createProgress, type StartProgress } from "../progress.ts";
import type { ProcessEdge } from "./edge.ts";

const REDRAW_MS = 250;

/** How a command logs, when its flags say so. */
export interface LogChoice {
  readonly format?: "text" | "json" | undefined;
  readonly level?: LogLevel;
}

/** Makes the logger of a command: standard error, text on a terminal, JSON elsewhere. */
export function commandLogger(edge: ProcessEdge, choice: LogChoice = {}): Logger {
  return createLogger({
    format: choice.format ?? (edge.stderr.isTerminal ? "text" : "json"),
    level: choice.level ?? "info",
    write: (line) => edge.stderr.write(`${line}\n`),
    now: edge.now,
  });
}

/** Makes the progress display of a command on standard error. */
export function commandProgress(edge: ProcessEdge): StartProgress {
  const dumb = edge.env["TERM"] === "dumb" || (edge.env["NO_COLOR"] ?? "") !== "";
  return createProgress({
    terminal: edge.stderr.isTerminal && !dumb,
    write: edge.stderr.write,
    nowMs: edge.nowMs,
    columns: edge.stderr.columns,
    every: (draw) => edge.every(REDRAW_MS, draw),
  });
}
