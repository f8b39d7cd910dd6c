import type { FetchedRepository } from "../../../generator/fetch/index.ts";
import { type Build, orderGenerations, type RegistrySource } from "../../../generator/index.ts";
import { BACKOFF_MS } from "../../../limits.ts";
import {
  type ServerMetrics,
  troubleOf,
  type UpdateOutcome,
  type UpdatePort,
  type UpdateRequest,
  type UpdateSource,
} from "../../../server/index.ts";
import { UPDATE_RETRY_CAP_MS } from "../../../update-limits.ts";
import type { ProcessEdge } from "../../edge.ts";
import { type Generation, generationName, packGeneration } from "../generation.ts";
import type { Claim } from "../registry-store.ts";
import { startRecord } from "../start-record.ts";
import { Wake } from "../wake.ts";
import { type ChosenCommit, chooseCommits, servedCommit } from "./choose-commits.ts";
import type { GitSource } from "./git-source.ts";
import { compareBy } from "./open-sources.ts";
import { failedUpdate, outcomeTrouble, type Step } from "./outcomes.ts";
import { type PutParts, putGeneration } from "./put-generation.ts";
import { UpdateQueue } from "./update-queue.ts";
import { NEWEST, type Wish, wishOf } from "./wish.ts";

/** What an updater works with. */
export interface UpdaterParts extends PutParts {
  readonly edge: Pick<ProcessEdge, "now" | "nowMs" | "random" | "sleep">;
  readonly sources: readonly GitSource[];
  /** Makes a build; `anew` looks again at what lives in other repositories. */
  readonly make: (sources: readonly RegistrySource[], anew: boolean) => Promise<Build>;
  readonly metrics: Pick<ServerMetrics, "updateEnded">;
}

/**
 * Brings what is served up to date with git: fetches, generates, publishes what changed and swaps,
 * all or nothing. One update runs at a time. Only it looks at the order of generations; whoever
 * follows a registry takes what is there.
 */
export class Updater implements UpdatePort {
  readonly #parts: UpdaterParts;
  readonly #queue = new UpdateQueue((wish) => this.#run(wish));
  readonly #retry = new Wake();
  /** What the branch of each source stood at when it was last dealt with. */
  readonly #seen = new Map<GitSource, string>();

  constructor(parts: UpdaterParts) {
    this.#parts = parts;
  }

  request(update: UpdateRequest): Promise<UpdateOutcome> {
    return this.#queue.add(wishOf(update));
  }

