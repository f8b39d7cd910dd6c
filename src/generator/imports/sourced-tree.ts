import { isMap, isScalar, isSeq, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { DevregError } from "../../errors.ts";
import { YAML_VALUES } from "../../limits.ts";
import type { YamlNode } from "../yaml/index.ts";

/** A reference of a devfile through which something came into it. */
export interface Via {
  /** What messages call what was imported: 'parent "id: go, version: 1.0.0"'. */
  readonly name: string;
  readonly at: YamlNode;
}

/** Where a value of a tree was read. */
export interface Origin {
  readonly node: YamlNode;
  /** Absent for what the author wrote. */
  readonly via?: Via;
}

/** Remembers where the values of trees were read, whatever becomes of the trees. */
export class Origins {
  readonly #origins = new WeakMap<object, Origin>();

  /** Gives where a value was read; undefined for what merging made. */
  of(node: unknown): Origin | undefined {
    return typeof node === "object" && node !== null ? this.#origins.get(node) : undefined;
  }

  /**
   * Makes a tree of the root of a document: without aliases, every scalar its source text.
   *
   * @throws {DevregError} LIMIT_EXCEEDED when its aliases stand for over YAML_VALUES values
   */
  treeOf(root: YamlNode): YAMLMap {
    const budget = { left: YAML_VALUES };
    const tree = this.#treeBelow(root, budget);
    return isMap(tree) ? tree : new YAMLMap();
  }

  /** Copies a tree for whoever changes it; `via` tells how it came into another devfile. */
  copy(tree: YAMLMap, via?: Via): YAMLMap {
    const copied = this.#copyNode(tree, via);
    return isMap(copied) ? copied : new YAMLMap();
  }

  #treeBelow(from: YamlNode, budget: { left: number }): Node {
    budget.left -= 1;
    if (budget.left < 0) {
      const state = `its aliases stand for over ${YAML_VALUES} values`;
      throw new DevregError("LIMIT_EXCEEDED", `Cannot read the devfile: ${state}`);
    }
    const node = this.#shallow(from, budget);
    this.#origins.set(node, { node: from });
    return node;
  }

  #shallow(from: YamlNode, budget: { left: number }): Node {
    if (!from.present) return new Scalar("");
    if (from.isMap) {
      const map = new YAMLMap();
      for (const [key, value] of from.entries()) {
        map.items.push(new Pair(new Scalar(key), this.#treeBelow(value, budget)));
      }
      return map;
    }
    if (from.isList) {
      const list = new YAMLSeq();
      list.items = from.items().map((item) => this.#treeBelow(item, budget));
      return list;
    }
    const scalar = new Scalar(from.text() ?? "");
    scalar.type = from.readsAsOtherThanText ? "PLAIN" : "QUOTE_DOUBLE";
    return scalar;
  }

  #copyNode(node: unknown, via: Via | undefined): Node {
    const copy = this.#copyShallow(node, via);
    const origin = this.of(node);
    if (origin !== undefined) {
      this.#origins.set(copy, via === undefined ? origin : { node: origin.node, via });
    }
    return copy;
  }

  #copyShallow(node: unknown, via: Via | undefined): Node {
    if (isMap(node)) {
      const map = new YAMLMap();
      map.items = node.items.map((pair) => new Pair(pair.key, this.#copyNode(pair.value, via)));
      return map;
    }
    if (isSeq(node)) {
      const list = new YAMLSeq();
      list.items = node.items.map((item) => this.#copyNode(item, via));
      return list;
    }
    const scalar = new Scalar(isScalar(node) ? node.value : "");
    if (isScalar(node) && node.type !== undefined) scalar.type = node.type;
    return scalar;
  }
}
