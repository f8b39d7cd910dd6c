import type { Descriptor } from "./descriptor.ts";
import type { Digest } from "./digest.ts";

/** The order in which content is to stand in a tar, and how far the tar has come in it. */
export class TarOrder {
  readonly #digests: readonly Digest[];
  readonly #positions: ReadonlyMap<Digest, number>;
  readonly #skipped = new Set<Digest>();
  #position = 0;

  constructor(planned: readonly Descriptor[]) {
    this.#digests = [...new Set(planned.map(({ digest }) => digest))];
    this.#positions = new Map(this.#digests.map((digest, position) => [digest, position]));
  }

  /** What comes next; undefined when the order is through. */
  get next(): Digest | undefined {
    return this.#digests[this.#position];
  }

  /** Tells how far away content is; infinitely far when it was not planned or its turn is over. */
  positionOf(digest: Digest): number {
    const position = this.#positions.get(digest) ?? -1;
    return position < this.#position ? Number.POSITIVE_INFINITY : position;
  }

  /** Says that what came next was dealt with. */
  advance(): void {
    this.#position += 1;
    this.#passSkipped();
  }

  /** Says that content will not come. */
  skip(digest: Digest): void {
    this.#skipped.add(digest);
    this.#passSkipped();
  }

  /** Says that content comes after all; it keeps its place unless its turn is over. */
  expect(digest: Digest): void {
    this.#skipped.delete(digest);
  }

  #passSkipped(): void {
    while (this.next !== undefined && this.#skipped.has(this.next)) this.#position += 1;
  }
}