  sources(): readonly UpdateSource[] {
    return this.#parts.sources.map(({ location: { url, revision } }) => ({
      url,
      ...(revision === undefined ? {} : { ref: revision }),
    }));
  }

  /** Runs an update that nobody asked for over the network. */
  update(wish: Partial<Wish> = {}): Promise<UpdateOutcome> {
    return this.#queue.add({ ...NEWEST, ...wish });
  }

  /**
   * Asks where the branches stand, updates when one moved since it was last dealt with, and gives
   * whether it did.
   *
   * @throws {DevregError} as asking does
   */
  async poll(): Promise<boolean> {
    const { sources, state } = this.#parts;
    const tips = await Promise.all(sources.map((source) => source.latest()));
    state.unanswered(undefined);
    const isMoved = sources.some((source, at) => !this.#isSeen(source, tips[at]));
    if (!isMoved && state.current() !== undefined) return false;
    await this.update({ askedBy: ["poll"] });
    return true;
  }

  /** Stays with what is served until a branch moves. */
  async stay(): Promise<void> {
    for (const source of this.#parts.sources) this.#seen.set(source, await source.latest());
  }

  /** Resolves when no update runs and none waits. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  /** Tries again, with growing pauses, what failed because something could not be reached. */
  async keepTrying(signal: AbortSignal): Promise<void> {
    const { edge, state } = this.#parts;
    let attempt = 0;
    while (!signal.aborted) {
      await this.#retry.wait(signal);
      if (signal.aborted) return;
      const pauseMs = Math.min(BACKOFF_MS * 2 ** Math.min(attempt, 16), UPDATE_RETRY_CAP_MS);
      const spreadMs = pauseMs * (0.5 + edge.random() / 2);
      state.history.plan("retry", new Date(edge.now().getTime() + spreadMs));
      await edge.sleep(spreadMs, signal);
      if (signal.aborted) return;
      const { fault } = await this.update({ askedBy: ["retry"] });
      state.history.plan("retry", undefined);
      attempt = isPassing(fault) ? attempt + 1 : 0;
    }
  }

  async #run(wish: Wish): Promise<UpdateOutcome> {
    const { edge, state, metrics, log } = this.#parts;
    const endRecord = startRecord(this.#parts, wish.askedBy);
    const outcome = await this.#attempt(wish);
    if (isPassing(outcome.fault)) this.#retry.wake();
    const ms = endRecord(outcome.state, outcomeTrouble(outcome));
    const isUpToDate = wish.newest && !state.isHeld && !state.isTroubled("source");
    state.history.looked("source", edge.now(), isUpToDate && outcome.state !== "failed");
    metrics.updateEnded({ state: outcome.state, seconds: ms / 1000 });
    const served = state.generation();
    const generation = served === undefined ? undefined : generationName(served);
    const { reasons } = outcome;
    const level = outcome.state === "failed" ? "error" : "info";
    log[level]("update ended", { state: outcome.state, generation, reasons, ms: Math.round(ms) });
    return { ...outcome, ...(generation === undefined ? {} : { generation }) };
  }

  async #attempt(wish: Wish): Promise<UpdateOutcome> {
    const { sources, state } = this.#parts;
    let step: Step = "source";
    let chosen: readonly ChosenCommit[] = [];
    try {
      chosen = await chooseCommits(sources, wish, state.generation());
      state.unanswered(undefined);
      const unchanged = this.#needless(chosen, wish);
      if (unchanged !== undefined) return unchanged;
      const fetched = await Promise.all(chosen.map(({ source, commit }) => source.fetch(commit)));
      const over = state.generation();
      const order = await this.#order(fetched, over);
      if (order === "older" && !wish.force) return this.#refuse(chosen, wish);
      step = "generate";
      const build = await this.#parts.make(fetched.map(sourceOf), wish.samples);
      const generation = await packGeneration(build, {
        origin: "source",
        before: over,
      });
      step = "registry";
      const outcome = await putGeneration(this.#parts, generation, {
        claim: claimOf(wish),
        over,
        isBack: order === "older",
      });
      if (outcome.state !== "failed") await this.#settle(chosen, wish);
      return outcome;
    } catch (error) {
      const outcome = failedUpdate(error, step);
      const trouble = troubleOf(error);
      const [detail = trouble.detail] = step === "registry" ? [] : outcome.reasons;
      state.report(step === "registry" ? "registry" : "source", { kind: trouble.kind, detail });
      // A commit that is broken stays so.
      if (outcome.fault === "content") this.#remember(chosen);
      return outcome;
    }
  }

  /** Gives the outcome when there is nothing to do. */
  #needless(chosen: readonly ChosenCommit[], wish: Wish): UpdateOutcome | undefined {
    const { state } = this.#parts;
    if (wish.again || wish.force) return undefined;
    const isSeen = chosen.every(({ source, tip }) => this.#isSeen(source, tip));
    if (state.isHeld && isSeen) return { state: "unchanged", reasons: state.notes() };
    if (wish.samples) return undefined;
    const served = state.generation();
    const count = served?.build.info?.sources.length;
    const isServed =
      count === chosen.length &&
      chosen.every(({ source, commit }) => servedCommit(served, source) === commit);
    if (!isServed) return undefined;
    this.#remember(chosen);
    state.clear("source");
    return { state: "unchanged", reasons: [] };
  }

  async #order(fetched: readonly FetchedRepository[], over: Generation | undefined) {
    const { sources } = this.#parts;
    const made = {
      sources: fetched.map(({ url, commit_hash, commit_time }) => ({
        url,
        commit_hash,
        commit_time,
      })),
    };
    return await orderGenerations(made, over?.build.info, compareBy(sources));
  }

  #refuse(chosen: readonly ChosenCommit[], wish: Wish): UpdateOutcome {
    const { state } = this.#parts;
    const commits = chosen.map(({ commit }) => commit).join(", ");
    const reason = `${commits} is older than what is served; only force goes back`;
    if (wish.commits.length === 0) state.report("source", { kind: "older", detail: reason });
    this.#remember(chosen);
    return { state: "refused", reasons: [reason], kind: "older" };
  }

  /** Tells whether a branch stands where it was dealt with, here or by who stepped back from it. */
  #isSeen(source: GitSource, tip: string | undefined): boolean {
    if (tip === undefined) return false;
    const left = servedCommit(this.#parts.state.leftBehind(), source);
    return this.#seen.get(source) === tip || left === tip;
  }

  /** What was dealt with is not looked at again by polling. */
  async #settle(chosen: readonly ChosenCommit[], wish: Wish): Promise<void> {
    this.#parts.state.clear("source");
    // After a step back the branch is where it was, and that is no news.
    if (wish.force) await this.stay().catch(() => undefined);
    else this.#remember(chosen);
  }

  #remember(chosen: readonly ChosenCommit[]): void {
    for (const { source, tip } of chosen) if (tip !== undefined) this.#seen.set(source, tip);
  }
}

/** Tells whether trying again may help. */
function isPassing(fault: UpdateOutcome["fault"]): boolean {
  return fault === "source" || fault === "registry";
}

function claimOf({ force, samples, again }: Wish): Claim {
  if (force) return "force";
  return samples || again ? "resync" : "update";
}

function sourceOf({ source: files, url, history }: FetchedRepository): RegistrySource {
  return { files, url, history };
}
