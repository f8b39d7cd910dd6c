import type { IndexArtifact, StackArtifacts } from "../../generator/index.ts";
import type { PreparedGeneration, ServedState } from "../../server/index.ts";

/** Part of serving that can be in trouble while the rest goes on. */
export type Part = "source" | "registry" | "icons";

/** The artifacts of a generation, as the registry behind the server gets them. */
export interface Packed {
  readonly stacks: StackArtifacts;
  readonly index: IndexArtifact;
}

/** Holds the generation being served; swapping it is one assignment, so no request sees a mix. */
export class GenerationState implements ServedState {
  readonly #troubles = new Map<Part, string>();
  #current: PreparedGeneration | undefined;
  #packed: Packed | undefined;

  current(): PreparedGeneration | undefined {
    return this.#current;
  }

  reasons(): readonly string[] {
    return [...this.#troubles].map(([part, reason]) => `${part}: ${reason}`);
  }

  /** Gives the artifacts of the generation being served. */
  packed(): Packed | undefined {
    return this.#packed;
  }

  /** Serves this generation from the next request on. */
  accept(generation: PreparedGeneration, packed: Packed): void {
    this.#current = generation;
    this.#packed = packed;
  }

  /** Says what is wrong with a part; /readyz shows it until it is cleared. */
  report(part: Part, reason: string): void {
    this.#troubles.set(part, reason);
  }

  /** Says that a part is well again. */
  clear(part: Part): void {
    this.#troubles.delete(part);
  }
}
