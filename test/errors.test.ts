import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  compareIssues,
  DevregError,
  describeError,
  formatIssue,
  InputError,
  type InputIssue,
  RegistryResponseError,
} from "../src/errors.ts";

describe("DevregError", () => {
  test("carries code, message, hint and cause", () => {
    const cause = new Error("EACCES");
    const error = new DevregError("IO", 'Cannot read "x": denied', { hint: "Check it", cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "DevregError", code: "IO", hint: "Check it", cause });
  });

  test("has no cause at all when there was none", () => {
    const error = new DevregError("USAGE", "Cannot read flags: none");
    expect("cause" in error).toBe(false);
    expect(error.hint).toBeUndefined();
  });

  test("its subclasses are told apart by what they carry", () => {
    const exchange = { method: "GET", url: "https://host/v2/", status: 500, errors: [] };
    const error = new RegistryResponseError("REGISTRY_RESPONSE", "Cannot push: 500", exchange);
    expect(error).toBeInstanceOf(DevregError);
    expect(error.exchange.status).toBe(500);
  });
});

describe("InputError", () => {
  test("sorts its issues by file, line, column and message, and leaves the list it got alone", () => {
    const issues: InputIssue[] = [
      { file: "b.yaml", message: "z" },
      { file: "a.yaml", line: 10, column: 1, message: "z" },
      { file: "a.yaml", line: 2, column: 9, message: "b" },
      { file: "a.yaml", line: 2, column: 9, message: "a" },
      { file: "a.yaml", line: 2, column: 3, message: "z" },
      { file: "a.yaml", message: "about the whole file" },
    ];
    const given = [...issues];
    const error = new InputError("Cannot read stack: 6 errors", issues);
    expect(issues).toEqual(given);
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.issues.map(formatIssue)).toEqual([
      "a.yaml: about the whole file",
      "a.yaml:2:3: z",
      "a.yaml:2:9: a",
      "a.yaml:2:9: b",
      "a.yaml:10:1: z",
      "b.yaml: z",
    ]);
  });

  test("the order is the same whatever order issues were found in", () => {
    const issue = fc.record({
      file: fc.constantFrom("a", "b", "Z"),
      line: fc.nat(3),
      column: fc.nat(3),
      message: fc.constantFrom("x", "y"),
    });
    fc.assert(
      fc.property(fc.array(issue), (issues) => {
        const sorted = issues.toSorted(compareIssues);
        expect(issues.toReversed().sort(compareIssues)).toEqual(sorted);
        for (const [index, one] of sorted.slice(1).entries()) {
          const before = sorted[index];
          if (before) expect(compareIssues(before, one)).toBeLessThanOrEqual(0);
        }
      }),
    );
  });
});

describe("formatIssue()", () => {
  const table: readonly (readonly [InputIssue, string])[] = [
    [{ file: "f", message: "m" }, "f: m"],
    [{ file: "f", line: 3, message: "m" }, "f:3:1: m"],
    [{ file: "f", line: 3, column: 7, message: "m" }, "f:3:7: m"],
    [{ file: "f", path: "", message: "m" }, "f: m"],
    [{ file: "f", line: 3, path: "metadata.name", message: "m" }, "f:3:1: metadata.name: m"],
  ];
  for (const [issue, text] of table) {
    test(`writes ${text}`, () => expect(formatIssue(issue)).toBe(text));
  }
});

describe("describeError()", () => {
  const refused = Object.assign(new Error(""), { code: "ECONNREFUSED" });
  const table: readonly (readonly [string, unknown, string])[] = [
    ["the message", new Error("it broke", { cause: new Error("deeper") }), "it broke"],
    ["the code where there is no message", refused, "ECONNREFUSED"],
    [
      "the first of several failures",
      new AggregateError([refused, new Error("b")], ""),
      "ECONNREFUSED",
    ],
    [
      "the cause where there is nothing else",
      new Error("", { cause: new Error("deeper") }),
      "deeper",
    ],
    ["its name where nothing says anything", new TypeError(""), "TypeError"],
    ["an error whose code is a number", Object.assign(new Error(""), { code: 20 }), "Error"],
    ["text that was thrown", "boom", "boom"],
    ["nothing that was thrown", undefined, "undefined"],
  ];
  for (const [what, error, text] of table) {
    test(`gives ${what}`, () => expect(describeError(error)).toBe(text));
  }

  test("ends when errors are each other's cause", () => {
    const error = new TypeError("");
    error.cause = new Error("", { cause: error });
    expect(describeError(error)).toBe("TypeError");
  });
});
