import type { YamlNode } from "../../yaml/index.ts";
import type { Component } from "./component.ts";
import { childOf, textAt } from "./placed-text.ts";
import { parseQuantity, type Quantity } from "./quantity.ts";
import type { Variables } from "./variable-text.ts";

/** An amount of memory, processors or storage that a component names. */
export interface Amount {
  readonly owner: Component;
  readonly field: string;
  readonly node: YamlNode;
  /** As it counts: with variables filled in, where the library does so. */
  readonly text: string;
  /** Undefined when it is none, or too long to compare. */
  readonly quantity: Quantity | undefined;
}

/** The fields in which the library fills in variables, which it forgot in those of processors. */
const FILLED_IN = ["memoryLimit", "memoryRequest", "size"];
const FIELDS = ["memoryLimit", "memoryRequest", "cpuLimit", "cpuRequest"];

/** Reads the amounts of components that have any. */
export function readAmounts(
  components: readonly Component[],
  variables: Variables,
): readonly Amount[] {
  return components.flatMap((owner) => {
    if (owner.kind === "volume") return amountAt("size", owner, variables);
    if (owner.kind !== "container") return [];
    return FIELDS.flatMap((field) => amountAt(field, owner, variables));
  });
}

function amountAt(field: string, owner: Component, variables: Variables): readonly Amount[] {
  const given = textAt(childOf(owner.body, field));
  if (given === undefined) return [];
  const text = FILLED_IN.includes(field) ? variables.fillIn(given.text) : given.text;
  // Parity: what is empty counts as not given.
  if (text === "") return [];
  return [{ owner, field, node: given.node, text, quantity: parseQuantity(text) }];
}
