import { DevregError } from "../../errors.ts";
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
      repositories: (signal) => this.#listed(registry.repositories(signal), true),
      repository: (name) => this.#repository(registry.repository(name)),
    };
  }

  #repository(inner: ReadonlyRepository): ReadonlyRepository {
    return {
      resolve: (reference, signal) => this.#asked(() => inner.resolve(reference, signal)),
      exists: (target) => this.#asked(() => inner.exists(target)),
      fetch: (target, options) => this.#asked(() => inner.fetch(target, options)),
      resolveBlob: (digest, signal) => this.#asked(() => inner.resolveBlob(digest, signal)),
      tags: (signal) => this.#listed(inner.tags(signal)),
      referrers: (subject, signal) => this.#listed(inner.referrers(subject, signal)),
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

  /** What is not there, or cannot be read, is an answer too; a visitor who leaves had none. */
  #note(error: unknown, refusals = false): void {
    if (error instanceof DevregError && error.code === "ABORTED") return;
    const { kind } = troubleOf(error);
    const isTrouble = kind === "unreachable" || (refusals && kind === "refused");
    this.#trouble = isTrouble ? kind : undefined;
  }
}
