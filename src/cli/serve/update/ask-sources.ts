import { DevregError } from "../../../errors.ts";
import type { Logger } from "../../../log.ts";
import { troubleOf } from "../../../server/index.ts";
import { type RecordParts, startRecord } from "../start-record.ts";
import type { Updater } from "./updater.ts";

/**
 * Asks the sources once where their branches stand, updates when one moved, and gives whether they
 * answered. Where nothing moved, what is wrong is what was wrong before they last failed to answer.
 */
export async function askSources(
  parts: RecordParts & { readonly log: Logger },
  updater: Updater,
): Promise<boolean> {
  const { edge, state, log } = parts;
  const endRecord = startRecord(parts, ["poll"]);
  try {
    if (await updater.poll()) return true;
    const isUpToDate = !state.isTroubled("source") && !state.isHeld;
    state.history.looked("source", edge.now(), isUpToDate);
    return true;
  } catch (error) {
    if (!(error instanceof DevregError)) throw error;
    const trouble = troubleOf(error);
    state.unanswered(trouble);
    state.history.looked("source", edge.now(), false);
    endRecord("failed", trouble);
    log.warn("cannot ask the sources", { error });
    return false;
  }
}
