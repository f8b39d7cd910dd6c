import type { Devfile } from "../devfile-yaml.ts";
import type { YamlNode } from "../yaml/index.ts";

/** Gives the references of a devfile to its parent and plugins; none for almost all devfiles. */
export function referencesOf({ node }: Devfile): readonly YamlNode[] {
  const components = node.get("components");
  const items = components.isList ? components.items() : [];
  return [node.get("parent"), ...items.map((item) => item.get("plugin"))].filter(
    (reference) => reference.isMap && reference.entries().length > 0,
  );
}

/** Tells whether a devfile imports a file by its path. */
export function importsByPath(devfile: Devfile): boolean {
  return referencesOf(devfile).some((reference) => {
    const uri = reference.get("uri");
    if (!uri.present || uri.isMap || uri.isList) return false;
    return !URL.canParse(uri.text() ?? "");
  });
}
