import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { utf8 } from "../../../../src/bytes.ts";
import { FILLED_IN_CHARS } from "../../../../src/check-limits.ts";
import { Variables } from "../../../../src/generator/validate/devfile/variable-text.ts";
import { parseYaml } from "../../../../src/generator/yaml/index.ts";

/** As the library finds variables; what stands for its \s and its dot differs in JavaScript. */
const REFERENCE = /\{\{[\t\n\f\r ]*([^\n]*?)[\t\n\f\r ]*\}\}/g;

const text = fc
  .array(fc.constantFrom("{{", "}}", "{", "}", " ", "\n", "\t", "\u00a0", "a", "b", "ab"))
  .map((parts) => parts.join(""));

describe("Variables", () => {
  test("finds what the library finds", () => {
    const variables = variablesOf({});
    fc.assert(
      fc.property(text, (each) => {
        const keys = Array.from(each.matchAll(REFERENCE), ([, key = ""]) => key);
        expect(variables.undefinedIn(each)).toEqual([...new Set(keys)]);
      }),
      { numRuns: 5000 },
    );
  });

  test("fills in one variable after the other, as the library does", () => {
    const variables = variablesOf({ a: "{{b}}", b: "c" });
    expect(variables.fillIn("{{a}}")).toBe("{{b}}");
    expect(variables.fillIn("{{a}} {{ b }}")).toBe("{{b}} c");
    expect(variables.fillIn("{{a}}{{b}}")).toBe("cc");
    expect(variables.fillIn("{{x}} {{b}}")).toBe("{{x}} c");
  });

  test("knows no variables in version 2.0.0", () => {
    const variables = variablesOf({ a: "b" }, "2.0.0");
    expect(variables.fillIn("{{a}}")).toBe("{{a}}");
    expect(variables.undefinedIn("{{c}}")).toEqual([]);
  });

  test("stops at a bound when variables double what they fill in", () => {
    const names = Array.from({ length: 40 }, (_, index) => `v${index}`);
    const values = names.map((name, index) => [name, `{{v${index + 1}}}`.repeat(2)] as const);
    const all = names.map((name) => `{{${name}}}`).join("");
    expect(variablesOf(Object.fromEntries(values)).fillIn(all).length).toBeLessThanOrEqual(
      FILLED_IN_CHARS,
    );
  });

  // What looks at the rest of the text from each place in it takes minutes.
  test.each<[string, string, string[]]>([
    ["opening braces", "{{".repeat(200_000), []],
    ["opening braces on lines", "{{a\n".repeat(500_000), []],
    ["opening braces that end far away", `${"{{\na ".repeat(400_000)}}}`, ["a"]],
    ["spaces", `{{${" ".repeat(400_000)}`, []],
    ["variables", "{{a}}".repeat(400_000), ["a"]],
  ])(
    "reads a long text of %s",
    (_, long, expected) => expect(variablesOf({}).undefinedIn(long)).toEqual(expected),
    60_000,
  );
});

function variablesOf(values: Readonly<Record<string, string>>, version = "2.2.2"): Variables {
  const root = parseYaml(
    "devfile.yaml",
    utf8(JSON.stringify({ variables: values })),
    ({ message }) => {
      throw new Error(message);
    },
  );
  if (root === undefined) throw new Error("the variables cannot be read");
  return new Variables(version, root.get("variables"));
}
