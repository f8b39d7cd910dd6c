import { describeError } from "../../errors.ts";
import { REPAIR_EVERY_MS, RETIRED_GRACE_MS, START_LOOK_MS } from "../../update-limits.ts";
import type { Serving } from "./assemble.ts";
import type { Publisher } from "./publisher.ts";
import { repeat } from "./repeat.ts";
import { askSources } from "./update/ask-sources.ts";
import type { Updater } from "./update/updater.ts";
import type { LookTask } from "./update-history.ts";

/**
 * Keeps what is served up to date until the signal aborts: first with the registry, then with the
 * sources, and from then on each at its own pace.
 */
export async function keepLive(parts: Serving, signal: AbortSignal): Promise<void> {
  const { edge, config, state, stage, turns, updater, follower, publisher } = parts;
  const { poll, resync, followInterval } = config;
  await begin(parts);
  const every = (ms: number, task: () => Promise<boolean>, name?: LookTask) =>
    repeat(edge, ms, signal, task, (pauseMs) => {
      if (name !== undefined) state.history.plan(name, new Date(edge.now().getTime() + pauseMs));
    });
  await Promise.all([
    publisher?.run(signal),
    publisher && every(REPAIR_EVERY_MS, async () => check(publisher)),
    follower && every(followInterval, () => follower.look(), "follow"),
    updater?.keepTrying(signal),
    updater && poll !== undefined && every(poll, () => askSources(parts, updater), "poll"),
    updater && resync !== undefined && every(resync, () => lookAnew(updater), "resync"),
    every(RETIRED_GRACE_MS, async () => {
      await turns.take(() => stage.tidy());
      return true;
    }),
  ]);
}

/** What the registry has comes first, unless it is slow to say so. */
async function begin({ edge, follower, updater, state, log }: Serving): Promise<void> {
  await Promise.race([follower?.look(), follower && edge.sleep(START_LOOK_MS, edge.stopped)]);
  if (updater === undefined) return;
  // Who stepped back wants to stay there until something new is merged.
  const first = state.isHeld ? updater.stay() : updater.update({ askedBy: ["start"] });
  first.catch((error) => log.error("cannot begin to update", { error: describeError(error) }));
}

async function check(publisher: Publisher): Promise<boolean> {
  publisher.check();
  return true;
}

async function lookAnew(updater: Updater): Promise<boolean> {
  const { state } = await updater.update({ askedBy: ["resync"], samples: true });
  return state !== "failed";
}
