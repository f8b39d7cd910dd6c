import { type Alias, isAlias, isMap, isNode, isPair, isScalar, isSeq, type Node } from "yaml";
import { YAML_EXPANDED_CHARS } from "../../limits.ts";
import { keyText, YamlNode, type YamlScope } from "./node.ts";

/**
 * Walks a document once: finds what each alias stands for, which must be an anchor before it, and
 * warns of equal keys in a map. A document that aliases blow up beyond all measure is refused here,
 * so that whoever reads it afterwards need not count. Parity: the Go generator refuses that too.
 */
export function checkTree(root: YamlNode): boolean {
  const check = new TreeCheck(root.scope);
  const expanded = check.visit(root.scope.document.contents, "");
  if (expanded <= YAML_EXPANDED_CHARS) return check.sound;
  const state = `its aliases stand for over ${YAML_EXPANDED_CHARS} characters`;
  root.report("error", "yaml-expansion", state, "Write the values out instead of repeating them");
  return false;
}

/** What an anchor names; its size is not known while it is being walked. */
interface Anchored {
  readonly node: Node | undefined;
  expanded?: number;
}

class TreeCheck {
  sound = true;
  readonly #scope: YamlScope;
  /** A later anchor of the same name hides the earlier one. */
  readonly #anchors = new Map<string, Anchored>();

  constructor(scope: YamlScope) {
    this.#scope = scope;
  }

  /** Gives what a node comes to, in characters and values, with every alias below it written out. */
  visit(node: unknown, path: string): number {
    if (isAlias(node)) return this.#alias(node, path);
    const anchored: Anchored = { node: isNode(node) ? node : undefined };
    if (isNode(node) && node.anchor !== undefined) this.#anchors.set(node.anchor, anchored);
    anchored.expanded = 1 + this.#below(node, path);
    return anchored.expanded;
  }

  #below(node: unknown, path: string): number {
    let sum = 0;
    if (isScalar(node)) sum = node.source?.length ?? 0;
    else if (isSeq(node)) {
      for (const [at, item] of node.items.entries()) sum += this.visit(item, `${path}[${at}]`);
    } else if (isMap(node)) {
      const seen = new Set<string>();
      for (const pair of node.items) {
        const key = keyText(pair);
        const below = path === "" ? key : `${path}.${key}`;
        if (seen.has(key) && key !== "<<") warnDuplicate(pair.key, below, this.#scope);
        seen.add(key);
        sum += this.visit(pair, below);
      }
    } else if (isPair(node)) {
      sum = this.visit(node.key, path) + this.visit(node.value, path);
    }
    return sum;
  }

  #alias(alias: Alias, path: string): number {
    const { node, expanded } = this.#anchors.get(alias.source) ?? {};
    if (node !== undefined && expanded !== undefined) {
      this.#scope.targets.set(alias, node);
      return expanded;
    }
    const state = node === undefined ? "no anchor" : "it would contain itself:";
    this.sound = false;
    placed(alias, path, this.#scope).report("error", "yaml-alias", `${state} "${alias.source}"`);
    return 1;
  }
}

function warnDuplicate(key: unknown, path: string, scope: YamlScope): void {
  placed(key, path, scope).report(
    "warning",
    "yaml-duplicate-key",
    "the key is there twice and the last one counts",
    "Remove one of them",
  );
}

function placed(node: unknown, path: string, scope: YamlScope): YamlNode {
  // Whatever a parsed collection holds is a node.
  return new YamlNode({ node: node as YamlNode["node"], path, scope });
}
