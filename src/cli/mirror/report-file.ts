import { resolve } from "node:path";
import { type MirrorItem, MirrorItems } from "../../airgap/index.ts";
import { writeFileAtomic } from "../../atomic-file.ts";
import { utf8 } from "../../bytes.ts";
import type { Logger } from "../../log.ts";
import { REPORT_EVERY_MS } from "../../mirror-limits.ts";
import type { ProcessEdge } from "../edge.ts";
import { formatOutcome, type MirrorOutcome } from "./render.ts";

/** The report of a mirror command, kept in a file while it runs. */
export interface ReportFile {
  readonly items: MirrorItems;
  /** Writes how it ended. */
  end(outcome: MirrorOutcome): Promise<void>;
}

/**
 * Begins a report; while the command runs the file, where one is wanted, is written again every few
 * seconds, whole each time. It is written once at the start: better to know that it cannot be before
 * hours of work than after them.
 *
 * @throws {DevregError} IO
 */
export async function openReport(
  edge: ProcessEdge,
  path: string | undefined,
  log: Logger,
): Promise<ReportFile> {
  if (path === undefined) return { items: new MirrorItems(), end: async () => undefined };
  const file = resolve(edge.cwd, path);
  let changed = false;
  let writing: Promise<void> = Promise.resolve();
  const items = new MirrorItems(() => {
    changed = true;
  });
  const write = (outcome: MirrorOutcome) => {
    writing = writing.then(() => writeFileAtomic(file, utf8(formatOutcome(outcome))));
    return writing;
  };
  await write(running([]));
  const stop = edge.every(REPORT_EVERY_MS, () => {
    if (!changed) return;
    changed = false;
    // A report that cannot be written now is told at the end; the work itself goes on.
    write(running(items.list())).catch((error: unknown) => {
      log.warn("cannot write the report", { error });
      writing = Promise.resolve();
    });
  });
  return {
    items,
    end: async (outcome) => {
      stop();
      await write(outcome);
    },
  };
}

function running(items: readonly MirrorItem[]): MirrorOutcome {
  return { items, leftOut: [], notes: ["under way"], closing: [], exitCode: -1 };
}
