export { parseYaml } from "./document.ts";
export type { YamlNode } from "./node.ts";
export type { YamlScalar, YamlTree } from "./tree.ts";
