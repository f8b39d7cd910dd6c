import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { textOf } from "../../src/bytes.ts";
import { goJson, goJsonList } from "../../src/generator/go-json.ts";

describe("goJson()", () => {
  test.each([
    ["a < b & c > d", String.raw`"a \u003c b \u0026 c \u003e d"`],
    ['quote " and \\', String.raw`"quote \" and \\"`],
    ["\n\r\t\b\f\u0001\u001f\u007f", '"\\n\\r\\t\\b\\f\\u0001\\u001f\u007f"'],
    ["\u2028\u2029", String.raw`"\u2028\u2029"`],
    ["é 漢 😀", '"é 漢 😀"'],
    ["lone \ud800 surrogate", '"lone \ufffd surrogate"'],
    [0, "0"],
    [-0, "-0"],
    [1.1, "1.1"],
    [1e20, "100000000000000000000"],
    [1e21, "1e+21"],
    [0.000001, "0.000001"],
    [1e-7, "1e-7"],
    [12345678901234567890n, "12345678901234567890"],
    [true, "true"],
    [null, "null"],
    [undefined, "null"],
    [[], "[]"],
    [{}, "{}"],
    [new Map(), "{}"],
  ])("prints %p as Go does", (value, printed) => {
    expect(goJson(value)).toBe(printed);
  });

  test("sorts the keys of a map by their bytes and keeps the order of a struct", () => {
    const map = { "\u{1f600}": 1, "\uff01": 2, b: 3, B: 4, "10": 5, "9": 6 };
    expect(goJson(map)).toBe('{"10":5,"9":6,"B":4,"b":3,"\uff01":2,"\u{1f600}":1}');
    const struct = new Map([
      ["z", 1],
      ["a", 2],
    ]);
    expect(goJson(struct)).toBe('{"z":1,"a":2}');
  });

  test("indents nested values and leaves empty ones on their line", () => {
    const value = new Map<string, unknown>([
      ["list", [1, []]],
      ["map", { a: {} }],
    ]);
    expect(goJson(value, "  ")).toBe(
      '{\n  "list": [\n    1,\n    []\n  ],\n  "map": {\n    "a": {}\n  }\n}',
    );
  });

  test("prints a list item by item as it prints it whole", () => {
    for (const list of [[], [1], ["é", [2, {}], new Map([["a", [null]]])]]) {
      for (const indent of ["", "  "]) {
        expect(textOf(goJsonList(list, indent))).toBe(goJson(list, indent));
      }
    }
  });

  test("refuses a number that JSON cannot hold", () => {
    expect(() => goJson([Number.NaN])).toThrow("Cannot print NaN as JSON");
  });

  test("prints what JSON.parse reads back", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom("", "  "), (value, indent) => {
        expect(JSON.parse(goJson(value, indent))).toEqual(value);
      }),
    );
  });
});
