import { isAlias, isMap, isPair, isSeq } from "yaml";
import { keyText, YamlNode, type YamlScope } from "./yaml-node.ts";

/** Walks a document once: aliases must have an anchor, equal keys in a map are warned about. */
export function checkTree(root: YamlNode): boolean {
  const { scope } = root;
  let sound = true;
  const visit = (node: unknown, path: string): void => {
    if (isAlias(node) && node.resolve(scope.document) === undefined) {
      sound = false;
      placed(node, path, scope).report("error", "yaml-alias", `no anchor "${node.source}"`);
    } else if (isSeq(node)) {
      for (const [at, item] of node.items.entries()) visit(item, `${path}[${at}]`);
    } else if (isMap(node)) {
      const seen = new Set<string>();
      for (const pair of node.items) {
        if (!isPair(pair)) continue;
        const key = keyText(pair);
        const below = path === "" ? key : `${path}.${key}`;
        if (seen.has(key) && key !== "<<") warnDuplicate(pair.key, below, scope);
        seen.add(key);
        visit(pair.value, below);
      }
    }
  };
  visit(scope.document.contents, "");
  return sound;
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
