import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { utf8 } from "../../../src/bytes.ts";
import { Origins } from "../../../src/generator/imports/sourced-tree.ts";
import { treeText } from "../../../src/generator/imports/tree-text.ts";
import { parseYaml, type YamlNode } from "../../../src/generator/yaml/index.ts";

const RUNS = 150;
setDefaultTimeout(60_000);

function parsed(text: string): YamlNode {
  const root = parseYaml("devfile.yaml", utf8(text), (finding) => {
    if (finding.severity === "error") throw new Error(finding.message);
  });
  return root ?? expect.unreachable();
}

/** What a tree says when it is written and read again. */
const again = (root: YamlNode) => parsed(treeText(new Origins().treeOf(root)));

describe("treeText()", () => {
  test("says again what was read, in keys and text of any kind", () => {
    const leaf = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string(),
      fc.constantFrom("yes", "null", "1.10", "", " ", "#", "- a", "a: b", "\ufeff", "\u2028"),
      fc.constant(null),
      fc.integer(),
      fc.boolean(),
    );
    const key = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom("y", "no", "a.b", "1", "x y"),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(key, tie("value"), { maxKeys: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, value, { minKeys: 1, maxKeys: 4 }), (content) => {
        const root = parsed(JSON.stringify(content));
        expect(again(root).value()).toEqual(root.value());
      }),
      { seed: 6, numRuns: RUNS },
    );
  });

  test("keeps what is no text as it is spelled", () => {
    const root = again(
      parsed("a: 1.10\nb: yes\nc: 0x1F\nd: ~\ne: '1.10'\nf: 2025-01-01\ng:\n- - .inf\n"),
    );
    expect(root.get("a").text()).toBe("1.10");
    expect(root.get("a").readsAsOtherThanText).toBe(true);
    expect(root.get("b").flag()).toBe(true);
    expect(root.get("c").text()).toBe("0x1F");
    expect(root.get("d").present).toBe(false);
    expect(root.get("e").readsAsOtherThanText).toBe(false);
    expect(root.get("f").text()).toBe("2025-01-01");
    expect(root.find(["g", 0, 0]).text()).toBe(".inf");
  });

  test("writes aliases and merge keys out", () => {
    const text = "a: &a {x: 1, y: [2]}\nb: {<<: *a, x: 3}\nc: *a\n";
    expect(again(parsed(text)).value()).toEqual({
      a: { x: 1, y: [2] },
      b: { x: 3, y: [2] },
      c: { x: 1, y: [2] },
    });
  });
});
