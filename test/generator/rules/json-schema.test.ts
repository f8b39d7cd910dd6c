import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { Ajv } from "ajv";
import fc from "fast-check";
import { compileSchema } from "../../../src/generator/rules/json-schema/index.ts";

// The other implementation writes code for each schema.
setDefaultTimeout(30_000);

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
    [{ minLength: 2, maxLength: 3 }, "😀", [": is shorter than 2"]],
    [{ minLength: 2, maxLength: 3 }, "abcd", [": is longer than 3"]],
    [{ minItems: 1, maxItems: 2 }, [], [": has less items than 1"]],
    [{ minItems: 1, maxItems: 2 }, [1, 2, 3], [": has more items than 2"]],
    [{ minProperties: 1 }, {}, [": has less keys than 1"]],
    [{ maxProperties: 0 }, { a: 1 }, [": has more keys than 0"]],
    [{ minimum: 2, maximum: 4 }, 1, [": is less than 2"]],
    [{ minimum: 2, maximum: 4 }, 5, [": is more than 4"]],
    [{ exclusiveMinimum: 2, exclusiveMaximum: 4 }, 2, [": is not more than 2"]],
    [{ exclusiveMinimum: 2, exclusiveMaximum: 4 }, 4, [": is not less than 4"]],
    [{ multipleOf: 2 }, 3, [": is no multiple of 2"]],
    [{ pattern: "^a" }, "ab", []],
    [{ pattern: "^a" }, "ba", [": does not match ^a"]],
    [{ pattern: "^a" }, 5, []],
    [
      { uniqueItems: true },
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      [": has an item twice"],
    ],
    [{ dependentRequired: { a: ["b"] } }, { a: 1 }, ["b: is missing"]],
    [{ dependentRequired: { a: ["b"] } }, { c: 1 }, []],
    [{ properties: { a: { type: "string" } } }, { a: 1 }, ["a: is a number where text is needed"]],
    [{ properties: { a: { type: "string" } } }, [1], []],
    [
      { patternProperties: { "^x-": { type: "string" } }, additionalProperties: false },
      { "x-a": 1, y: 2 },
      ["x-a: is a number where text is needed", "y: is not allowed"],
    ],
    [
      { properties: { a: true }, additionalProperties: { type: "string" } },
      { a: 1, b: 2 },
      ["b: is a number where text is needed"],
    ],
    [{ propertyNames: { maxLength: 1 } }, { ab: 1 }, ["ab: is longer than 1"]],
    [{ items: { type: "string" } }, ["a", 1], ["1: is a number where text is needed"]],
    [{ prefixItems: [{ const: 1 }], items: false }, [1, 2], ["1: is not allowed"]],
    [{ contains: { const: 1 } }, [2], [": has 0 of the items of which 1 is needed"]],
    [{ contains: { const: 1 }, minContains: 0 }, [2], []],
    [
      { contains: { const: 1 }, maxContains: 1 },
      [1, 1],
      [": has 2 of the items of which 1 is allowed"],
    ],
    [
      { allOf: [{ minLength: 2 }, { pattern: "^b" }] },
      "a",
      [": is shorter than 2", ": does not match ^b"],
    ],
    [
      { anyOf: [{ required: ["a"] }, { required: ["b", "c"] }] },
      {},
      [": fits none of the 2 forms allowed; for the nearest, a is missing"],
    ],
    [{ anyOf: [{ type: "string" }, { type: "null" }] }, null, []],
    [
      { oneOf: [{ type: "number" }, { minimum: 2 }] },
      3,
      [": fits 2 forms of which only one may fit"],
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
    [{ format: "uri" }, ["format: is no keyword that is known here"]],
    [{ type: "text" }, ["type: is no type"]],
    [{ required: "a" }, ["required: is no list of texts"]],
    [{ pattern: "(" }, ["pattern: is no regular expression"]],
    [{ enum: "a" }, ["enum: is no list"]],
    [{ minLength: "1" }, ["minLength: is no number"]],
    [{ properties: { a: 1 } }, ["properties.a: is no schema"]],
    [{ anyOf: [] }, ["anyOf: is no list of schemas"]],
    [{ $ref: "other.json#/a" }, ['$ref: leads nowhere: "other.json#/a"']],
    [{ $ref: "#/$defs/none" }, ['$ref: leads nowhere: "#/$defs/none"']],
    [{ if: { typ: "string" } }, ["if.typ: is no keyword that is known here"]],
  ];
  test.each(wrong)("finds the mistake in %j", (schema, expected) => {
    expect(mistakes(schema)).toEqual([...expected]);
  });

  test("ends with schemas that lead to themselves, and with values nested deep", () => {
    expect(judge({ $ref: "#" }, 1)).toEqual([": is nested too deep to be judged"]);
    expect(judge({ properties: { a: { $ref: "#" } } }, { a: { a: { a: 1 } } })).toEqual([]);
    let value: unknown = 1;
    for (let depth = 0; depth < 5000; depth++) value = { a: value };
    expect(judge({ properties: { a: { $ref: "#" } } }, value)).toHaveLength(1);
    let schema: unknown = true;
    for (let depth = 0; depth < 5000; depth++) schema = { not: schema };
    expect(mistakes(schema)).toHaveLength(1);
  });

  test("gives no more issues than a report can use", () => {
    const list = Array.from({ length: 1000 }, () => 1);
    expect(judge({ items: { type: "string" } }, list)).toHaveLength(20);
  });

  test("accepts what another implementation accepts, and nothing else", () => {
    // Of draft 7: what it has for later ones fails on some schemas of this property.
    const ajv = new Ajv({ strict: false, allErrors: true, validateSchema: false });
    fc.assert(
      fc.property(schemas, small, small, (schema, one, other) => {
        const { judge: judgeValue, mistakes: wrong } = compileSchema(schema);
        expect(wrong).toEqual([]);
        const validate = ajv.compile(structuredClone(schema));
        for (const each of [one, other]) {
          expect([schema, each, judgeValue(each).length === 0]).toEqual([
            ...[schema, each, validate(structuredClone(each))],
          ]);
        }
      }),
      { numRuns: 40, seed: 6 },
    );
  });
});

