import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseChallenges } from "../../../src/oci-client/remote/challenge.ts";

type Expected = readonly (readonly [scheme: string, parameters: Record<string, string>])[];

const parsed = (...headers: string[]) =>
  parseChallenges(headers).map(({ scheme, parameters }) => [
    scheme,
    Object.fromEntries(parameters),
  ]);

describe("parseChallenges()", () => {
  const table: readonly (readonly [name: string, headers: readonly string[], Expected])[] = [
    ["a scheme alone", ["Negotiate"], [["negotiate", {}]]],
    ["a quoted value", ['Basic realm="a b"'], [["basic", { realm: "a b" }]]],
    ["an unquoted value", ["Basic realm=a"], [["basic", { realm: "a" }]]],
    ["an empty value", ['Basic realm=""'], [["basic", { realm: "" }]]],
    [
      "commas and equals signs in quotes",
      ['Bearer realm="https://a/t?x=1,2",scope="repository:a/b:pull,push"'],
      [["bearer", { realm: "https://a/t?x=1,2", scope: "repository:a/b:pull,push" }]],
    ],
    ["escapes", ['Basic realm="a\\"b\\\\c"'], [["basic", { realm: 'a"b\\c' }]]],
    [
      "spaces round equals signs and commas",
      ["Basic  a = b ,\t c=d"],
      [["basic", { a: "b", c: "d" }]],
    ],
    ["names in any case, the first counts", ["BASIC Realm=a,REALM=b"], [["basic", { realm: "a" }]]],
    [
      "several challenges in one header",
      ['Basic realm="a", Bearer realm="b",service=c, Negotiate'],
      [
        ["basic", { realm: "a" }],
        ["bearer", { realm: "b", service: "c" }],
        ["negotiate", {}],
      ],
    ],
    [
      "several headers",
      ["Basic realm=a", "Bearer realm=b"],
      [
        ["basic", { realm: "a" }],
        ["bearer", { realm: "b" }],
      ],
    ],
    [
      "a token68",
      ["Negotiate YWJjZA==, Basic realm=a"],
      [
        ["negotiate", {}],
        ["basic", { realm: "a" }],
      ],
    ],
    ["empty list elements", [", ,Basic realm=a,,"], [["basic", { realm: "a" }]]],
    ["a quote that never ends", ['Basic a=b, realm="c'], [["basic", { a: "b" }]]],
    ["nothing", [""], []],
    ["no challenge at all", ['="x"'], []],
  ];
  for (const [name, headers, expected] of table) {
    test(`reads ${name}`, () => {
      expect(parsed(...headers)).toEqual(expected as unknown as ReturnType<typeof parsed>);
    });
  }

  test("reads any text to an end, at most sixteen challenges", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => parseChallenges([a, b]).length <= 16),
    );
    expect(parsed("a, ".repeat(5000))).toHaveLength(16);
  });

  test("gives back any value that was quoted", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-ascii" }), (value) => {
        const quoted = value.replace(/["\\]/g, "\\$&");
        expect(parsed(`Bearer realm="${quoted}", x=y`)).toEqual([
          ["bearer", { realm: value, x: "y" }],
        ]);
      }),
    );
  });
});
