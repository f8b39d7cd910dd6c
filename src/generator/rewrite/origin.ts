import { z } from "zod";
import { DevregError } from "../../errors.ts";
import type { YamlNode } from "../yaml/index.ts";
import { insertKey, replaceNode, replaceScalar, type YamlEdit, type YamlPath } from "./edit.ts";

/**
 * The attribute that keeps what an offline devfile said before: JSON in one scalar, which fits
 * where attributes are free-form and where, as before schema version 2.1.0, they were not always.
 * Every schema version allows attributes for a starter project and under metadata.
 */
export const ORIGIN_ATTRIBUTE = "devreg.dev/origin";

/** What stood in a devfile before: the source text of its scalars. */
export type OriginValue = string | readonly OriginValue[] | { readonly [key: string]: OriginValue };

/** What stood in the places of a devfile before, by key or path: "git", "metadata.icon". */
export type Origin = { readonly [place: string]: OriginValue };

const originValue: z.ZodType<OriginValue> = z.lazy(() =>
  z.union([z.string(), z.array(originValue), z.record(z.string(), originValue)]),
);
const originSchema = z.record(z.string(), originValue);

/** Takes a value of a devfile as text, so that a revision of 1.10 stays one. */
export function originOf(node: YamlNode): OriginValue {
  if (node.isList) return node.items().map(originOf);
  if (node.isMap) {
    return Object.fromEntries(node.entries().map(([key, below]) => [key, originOf(below)]));
  }
  return node.text() ?? "";
}

/**
 * Reads the origin kept in a map that has attributes; undefined when there is none.
 *
 * @throws {DevregError} INPUT_INVALID when somebody else wrote the attribute
 */
export function readOrigin(holder: YamlNode): Origin | undefined {
  const attributes = holder.get("attributes");
  const attribute = attributes.get(ORIGIN_ATTRIBUTE);
  if (!attribute.present) return undefined;
  const parsed = originSchema.safeParse(jsonOf(attribute.text() ?? ""));
  if (parsed.success) return parsed.data;
  throw new DevregError(
    "INPUT_INVALID",
    `Cannot read "${attribute.path}": not what was kept when the devfile was rewritten`,
    { hint: `Remove the attribute "${ORIGIN_ATTRIBUTE}"` },
  );
}

/** Makes the edits that keep an origin in the attributes of a map, in front of the key `before`. */
export function keepOrigin(
  holder: YamlNode,
  path: YamlPath,
  origin: Origin,
  before?: string,
): readonly YamlEdit[] {
  const text = JSON.stringify(origin);
  const attributes = holder.get("attributes");
  const place = [...path, "attributes"];
  if (attributes.isMap) {
    const kept = attributes.get(ORIGIN_ATTRIBUTE).present;
    const at = [...place, ORIGIN_ATTRIBUTE];
    return [kept ? replaceScalar(at, text) : insertKey(at, text)];
  }
  const hasKey = holder.entries().some(([key]) => key === "attributes");
  const value = { [ORIGIN_ATTRIBUTE]: text };
  return [hasKey ? replaceNode(place, value) : insertKey(place, value, before)];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON, so not ours: the schema refuses it.
    return undefined;
  }
}
