export { parseYaml } from "./document.ts";
export type { YamlNode } from "./node.ts";
export type { YamlPair, YamlScalar, YamlTree } from "./tree.ts";
