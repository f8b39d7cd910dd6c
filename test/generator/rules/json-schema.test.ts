import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { compileSchema } from "../../../src/generator/rules/json-schema.ts";

// A validator is made for each schema.
setDefaultTimeout(60_000);

/** Gives "path: message" of each issue. */
function judge(schema: unknown, value: unknown): string[] {
  const { judge: judgeValue, mistakes } = compileSchema(schema);
  expect(mistakes).toEqual([]);
  return judgeValue(value).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

function mistakes(schema: unknown): string[] {
  return compileSchema(schema).mistakes.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("compileSchema()", () => {
  const cases: readonly (readonly [unknown, unknown, readonly string[]])[] = [
    [true, 1, []],
    [false, 1, [": is not allowed"]],
    [{ type: "string" }, 1, [": is a number where text is needed"]],
    [{ type: ["string", "integer"] }, 1, []],
    [
      { type: ["string", "integer"] },
      1.5,
      [": is a number where text or a whole number is needed"],
    ],
    [{ type: "object" }, null, [": is empty where a map is needed"]],
    [{ enum: ["a", 1] }, 1, []],
    [{ enum: ["a", 1] }, "b", [': is none of "a", 1']],
    [{ const: { a: [1] } }, { a: [1] }, []],
    [{ const: "x" }, "y", [': is not "x"']],
    [{ required: ["a", "b"] }, { b: 1 }, ["a: is missing"]],
    [{ required: ["a"] }, "text", []],
    [{ minLength: 2, maxLength: 3 }, "😀", [": must NOT have fewer than 2 characters"]],
    [{ minLength: 2, maxLength: 3 }, "abcd", [": must NOT have more than 3 characters"]],
    [{ minItems: 1, maxItems: 2 }, [], [": must NOT have fewer than 1 items"]],
    [{ minItems: 1, maxItems: 2 }, [1, 2, 3], [": must NOT have more than 2 items"]],
    [{ minProperties: 1 }, {}, [": must NOT have fewer than 1 properties"]],
    [{ maxProperties: 0 }, { a: 1 }, [": must NOT have more than 0 properties"]],
    [{ minimum: 2, maximum: 4 }, 1, [": must be >= 2"]],
    [{ minimum: 2, maximum: 4 }, 5, [": must be <= 4"]],
    [{ exclusiveMinimum: 2, exclusiveMaximum: 4 }, 2, [": must be > 2"]],
    [{ exclusiveMinimum: 2, exclusiveMaximum: 4 }, 4, [": must be < 4"]],
    [{ multipleOf: 2 }, 3, [": must be multiple of 2"]],
    [{ pattern: "^a" }, "ab", []],
    [{ pattern: "^a" }, "ba", [": does not match ^a"]],
    [{ pattern: "^a" }, 5, []],
    [
      { uniqueItems: true },
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      [": must NOT have duplicate items (items ## 0 and 1 are identical)"],
    ],
    [{ dependentRequired: { a: ["b"] } }, { a: 1 }, ["b: is missing"]],
    [{ dependentRequired: { a: ["b"] } }, { c: 1 }, []],
    [{ properties: { a: { type: "string" } } }, { a: 1 }, ["a: is a number where text is needed"]],
    [{ properties: { a: { type: "string" } } }, [1], []],
    [
      { patternProperties: { "^x-": { type: "string" } }, additionalProperties: false },
      { "x-a": 1, y: 2 },
      ["y: is not allowed", "x-a: is a number where text is needed"],
    ],
    [
      { properties: { a: true }, additionalProperties: { type: "string" } },
      { a: 1, b: 2 },
      ["b: is a number where text is needed"],
    ],
    [{ propertyNames: { maxLength: 1 } }, { ab: 1 }, ["ab: must NOT have more than 1 characters"]],
    [{ items: { type: "string" } }, ["a", 1], ["1: is a number where text is needed"]],
    [{ prefixItems: [{ const: 1 }], items: false }, [1, 2], [": must NOT have more than 1 items"]],
    [{ contains: { const: 1 } }, [2], [": must contain at least 1 valid item(s)"]],
    [
      { contains: { const: 1 }, maxContains: 1 },
      [1, 1],
      [": must contain at least 1 and no more than 1 valid item(s)"],
    ],
    [
      { allOf: [{ minLength: 2 }, { pattern: "^b" }] },
      "a",
      [": must NOT have fewer than 2 characters", ": does not match ^b"],
    ],
    [
      { anyOf: [{ required: ["a"] }, { required: ["b", "c"] }] },
      {},
      [": fits none of the forms allowed"],
    ],
    [{ anyOf: [{ type: "string" }, { type: "null" }] }, null, []],
    [
      { oneOf: [{ type: "number" }, { minimum: 2 }] },
      3,
      [": fits several forms of which only one may fit"],
    ],
    [{ oneOf: [{ type: "number" }, { type: "string" }] }, 3, []],
    [{ not: { const: "latest" } }, "latest", [": is what it must not be"]],
    [
      JSON.parse('{"if":{"required":["a"]},"then":{"required":["b"]}}'),
      { a: 1 },
      ["b: is missing"],
    ],
    [{ if: { required: ["a"] }, else: { required: ["c"] } }, {}, ["c: is missing"]],
    [
      {
        $ref: "#/$defs/tree",
        $defs: { tree: { properties: { below: { $ref: "#/$defs/tree" } }, required: ["name"] } },
      },
      { name: 1, below: { below: { name: 2 } } },
      ["below.name: is missing"],
    ],
    [{ title: "t", description: "d", $schema: "s", examples: [1] }, 1, []],
  ];
  test.each(cases)("judges by %j the value %j", (schema, value, issues) => {
    expect(judge(schema, value)).toEqual([...issues]);
  });

  const wrong: readonly (readonly [unknown, readonly string[]])[] = [
    [{ requird: ["a"] }, ["requird: is no keyword that is known here"]],
    [{ format: "uri" }, ["format: is a format that is not checked here"]],
    [{ type: "text" }, ["type: must be equal to one of the allowed values"]],
    [{ required: "a" }, ["required: must be array"]],
    [{ pattern: "(" }, ["pattern: cannot be used: Invalid regular expression: missing )"]],
    [{ enum: "a" }, ["enum: must be array"]],
    [{ minLength: "1" }, ["minLength: must be integer"]],
    [{ properties: { a: 1 } }, ["properties.a: must be object,boolean"]],
    [{ anyOf: [] }, ["anyOf: must NOT have fewer than 1 items"]],
    [{ $ref: "other.json#/a" }, ['$ref: leads nowhere: "other.json#/a"']],
    [{ $ref: "#/$defs/none" }, ['$ref: leads nowhere: "#/$defs/none"']],
    [{ not: { typ: "string" } }, ["not.typ: is no keyword that is known here"]],
  ];
  test.each(wrong)("finds the mistake in %j", (schema, expected) => {
    expect(mistakes(schema)).toEqual([...expected]);
  });

  test("ends with schemas that lead to themselves, and with values nested deep", () => {
    expect(judge({ $ref: "#" }, 1)).toEqual([": is nested too deep to be judged"]);
    expect(judge({ properties: { a: { $ref: "#" } } }, { a: { a: { a: 1 } } })).toEqual([]);
    let value: unknown = 1;
    for (let depth = 0; depth < 5000; depth++) value = { a: value };
    expect(judge({ properties: { a: { $ref: "#" } } }, value)).toEqual([]);
    let schema: unknown = true;
    for (let depth = 0; depth < 5000; depth++) schema = { not: schema };
    expect(mistakes(schema)).toHaveLength(1);
  });

  test("gives no more issues than a report can use", () => {
    const list = Array.from({ length: 1000 }, () => 1);
    expect(judge({ items: { type: "string" } }, list)).toHaveLength(20);
  });
});
