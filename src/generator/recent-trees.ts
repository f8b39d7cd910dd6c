import { invariant } from "../assert.ts";
import { RECENT_TREES } from "../limits.ts";
import { parseYaml, type YamlNode } from "./yaml/index.ts";

/** Gives the root of a YAML file. */
export type TreeOf = () => YamlNode;

/**
 * Keeps the values of the YAML files that were used last. Those of thousands of files take ten times
 * the room of their text, so those of the others are read from it again when they are asked for.
 */
export class RecentTrees {
  /** By what stands for the file, the one used last at the end. */
  readonly #roots = new Map<object, YamlNode>();

  /** Takes a file that was read without an error; what it is called stands in its positions. */
  hold(file: string, bytes: Uint8Array, root: YamlNode): TreeOf {
    const key = {};
    this.#keep(key, root);
    return () => {
      const kept = this.#roots.get(key);
      if (kept !== undefined) return kept;
      // What is to be said of the file was said when it was read first.
      const again = parseYaml(file, bytes, () => undefined);
      invariant(again !== undefined, "what was read once can be read again");
      this.#keep(key, again);
      return again;
    };
  }

  #keep(key: object, root: YamlNode): void {
    this.#roots.set(key, root);
    const [oldest] = this.#roots.keys();
    if (this.#roots.size > RECENT_TREES && oldest !== undefined) this.#roots.delete(oldest);
  }
}
