import { killInUpdates } from "../../test/support/live-kills.ts";
import { replay } from "../../test/support/live-replay.ts";

/** How one part of an acceptance run is told. */
type Step = (name: string, run: () => Promise<string>) => Promise<void>;

/** Replays 200 pushes into three replicas while clients read, and kills a server in 20 updates. */
export async function acceptLiveUpdates(step: Step): Promise<void> {
  await step("three replicas follow 200 pushes at 5/s", async () => {
    const options = { seed: 11, pushes: 200, perSecond: 5, settleEvery: 20, replicas: 3 };
    const { faults, failures, webhooks, kinds, settles, pulled, slowestMs, rounds, swaps } =
      await replay(options);
    // 503 asks to try again, which the server does by itself.
    const failed = failures.filter((reason) => !reason.startsWith("503"));
    if (faults.length + failed.length > 0) throw new Error([...faults, ...failed].join("\n"));
    for (const reason of failures) console.log(`     a webhook was answered ${reason}`);
    const told = { settles, pulled, rounds, swaps, slowestMs: Math.round(slowestMs) };
    return JSON.stringify({ ...told, webhooks, kinds });
  });
  await step("a server killed at 20 points of updates begins whole", async () => {
    await killInUpdates({ seed: 1, rounds: 20 });
    return "nothing was half published";
  });
}
