import type { Logger } from "../../../log.ts";
import { troubleOf, type UpdateOutcome } from "../../../server/index.ts";
import { changesBetween, type Generation, generationName } from "../generation.ts";
import type { Claim, Published, RegistryStore } from "../registry-store.ts";
import type { Stage } from "../stage.ts";
import type { GenerationState } from "../state.ts";
import type { Turns } from "../turns.ts";
import { overtakenUpdate, unpublishedUpdate } from "./outcomes.ts";

/** What takes a new generation. */
export interface PutParts {
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
 * served, a registry that is away does not keep it back.
 *
 * @throws {DevregError} as publishing does; what was served before goes on being served
 */
export function putGeneration(
  parts: PutParts,
  generation: Generation,
  { claim, over, isBack }: PutOptions,
): Promise<UpdateOutcome> {
  const { state, stage, turns, log } = parts;
  return turns.take(async () => {
    const before = state.generation();
    if (state.isHeld && before !== over && claim !== "force") return overtakenUpdate();
    const right = claim === "update" && before === undefined ? "first" : claim;
    const published = await publish(parts, generation, right);
    if (published?.kind === "failed" && before !== undefined) {
      return unpublishedUpdate(published.report);
    }
    const rival = published?.kind === "overtaken" ? published : undefined;
    const shown = rival?.by ?? generation;
    const isSame = before?.index.descriptor.digest === shown.index.descriptor.digest;
    // What was read from the registry alone is better held here, too.
    if (!isSame || before?.medium === "registry") await stage.show(shown);
    const isHeld = rival?.isBack ?? isBack;
    const to = generationName(shown) ?? shown.index.descriptor.digest;
    state.hold(isHeld ? { to, from: before } : undefined);
    if (isHeld) log.warn("stepped back, as was asked for", { generation: to });
    if (isSame) return { state: "unchanged", reasons: [] };
    return { state: "updated", reasons: [], changed: changesBetween(before, shown) };
  });
}

async function publish(
  { state, store }: PutParts,
  generation: Generation,
  claim: Claim,
): Promise<Published | undefined> {
  if (store === undefined) return undefined;
  try {
    const published = await store.publish(generation, claim);
    if (published.kind === "failed") {
      const [detail = ""] = unpublishedUpdate(published.report).reasons;
      state.report("registry", { kind: "incomplete", detail });
    } else {
      state.clear("registry");
      state.clear("follow");
    }
    return published;
  } catch (error) {
    if (state.current() !== undefined) throw error;
    state.report("registry", troubleOf(error));
    return undefined;
  }
}
