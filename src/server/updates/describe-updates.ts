import { saneRevision } from "../generation-facts.ts";
import { describeTrouble } from "../reason.ts";
import type { UpdateLog, UpdateRecord } from "./update-log.ts";

/** Gives what /info tells of updates; the texts of failures only with details. */
export function describeUpdates(
  { updates, lastChange, looks }: UpdateLog,
  withDetails: boolean,
): Readonly<Record<string, unknown>> {
  const [last] = updates;
  return {
    ...(last && { last_update: { state: last.state, at: endOf(last).toISOString() } }),
    ...(lastChange && { last_change: lastChange.toISOString() }),
    ...(looks.length > 0 && {
      looks: looks.map(({ of, ...times }) => ({
        of,
        ...(times.last && { last: times.last.toISOString() }),
        ...(times.upToDate && { up_to_date: times.upToDate.toISOString() }),
        ...(times.next && { next: times.next.toISOString() }),
      })),
    }),
    ...(last && { updates: updates.map((update) => describeRecord(update, withDetails)) }),
  };
}

function describeRecord(update: UpdateRecord, withDetails: boolean) {
  const { askedBy, state, began, ms, trouble, times, firstBegan } = update;
  const [before, after] = [saneRevision(update.before), saneRevision(update.after)];
  return {
    began: began.toISOString(),
    seconds: Math.round(ms) / 1000,
    asked_by: askedBy,
    state,
    ...(trouble && { reason: describeTrouble(trouble, withDetails) }),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(times > 1 && { times, first_began: firstBegan.toISOString() }),
  };
}

function endOf({ began, ms }: UpdateRecord): Date {
  return new Date(began.getTime() + ms);
}
