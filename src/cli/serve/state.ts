import type {
  Part,
  PreparedGeneration,
  Reason,
  ServedState,
  Trouble,
  UpdateLog,
} from "../../server/index.ts";
import type { Generation } from "./generation.ts";
import { type TagTable, tagTable } from "./generation-content.ts";
import { UpdateHistory } from "./update-history.ts";

/** A step back that somebody asked for, which stays until something is merged. */
export interface StepBack {
  /** Name of the generation that is served now. */
  readonly to: string;
  /** What was served before; undefined in a server that began there. */
  readonly from: Generation | undefined;
}

/** Holds the generation being served; swapping it is one assignment, so no request sees a mix. */
export class GenerationState implements ServedState {
  /** How updates went. */
  readonly history = new UpdateHistory();
  readonly #troubles = new Map<Part, Trouble>();
  #unanswered: Trouble | undefined;
  #prepared: PreparedGeneration | undefined;
  #generation: Generation | undefined;
  #tags: TagTable = new Map();
  #held: StepBack | undefined;

  current(): PreparedGeneration | undefined {
    return this.#prepared;
  }

  reasons(): readonly Reason[] {
    const troubles = new Map(this.#troubles);
    if (this.#unanswered !== undefined) troubles.set("source", this.#unanswered);
    return [...troubles].map(([part, trouble]) => ({ part, ...trouble }));
  }

  notes(): readonly string[] {
    return this.#held === undefined ? [] : [`stepped back to ${this.#held.to}, as was asked for`];
  }

  updates(): UpdateLog {
    return this.history.log();
  }

  /** Gives the generation being served, with its artifacts. */
  generation(): Generation | undefined {
    return this.#generation;
  }

  /** Serves this generation from the next request on. */
  accept(prepared: PreparedGeneration, generation: Generation): void {
    this.#prepared = prepared;
    this.#generation = generation;
    this.#tags = tagTable(generation);
  }

  /** Gives what the tags of the generation being served point to. */
  tags(): TagTable {
    return this.#tags;
  }

  /** Says what is wrong with a part; /readyz shows it until it is cleared. */
  report(part: Part, trouble: Trouble): void {
    if (part === "source") this.#unanswered = undefined;
    this.#troubles.set(part, trouble);
  }

  /** Says that a part is well again. */
  clear(part: Part): void {
    if (part === "source") this.#unanswered = undefined;
    this.#troubles.delete(part);
  }

  /** Tells whether something is wrong with a part. */
  isTroubled(part: Part): boolean {
    return this.reasons().some((reason) => reason.part === part);
  }

  /**
   * Says that the sources do not answer; undefined once they do, when what was wrong with them
   * before, such as a broken commit, is wrong again.
   */
  unanswered(trouble: Trouble | undefined): void {
    this.#unanswered = trouble;
  }

  /** Remembers a step back by force; undefined when that is over. Of several, `from` is the first. */
  hold(step: StepBack | undefined): void {
    this.#held = step && { ...step, from: this.#held?.from ?? step.from };
  }

  /** Gives the generation that somebody stepped back from, where it was served here. */
  leftBehind(): Generation | undefined {
    return this.#held?.from;
  }

  /** Whether an older generation is served on request. */
  get isHeld(): boolean {
    return this.#held !== undefined;
  }
}
