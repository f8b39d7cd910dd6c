import { invariant } from "../assert.ts";
import { RECENT_TREES } from "../limits.ts";
import { parseYaml, type YamlNode } from "./yaml/index.ts";

/** Gives the root of a YAML file. */
export type TreeOf = () => YamlNode;

/** A file, and its root as long as it is one of those used last. */
interface Held {
  root: YamlNode | undefined;
}

/**
 * Keeps the values of the YAML files that were read last. Those of thousands of files take ten times
 * the room of their text, so those of the others are read from it again when they are asked for.
 */
export class RecentTrees {
  /** A ring: the next one takes the place of the one that was read longest ago. */
  readonly #held: Held[] = [];
  #next = 0;

  /** Takes a file that was read without an error; what it is called stands in its positions. */
  hold(file: string, bytes: Uint8Array, root: YamlNode): TreeOf {
    const held: Held = { root };
    this.#keep(held);
    return () => {
      if (held.root !== undefined) return held.root;
      // What is to be said of the file was said when it was read first.
      const again = parseYaml(file, bytes, () => undefined);
      invariant(again !== undefined, "what was read once can be read again");
      held.root = again;
      this.#keep(held);
      return again;
    };
  }

  #keep(held: Held): void {
    const oldest = this.#held[this.#next];
    if (oldest !== undefined) oldest.root = undefined;
    this.#held[this.#next] = held;
    this.#next = (this.#next + 1) % RECENT_TREES;
  }
}
