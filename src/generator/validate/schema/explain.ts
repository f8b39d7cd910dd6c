import type { YamlNode } from "../../yaml/index.ts";
import { nearWord } from "../near-word.ts";
import { explainChoice, explainMissing, explainUnknownKey } from "./explain-key.ts";
import { explainType } from "./explain-type.ts";
import type { Fault } from "./fault.ts";
import { patternWords } from "./patterns.ts";
import { choices, knownKeys, missingKey, type SchemaError, unknownKey } from "./validators.ts";
import { foundType, joinWords, labelOf, shown } from "./words.ts";

/** One objection, the value it is about, and the steps that lead there. */
interface Placed {
  readonly error: SchemaError;
  readonly path: readonly string[];
  readonly node: YamlNode;
  /** Of a key that is unknown, the versions of the schema that know it. */
  readonly knowing: readonly string[];
}

/** Says in plain words what is wrong and what to do; scripts/schemas.ts knows every keyword too. */
export function explain(placed: Placed): Fault {
  const { error, path, node } = placed;
  const { keyword, params, data } = error;
  switch (keyword) {
    case "type":
      return explainType(node, path, String(params["type"]), data);
    case "additionalProperties":
      return explainUnknownKey(node, path, unknownKey(error), {
        known: knownKeys(error),
        knowing: placed.knowing,
      });
    case "required":
      return explainMissing(node, path, missingKey(error));
    case "oneOf":
      return explainChoice(node, path, choices(error), Object(data));
    case "enum":
      return explainEnum(placed, params["allowedValues"] as readonly string[]);
    case "pattern":
      return explainPattern(placed, String(params["pattern"]));
    case "maxLength":
      return explainLength(placed, Number(params["limit"]));
    case "uniqueItems":
      return explainDuplicate(placed);
    default:
      return explainNumber(placed);
  }
}

function explainEnum({ node, path, error }: Placed, allowed: readonly string[]): Fault {
  const near = nearWord(shown(String(error.data)), allowed);
  const message = `${labelOf(path)} is "${shown(String(error.data))}", not ${joinWords(allowed, "or")}`;
  const hint = near === undefined ? `Use one of ${allowed.join(", ")}` : `Did you mean ${near}?`;
  return { rule: "schema-enum", node, message, hint };
}

function explainPattern({ node, path, error }: Placed, pattern: string): Fault {
  const { wanted, hint } = patternWords(pattern);
  const message = `${labelOf(path)} is "${shown(String(error.data))}" where it must be ${wanted}`;
  return { rule: "schema-pattern", node, message, hint: shown(hint(String(error.data))) };
}

function explainLength({ node, path, error }: Placed, limit: number): Fault {
  const length = [...String(error.data)].length;
  const message = `${labelOf(path)} has ${length} characters, over the limit of ${limit}`;
  return { rule: "schema-length", node, message, hint: "Choose a shorter one" };
}

function explainDuplicate({ node, path, error }: Placed): Fault {
  const [first, again] = [Number(error.params["i"]), Number(error.params["j"])].sort(
    (a, b) => a - b,
  );
  const message = `${labelOf(path)} has the same item twice, as ${first} and ${again} of the list`;
  const item = node.find([again ?? 0]);
  return { rule: "schema-duplicate", node: item, message, hint: "Remove one of them" };
}

function explainNumber({ node, path, error }: Placed): Fault {
  const message = `${labelOf(path)} is ${foundType(error.data)} that no port can be`;
  return { rule: "schema-number", node, message, hint: "Write a number from 1 to 65535" };
}
