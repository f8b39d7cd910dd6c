import { parseYaml, type YamlNode } from "../yaml/index.ts";

/** Files that give stacks and samples the names by which others refer to them. */
const NAMING = ["devfile.yaml", ".devfile.yaml", "stack.yaml", "extraDevfileEntries.yaml"];
/** The parts of extraDevfileEntries.yaml. */
const LISTS = ["samples", "stacks"];

/** Tells whether a file may give something its name. */
export function isNaming(path: string): boolean {
  return NAMING.includes(path.slice(path.lastIndexOf("/") + 1));
}

/** Gives the names that a file gave as it was; none where it could not be read. */
export function namesGiven(path: string, bytes: Uint8Array): string[] {
  const root = parseYaml(path, bytes, () => undefined);
  if (root === undefined) return [];
  const lists = LISTS.map((key) => root.get(key)).filter(({ isList }) => isList);
  const holders = [root, root.get("metadata"), ...lists.flatMap((list) => list.items())];
  return holders.flatMap((holder) => nameIn(holder) ?? []);
}

function nameIn(holder: YamlNode): string | undefined {
  const name = holder.isMap ? holder.get("name") : undefined;
  return name?.isScalar === true ? name.text() : undefined;
}
