import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { textOf } from "../../../src/bytes.ts";
import { formatIndex, type IndexEntry, type RegistryIndex } from "../../../src/generator/index.ts";
import { PrintedIndex } from "../../../src/server/rest/printed-index.ts";
import { FILTER_INDEX } from "../../support/filter-index.ts";

/** Text that looks like the lines an entry is cut at. */
const HOSTILE: IndexEntry = {
  name: "hostile",
  type: "stack",
  description: '\n    "versions": [\n      {\n      }\n    ]',
  attributes: { versions: ["a", { b: [] }] },
  versions: [
    { version: "2.0.0", description: "\n      {\n      }", links: { self: "a" } },
    { version: "1.0.0", tags: ["\n    ]"], default: true },
  ],
};
const INDEX: RegistryIndex = [...FILTER_INDEX, HOSTILE, { name: "bare", type: "sample" }];

describe("PrintedIndex", () => {
  test("holds what formatIndex() prints", () => {
    expect(textOf(new PrintedIndex(INDEX).bytes)).toBe(textOf(formatIndex(INDEX)));
    expect(textOf(new PrintedIndex([]).bytes)).toBe("[]");
  });

  test("prints any choice of entries and versions as formatIndex() does", () => {
    const printed = new PrintedIndex(INDEX);
    const byName = new Map<string, string>();
    const choice = fc.tuple(
      ...INDEX.map((entry) =>
        fc.option(fc.subarray([...(entry.versions ?? [])]), { nil: undefined }),
      ),
    );
    fc.assert(
      fc.property(choice, (choices) => {
        const entries = INDEX.flatMap((entry, at) => {
          const versions = choices[at];
          if (versions === undefined) return [];
          const whole = versions.length === (entry.versions ?? []).length;
          if (!whole && versions.length === 0) return [];
          return [whole ? entry : { ...entry, versions }];
        });
        const bytes = textOf(printed.print(entries));
        expect(bytes).toBe(textOf(formatIndex(entries)));
        const name = printed.nameOf(entries);
        expect(byName.get(name) ?? bytes).toBe(bytes);
        byName.set(name, bytes);
      }),
    );
    expect(new Set(byName.values()).size).toBe(byName.size);
  });

  test("prints anew what it cannot cut", () => {
    const entry: IndexEntry = { name: "odd", type: "stack", versions: [] };
    const strange = { ...entry, versions: [{ version: "1.0.0" }] };
    const printed = new PrintedIndex([entry]);
    expect(textOf(printed.print([strange]))).toBe(textOf(formatIndex([strange])));
  });
});
