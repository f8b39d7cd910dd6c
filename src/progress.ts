import { formatBytes } from "./bytes.ts";
import { PROGRESS_AFTER_MS } from "./limits.ts";
import { escapeUnsafe } from "./log.ts";

/** One operation that takes a while; the step texts are short and name what is under way. */
export interface Progress {
  /** Says how many items there are, as soon as that is known. */
  total(items: number): void;
  /** Says how many bytes there are to move, as soon as that is known. */
  weigh(bytes: number): void;
  /** Says that so many bytes more were moved, or need not be. */
  advance(bytes: number): void;
  /** Says that one more item is done. */
  done(label?: string): void;
  /** Ends the operation and clears its line. */
  end(): void;
}

/** Starts progress displays; one is active at a time. */
export type StartProgress = (title: string) => Progress;

/** Where and how progress is shown. */
export interface ProgressOptions {
  /** A terminal gets one line that is rewritten; anything else a plain line now and then. */
  readonly terminal: boolean;
  readonly write: (text: string) => void;
  readonly nowMs: () => number;
  readonly columns?: number;
  /**
   * Calls back now and then while an operation runs, so that it is seen although nothing is done
   * yet; gives the way to stop.
   */
  readonly every?: (draw: () => void) => () => void;
}

const REDRAW_MS = 100;
const PLAIN_EVERY_MS = 5_000;
/** Of a terminal that does not know its width, and says 0. */
const COLUMNS = 80;

/** Shows nothing. */
export const noProgress: StartProgress = () => ({
  total: () => undefined,
  weigh: () => undefined,
  advance: () => undefined,
  done: () => undefined,
  end: () => undefined,
});

/** Makes a starter of displays that appear once an operation has taken two seconds. */
export function createProgress(options: ProgressOptions): StartProgress {
  return (title) => {
    const startedMs = options.nowMs();
    let items: number | undefined;
    let finished = 0;
    let drawnMs = startedMs;
    let shown = false;
    let label = "";
    let weight: number | undefined;
    let moved = 0;
    const draw = () => {
      const nowMs = options.nowMs();
      const interval = options.terminal ? REDRAW_MS : PLAIN_EVERY_MS;
      if (nowMs - startedMs < PROGRESS_AFTER_MS || (shown && nowMs - drawnMs < interval)) return;
      drawnMs = nowMs;
      shown = true;
      const count = items === undefined ? `${finished}` : `${finished}/${items}`;
      const parts = [title, count, ...bytesShown(moved, weight, nowMs - startedMs), label];
      const line = escapeUnsafe(parts.filter((part) => part !== "").join(" "));
      options.write(
        options.terminal ? `\r\x1b[2K${fit(line, options.columns || COLUMNS)}` : `${line}\n`,
      );
    };
    const stop = options.every?.(draw);
    return {
      total: (count) => {
        items = count;
      },
      weigh: (bytes) => {
        weight = bytes;
      },
      advance: (bytes) => {
        moved += bytes;
        draw();
      },
      done: (text = "") => {
        finished += 1;
        label = text;
        draw();
      },
      end: () => {
        stop?.();
        if (shown && options.terminal) options.write("\r\x1b[2K");
      },
    };
  };
}

/** Shows bytes, and from a while on how long the rest takes at the pace so far. */
function bytesShown(moved: number, total: number | undefined, elapsedMs: number): string[] {
  if (total === undefined) return [];
  const shown = `${formatBytes(moved)} of ${formatBytes(total)}`;
  if (moved === 0 || moved >= total) return [shown];
  const leftS = Math.ceil((elapsedMs * (total - moved)) / moved / 1000);
  return [`${shown},`, `${formatSeconds(leftS)} left`];
}

function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.ceil((seconds % 3600) / 60)} min`;
}

function fit(line: string, columns: number): string {
  return line.length < columns ? line : `${line.slice(0, Math.max(0, columns - 2))}…`;
}