/** Would make promises of the records that have it, says the linter. */
const THEN = "then";
const key = fc.constantFrom("a", "b", "x-c");
/** Values that schemas of the same few words fit now and then. */
const { small } = fc.letrec<{ small: unknown }>((tie) => ({
  small: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom(0, 1, 2.5, "a", "bc", true, null),
    fc.array(tie("small"), { maxLength: 3 }),
    fc.dictionary(key, tie("small"), { maxKeys: 3 }),
  ),
}));
const { schema: schemas } = fc.letrec<{ schema: object }>((tie) => {
  const some = { requiredKeys: [], noNullPrototype: true };
  const list = fc.array(tie("schema"), { minLength: 1, maxLength: 2 });
  const count = fc.nat({ max: 2 });
  return {
    schema: fc.oneof(
      { maxDepth: 2 },
      fc.record(
        {
          type: fc.constantFrom(
            "string",
            "number",
            "integer",
            "boolean",
            "array",
            "object",
            "null",
          ),
          ...{ minLength: count, maxItems: count, minProperties: count, minimum: count },
          enum: fc.array(fc.constantFrom(1, "a", null, true), { minLength: 1, maxLength: 2 }),
          ...{
            required: fc.uniqueArray(key, { maxLength: 2 }),
            pattern: fc.constantFrom("^a", "c$"),
          },
          uniqueItems: fc.boolean(),
        },
        some,
      ),
      fc.record(
        {
          ...{ properties: fc.dictionary(key, tie("schema")), items: tie("schema") },
          ...{ additionalProperties: fc.oneof(fc.boolean(), tie("schema")), not: tie("schema") },
          ...{ patternProperties: fc.dictionary(fc.constantFrom("^x-", "b"), tie("schema")) },
          ...{
            contains: tie("schema"),
            prefixItems: list,
            if: tie("schema"),
            [THEN]: tie("schema"),
          },
          ...{ allOf: list, anyOf: list, oneOf: list, else: tie("schema") },
        },
        some,
      ),
    ),
  };
});
