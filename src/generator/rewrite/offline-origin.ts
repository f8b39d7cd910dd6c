import type { YamlNode } from "../yaml/index.ts";
import { insertKey, replaceNode, type YamlEdit } from "./edit.ts";
import { keepOrigin, ORIGIN_ATTRIBUTE, type Origin } from "./origin.ts";

/** Makes the edits that keep an origin in the metadata of a devfile; none for an empty one. */
export function keepInMetadata(root: YamlNode, origin: Origin): readonly YamlEdit[] {
  if (Object.keys(origin).length === 0) return [];
  const metadata = root.get("metadata");
  if (!metadata.present) return keepInNewMetadata(root, origin);
  const before = metadata.get("icon").present ? "icon" : undefined;
  return keepOrigin(metadata, ["metadata"], origin, before);
}

/** Metadata is not there, or null. */
function keepInNewMetadata(root: YamlNode, origin: Origin): readonly YamlEdit[] {
  const value = { attributes: { [ORIGIN_ATTRIBUTE]: JSON.stringify(origin) } };
  const hasKey = root.entries().some(([key]) => key === "metadata");
  const before = root.get("parent").present ? "parent" : undefined;
  return [hasKey ? replaceNode(["metadata"], value) : insertKey(["metadata"], value, before)];
}
