export { parseYaml } from "./document.ts";
export type { YamlNode } from "./node.ts";
