import type { Trouble, UpdateState, UpdateTrigger } from "../../server/index.ts";
import type { ProcessEdge } from "../edge.ts";
import { generationName } from "./generation.ts";
import type { GenerationState } from "./state.ts";

/** What tells the time and what is served. */
export interface RecordParts {
  readonly edge: Pick<ProcessEdge, "now" | "nowMs">;
  readonly state: GenerationState;
}

/** Remembers how an update ended, and gives how long it took, in milliseconds. */
export type EndRecord = (state: UpdateState, trouble?: Trouble) => number;

/** Begins to time an update; it is remembered once it ended. */
export function startRecord(
  { edge, state: served }: RecordParts,
  askedBy: readonly UpdateTrigger[],
): EndRecord {
  const [began, startedMs, before] = [edge.now(), edge.nowMs(), nameOf(served)];
  return (state, trouble) => {
    const ms = edge.nowMs() - startedMs;
    const after = nameOf(served);
    served.history.add({ askedBy, state, began, ms, before, after, trouble });
    return ms;
  };
}

function nameOf(state: GenerationState): string | undefined {
  const served = state.generation();
  return served === undefined ? undefined : generationName(served);
}
