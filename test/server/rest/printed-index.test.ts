import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { concatBytes, textOf, utf8 } from "../../../src/bytes.ts";
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
    { version: "", description: "" },
    { version: "1.0.0", description: "ü — 語", tags: ["\n    ]"], default: true },
  ],
};
const INDEX: RegistryIndex = [...FILTER_INDEX, HOSTILE, { name: "bare", type: "sample" }];

describe("PrintedIndex", () => {
  test("holds what formatIndex() prints", async () => {
    expect(textOf((await PrintedIndex.print(INDEX)).bytes)).toBe(textOf(formatIndex(INDEX)));
    const empty = await PrintedIndex.print([]);
    expect(textOf(empty.bytes)).toBe("[]");
    expect(textOf(concatBytes([...empty.choose([]).pieces()]))).toBe("[]");
  });

  test("gives any choice of entries and versions as formatIndex() prints it", async () => {
    const printed = await PrintedIndex.print(INDEX);
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
        const chosen = printed.choose(entries);
        const bytes = textOf(concatBytes([...chosen.pieces()]));
        expect(bytes).toBe(textOf(formatIndex(entries)));
        expect(utf8(bytes).byteLength).toBe(chosen.size);
        const { name } = chosen;
        expect(byName.get(name) ?? bytes).toBe(bytes);
        byName.set(name, bytes);
      }),
    );
    expect(new Set(byName.values()).size).toBe(byName.size);
  });

  test("makes one part of what stands together", async () => {
    const printed = await PrintedIndex.print(INDEX);
    expect([...printed.choose(INDEX).parts()]).toEqual([
      { start: 0, end: printed.bytes.byteLength },
    ]);
    expect([...printed.choose(INDEX.slice(1, 3)).parts()]).toHaveLength(3);
  });

  test("finds the icon of an entry, not that of a version or an attribute", async () => {
    const index: RegistryIndex = [
      { name: "none", attributes: { icon: "no" }, versions: [{ version: "1.0.0", icon: "no" }] },
      { name: "odd", icon: 'a \\"quoted\\" ü <icon>, \\\\', versions: [{ version: "1.0.0" }] },
      { name: "last", icon: "last.svg" },
    ];
    const printed = await PrintedIndex.print(index);
    const icons = index.map((entry) => {
      const part = printed.iconOf(entry);
      return part && JSON.parse(textOf(printed.bytes.subarray(part.start, part.end)));
    });
    expect(icons).toEqual(index.map(({ icon }) => icon));
  });
});
