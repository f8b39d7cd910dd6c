import type { YamlNode } from "../../yaml/index.ts";
import { childOf, has, itemsOf, type PlacedText, textAt } from "./placed-text.ts";

/** The kinds of components, in the order in which the library looks for them. */
const COMPONENT_KINDS = [
  "container",
  "volume",
  "openshift",
  "kubernetes",
  "image",
  "plugin",
] as const;
/** What a component is. */
export type ComponentKind = (typeof COMPONENT_KINDS)[number];

/** An endpoint of a component. */
export interface Endpoint {
  readonly node: YamlNode;
  readonly name: PlacedText | undefined;
}

/** A component of a devfile. */
export interface Component {
  readonly node: YamlNode;
  readonly name: PlacedText | undefined;
  readonly kind: ComponentKind | undefined;
  /** What stands below the kind. */
  readonly body: YamlNode;
  readonly endpoints: readonly Endpoint[];
}

/** Reads a component as far as its shape allows. */
export function readComponent(node: YamlNode): Component {
  const kind = COMPONENT_KINDS.find((each) => has(node, each));
  const body = kind === undefined ? node : node.get(kind);
  const endpoints =
    kind === "volume" || kind === "image" ? [] : itemsOf(childOf(body, "endpoints"));
  return {
    node,
    name: textAt(childOf(node, "name")),
    kind,
    body,
    endpoints: endpoints.map((each) => ({ node: each, name: textAt(childOf(each, "name")) })),
  };
}
