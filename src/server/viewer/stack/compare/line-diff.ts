import { DIFF_CONTEXT_LINES, DIFF_EDITS, DIFF_TIMEOUT_MS } from "../../../../viewer-limits.ts";

/** A line with its number in its file, counted from 1. */
export interface NumberedLine {
  readonly number: number;
  readonly text: string;
}

/** Lines that follow each other and are of one kind. */
export type Run =
  | { readonly kind: "same"; readonly before: Lines; readonly after: Lines }
  | { readonly kind: "changed"; readonly before: Lines; readonly after: Lines }
  | { readonly kind: "folded"; readonly count: number };

type Lines = readonly NumberedLine[];

/**
 * Compares two files line by line; long runs of equal lines are folded. Undefined where they differ
 * too much to be compared in a reasonable time.
 */
export async function diffFileLines(
  before: readonly string[],
  after: readonly string[],
): Promise<readonly Run[] | undefined> {
  // Imported on use: no start should wait for it.
  const { diffArrays } = await import("diff");
  const parts = diffArrays([...before], [...after], {
    maxEditLength: DIFF_EDITS,
    timeout: DIFF_TIMEOUT_MS,
  });
  return parts === undefined ? undefined : fold(runsOf(parts));
}

interface Part {
  readonly value: readonly string[];
  readonly added?: boolean;
  readonly removed?: boolean;
}

/** Joins what went and what came in its place to one run. */
function runsOf(parts: readonly Part[]): readonly Run[] {
  const runs: Run[] = [];
  let [old, now] = [1, 1];
  for (const { value, added = false, removed = false } of parts) {
    const before = added ? [] : number(value, old);
    const after = removed ? [] : number(value, now);
    old += before.length;
    now += after.length;
    const kind = added || removed ? "changed" : "same";
    const last = runs.at(-1);
    if (kind === "changed" && last?.kind === "changed") {
      const joined = [last.before, last.after] as const;
      runs[runs.length - 1] = {
        kind,
        before: [...joined[0], ...before],
        after: [...joined[1], ...after],
      };
    } else {
      runs.push({ kind, before, after });
    }
  }
  return runs;
}

/** Leaves a few equal lines beside each change, as many as help to see where it is. */
function fold(runs: readonly Run[]): readonly Run[] {
  return runs.flatMap((run, at): readonly Run[] => {
    if (run.kind !== "same") return [run];
    const head = at === 0 ? 0 : DIFF_CONTEXT_LINES;
    const tail = at === runs.length - 1 ? 0 : DIFF_CONTEXT_LINES;
    const count = run.before.length - head - tail;
    // Folding one line would take as much room as showing it.
    if (count <= 1) return [run];
    return [
      slice(run, 0, head),
      { kind: "folded" as const, count },
      slice(run, head + count),
    ].filter((each) => each.kind === "folded" || each.before.length > 0);
  });
}

function slice(run: Extract<Run, { kind: "same" }>, from: number, to?: number): typeof run {
  return { kind: "same", before: run.before.slice(from, to), after: run.after.slice(from, to) };
}

function number(lines: readonly string[], from: number): Lines {
  return lines.map((text, at) => ({ number: from + at, text }));
}
