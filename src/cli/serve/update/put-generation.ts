import type { Logger } from "../../../log.ts";
import { troubleOf, type UpdateOutcome } from "../../../server/index.ts";
import { START_LOOK_MS } from "../../../update-limits.ts";
import type { ProcessEdge } from "../../edge.ts";
import { changesBetween, type Generation, generationName } from "../generation.ts";
import type { Claim, Published, RegistryStore } from "../registry-store.ts";
import type { Stage } from "../stage.ts";
import type { GenerationState } from "../state.ts";
import type { Turns } from "../turns.ts";
import { overtakenUpdate, unpublishedUpdate } from "./outcomes.ts";

/** What takes a new generation. */
export interface PutParts {
  readonly edge: Pick<ProcessEdge, "sleep">;
  readonly state: GenerationState;
  readonly stage: Stage;
  readonly turns: Turns;
  /** The registry behind, where there is one. */
  readonly store: RegistryStore | undefined;
  readonly log: Logger;
}

/** How a generation takes the place of another one. */
export interface PutOptions {
  readonly claim: Claim;
  /** What is served as far as the one who made it knew. */
  readonly over: Generation | undefined;
  /** Whether it is older than that, which somebody wants. */
  readonly isBack: boolean;
}

/**
 * Publishes a generation and serves it, or the one in the registry that is to stay. While nothing is
 * served, a registry that is away, or does not answer, does not keep it back.
 *
 * @throws {DevregError} as publishing does; what was served before goes on being served
 */
export function putGeneration(
  parts: PutParts,
  generation: Generation,
  { claim, over, isBack }: PutOptions,
): Promise<UpdateOutcome> {
  const { state, turns, log } = parts;
  return turns.take(async () => {
    const before = state.generation();
    if (state.isHeld && before !== over && claim !== "force") return overtakenUpdate();
    const published =
      before === undefined
        ? await publishFirst(parts, generation, claim === "update" ? "first" : claim)
        : await publish(parts, generation, claim);
    if (published?.kind === "failed" && before !== undefined) {
      return unpublishedUpdate(published.report);
    }
    const rival = published?.kind === "overtaken" ? published : undefined;
    const shown = rival?.by ?? generation;
    await showUnlessShown(parts, shown);
    const isSame = digestOf(before) === digestOf(shown);
    const isHeld = rival?.isBack ?? isBack;
    const to = generationName(shown) ?? shown.index.descriptor.digest;
    state.hold(isHeld ? { to, from: before } : undefined);
    if (isHeld) log.warn("stepped back, as was asked for", { generation: to });
    if (isSame) return { state: "unchanged", reasons: [] };
    return { state: "updated", reasons: [], changed: changesBetween(before, shown) };
  });
}

/** Serves a generation unless it is served already. */
async function showUnlessShown({ state, stage }: PutParts, shown: Generation): Promise<void> {
  const now = state.generation();
  // What was read from the registry alone is better held here, too.
  if (digestOf(now) !== digestOf(shown) || now?.medium === "registry") await stage.show(shown);
}

function digestOf(generation: Generation | undefined): string | undefined {
  return generation?.index.descriptor.digest;
}

/** Publishes while nothing is served: a registry that takes long is not waited for. */
async function publishFirst(
  parts: PutParts,
  generation: Generation,
  claim: Claim,
): Promise<Published | undefined> {
  const { edge, state } = parts;
  const publishing = publish(parts, generation, claim).catch((error) => {
    state.report("registry", troubleOf(error));
    return undefined;
  });
  const answered = new AbortController();
  const isLate = await Promise.race([
    publishing.then(() => false),
    edge.sleep(START_LOOK_MS, answered.signal).then(() => true),
  ]);
  answered.abort();
  if (isLate) await showUnlessShown(parts, generation);
  return await publishing;
}

/** @throws {DevregError} as publishing does */
async function publish(
  { state, store }: PutParts,
  generation: Generation,
  claim: Claim,
): Promise<Published | undefined> {
  if (store === undefined) return undefined;
  const published = await store.publish(generation, claim);
  if (published.kind === "failed") {
    const [detail = ""] = unpublishedUpdate(published.report).reasons;
    state.report("registry", { kind: "incomplete", detail });
  } else {
    state.clear("registry");
    state.clear("follow");
  }
  return published;
}
