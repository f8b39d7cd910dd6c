import { QUANTITY_CHARS } from "../../../check-limits.ts";
import type { Rule } from "../rule.ts";
import type { Amount } from "./amount.ts";
import type { DevfileContent } from "./content.ts";
import { likelyQuantity } from "./likely-quantity.ts";
import { compareQuantities, isQuantity, isZero, type Quantity } from "./quantity.ts";
import { suggestName } from "./suggest.ts";
import type { Variables } from "./variable-text.ts";

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
  *check({ amounts, variables }) {
    for (const { field, node, text, quantity } of amounts) {
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
  *check({ amounts }) {
    for (const { request, limit } of PAIRS) {
      const limits = new Map(
        amounts.filter(({ field }) => field === limit).map((each) => [each.owner, each]),
      );
      for (const asked of amounts.filter(({ field }) => field === request)) {
        const most = limits.get(asked.owner);
        if (most === undefined || !isOver(asked, most)) continue;
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
  *check({ amounts }) {
    for (const amount of amounts) {
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

/** Parity: a limit of nothing counts as none. */
function isOver({ quantity: asked }: Amount, { quantity: most }: Amount): boolean {
  if (asked === undefined || most === undefined || isZero(most)) return false;
  return compareQuantities(asked, most) > 0;
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
