import { QUANTITY_CHARS } from "../../../check-limits.ts";
import type { Rule } from "../rule.ts";
import type { Component } from "./component.ts";
import type { DevfileContent } from "./content.ts";
import { likelyQuantity } from "./likely-quantity.ts";
import { textAt } from "./placed-text.ts";
import { compareQuantities, isQuantity, isZero, parseQuantity, type Quantity } from "./quantity.ts";
import { suggestName } from "./suggest.ts";
import type { Variables } from "./variable-text.ts";

/** An amount that a devfile names. */
interface Amount {
  readonly field: string;
  readonly node: Component["node"];
  /** As it counts: with variables filled in, where the library does so. */
  readonly text: string;
  readonly quantity: Quantity | undefined;
}

/** The fields in which the library fills in variables, which it forgot in those of processors. */
const FILLED_IN = ["memoryLimit", "memoryRequest", "size"];
const FIELDS = ["memoryLimit", "memoryRequest", "cpuLimit", "cpuRequest"];
const PAIRS = [
  { request: "memoryRequest", limit: "memoryLimit" },
  { request: "cpuRequest", limit: "cpuLimit" },
];
/** Nothing runs in less memory, nor is less stored: whoever writes it means another unit. */
const LEAST_BYTES: Quantity = { negative: false, digits: 4096n, exponent: 0 };
/**
 * Parity: ValidateComponents (ParsingResourceRequirementError, InvalidVolumeError) in
 * validation/components.go of devfile/api.
 */
const wellFormed: Rule<DevfileContent> = {
  name: "quantity",
  *check({ components, variables }) {
    for (const { field, node, text, quantity } of amountsOf(components, variables)) {
      if (quantity !== undefined || isQuantity(text)) continue;
      yield {
        severity: "error",
        at: node.position(),
        message: `${field} "${text}" is no quantity`,
        hint: adviceFor(field, text, variables),
      };
    }
  },
};

/** Parity: ValidateComponents (InvalidResourceRequestError) in validation/components.go of devfile/api. */
const withinLimit: Rule<DevfileContent> = {
  name: "request-over-limit",
  *check({ components, variables }) {
    for (const component of components) {
      const amounts = amountsOf([component], variables);
      for (const { request, limit } of PAIRS) {
        const [asked, most] = [request, limit].map((each) =>
          amounts.find(({ field }) => field === each),
        );
        if (asked?.quantity === undefined || most?.quantity === undefined) continue;
        if (isZero(most.quantity) || compareQuantities(asked.quantity, most.quantity) <= 0)
          continue;
        yield {
          severity: "error",
          at: asked.node.position(),
          message: `${request} "${asked.text}" is more than ${limit} "${most.text}"`,
          hint: `Raise ${limit}, or ask for less`,
        };
      }
    }
  },
};

/** Parity: the library takes every quantity, be it negative or some thousandths of a byte. */
const sensible: Rule<DevfileContent> = {
  name: "quantity-odd",
  *check({ components, variables }) {
    for (const amount of amountsOf(components, variables)) {
      const message = oddness(amount);
      const hint = exampleFor(amount.field);
      if (message !== undefined) {
        yield { severity: "warning", at: amount.node.position(), message, hint };
      }
    }
  },
};

/** Rules on amounts of memory, processors and storage. */
export const quantityRules: readonly Rule<DevfileContent>[] = [wellFormed, withinLimit, sensible];

function amountsOf(components: readonly Component[], variables: Variables): readonly Amount[] {
  return components.flatMap(({ kind, body }) => {
    if (kind === "volume") return amountAt("size", body, variables);
    if (kind !== "container") return [];
    return FIELDS.flatMap((field) => amountAt(field, body, variables));
  });
}

function amountAt(field: string, body: Component["node"], variables: Variables): readonly Amount[] {
  const given = textAt(body.get(field));
  if (given === undefined) return [];
  const text = FILLED_IN.includes(field) ? variables.fillIn(given.text) : given.text;
  // Parity: what is empty counts as not given.
  return text === "" ? [] : [{ field, node: given.node, text, quantity: parseQuantity(text) }];
}

function adviceFor(field: string, text: string, variables: Variables): string {
  const [unknown] = variables.undefinedIn(text);
  if (unknown !== undefined) {
    return suggestName(unknown, variables.names) ?? `Define "${unknown}" below variables`;
  }
  if (text.includes("{{")) return `Write the number: variables are not filled in at ${field}`;
  const likely = likelyQuantity(text);
  return likely === undefined ? exampleFor(field) : `Write "${likely}"`;
}

function exampleFor(field: string): string {
  const examples = field.startsWith("cpu") ? "500m or 2" : "512Mi or 2Gi";
  return `Write a number and its unit, such as ${examples}`;
}

function oddness({ field, text, quantity }: Amount): string | undefined {
  if (text.length > QUANTITY_CHARS && isQuantity(text))
    return `${field} is over ${QUANTITY_CHARS} characters long`;
  if (quantity === undefined || isZero(quantity)) return undefined;
  if (quantity.negative) return `${field} "${text}" is less than nothing`;
  const isBytes = !field.startsWith("cpu");
  if (!isBytes || compareQuantities(quantity, LEAST_BYTES) >= 0) return undefined;
  return `${field} "${text}" is less than four kilobytes`;
}
