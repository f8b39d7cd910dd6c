import type { ReadonlyRegistry, ReadonlyRepository } from "../../oci-client/index.ts";
import { type TroubleKind, troubleOf } from "../../server/index.ts";

/** Remembers how a registry answered last. */
export class RegistryWatch {
  #trouble: TroubleKind | undefined;

  /** What was wrong when it was asked last; undefined while it is well, and before it was asked. */
  trouble(): TroubleKind | undefined {
    return this.#trouble;
  }

  /** Says that no answer came, though no request failed. */
  failed(): void {
    this.#trouble ??= "unreachable";
  }

  /** Gives the registry such that its answers are taken note of. */
  over(registry: ReadonlyRegistry): ReadonlyRegistry {
    return {
      repositories: () => this.#listed(registry.repositories(), true),
      repository: (name) => this.#repository(registry.repository(name)),
    };
  }

  #repository(inner: ReadonlyRepository): ReadonlyRepository {
    return {
      resolve: (reference) => this.#asked(() => inner.resolve(reference)),
      exists: (target) => this.#asked(() => inner.exists(target)),
      fetch: (target, options) => this.#asked(() => inner.fetch(target, options)),
      resolveBlob: (digest) => this.#asked(() => inner.resolveBlob(digest)),
      tags: () => this.#listed(inner.tags()),
      referrers: (subject) => this.#listed(inner.referrers(subject)),
    };
  }

  async #asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    try {
      const answer = await ask();
      this.#trouble = undefined;
      return answer;
    } catch (error) {
      this.#note(error);
      throw error;
    }
  }

  /** A repository may be closed to us while the registry is well; its list of names says more. */
  async *#listed<Item>(items: AsyncIterable<Item>, refusals = false): AsyncIterable<Item> {
    try {
      yield* items;
      this.#trouble = undefined;
    } catch (error) {
      this.#note(error, refusals);
      throw error;
    }
  }

  /** What is not there, or cannot be read, is an answer too. */
  #note(error: unknown, refusals = false): void {
    const { kind } = troubleOf(error);
    const isTrouble = kind === "unreachable" || (refusals && kind === "refused");
    this.#trouble = isTrouble ? kind : undefined;
  }
}
