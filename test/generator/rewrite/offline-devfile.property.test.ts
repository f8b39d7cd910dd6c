import { expect, test } from "bun:test";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import {
  findStarterSources,
  type OfflinePlan,
  ORIGIN_ATTRIBUTE,
  offlineDevfile,
  rerenderDevfile,
} from "../../../src/generator/rewrite/index.ts";

interface Starter {
  readonly name: string;
  readonly subDir?: string;
  readonly attributes?: Record<string, unknown>;
  readonly git?: unknown;
  readonly zip?: unknown;
}

/** Far more than it takes; another process may need the processor. */
const TIMEOUT_MS = 120_000;

const text = fc.constantFrom(
  "main",
  "1.10",
  "v1.0 # x",
  "a: b",
  "it's",
  "https://git.example.org/x",
);
const source = fc.oneof(
  fc.record({
    git: fc.record(
      {
        remotes: fc.dictionary(fc.constantFrom("origin", "up"), text, { minKeys: 1 }),
        checkoutFrom: fc.record({ revision: text }),
      },
      { requiredKeys: ["remotes"] },
    ),
  }),
  fc.record({ zip: fc.record({ location: text }) }),
);
const starters: fc.Arbitrary<Starter[]> = fc.uniqueArray(
  fc
    .tuple(
      fc.record(
        {
          name: fc.constantFrom("a", "b", "c", "web-app"),
          description: text,
          subDir: text,
          attributes: fc.dictionary(fc.constantFrom("x", "y"), text),
        },
        { requiredKeys: ["name"] },
      ),
      source,
    )
    .map(([project, from]) => ({ ...project, ...from })),
  { maxLength: 3, selector: ({ name }) => name },
);
const devfile = fc.record({
  metadata: fc.record(
    { name: text, icon: text, attributes: fc.dictionary(fc.constant("z"), text) },
    { requiredKeys: ["name"] },
  ),
  starterProjects: starters,
});
const style = fc.record({
  indent: fc.integer({ min: 1, max: 5 }),
  indentSeq: fc.boolean(),
  collectionStyle: fc.constantFrom("any" as const, "flow" as const),
  defaultStringType: fc.constantFrom(
    "PLAIN" as const,
    "QUOTE_DOUBLE" as const,
    "QUOTE_SINGLE" as const,
    "BLOCK_LITERAL" as const,
  ),
  defaultKeyType: fc.constantFrom("PLAIN" as const, "QUOTE_DOUBLE" as const),
});

const PLAN: OfflinePlan = {
  folder: "stacks/s/1.0.0",
  publicUrl: "https://registry.example.com",
  starters: new Set(["a", "b", "web-app"]),
  icon: "https://registry.example.com/icons/x.svg",
};

/** What a devfile says but for what an offline build may change of it. */
function rest(yaml: string): unknown {
  const value = parse(yaml.replace(/^\ufeff/, ""));
  const withoutOrigin = (attributes: Record<string, unknown> = {}) => {
    const { [ORIGIN_ATTRIBUTE]: _, ...others } = attributes;
    return others;
  };
  const { icon: _, attributes, ...metadata } = value.metadata;
  return {
    ...value,
    metadata: { ...metadata, attributes: withoutOrigin(attributes) },
    starterProjects: value.starterProjects.map((starter: Starter) => {
      if (!PLAN.starters.has(starter.name)) return starter;
      const { git: _git, zip: _zip, subDir: _subDir, ...others } = starter;
      return { ...others, attributes: withoutOrigin(starter.attributes) };
    }),
  };
}

test(
  "offlineDevfile() changes what it lists, once, for any public URL, however a devfile is written",
  () => {
    fc.assert(
      fc.property(devfile, style, fc.boolean(), (value, how, isWindows) => {
        const plain = stringify({ schemaVersion: "2.2.0", ...value }, how);
        // What begins with a brace would have to be JSON.
        const written = plain.startsWith("{") ? `# braces\n${plain}` : plain;
        const yaml = isWindows ? `\ufeff${written.replaceAll("\n", "\r\n")}` : written;
        const offline = offlineDevfile(yaml, PLAN);
        expect(rest(offline.text)).toEqual(rest(yaml));
        expect(offlineDevfile(offline.text, PLAN)).toEqual(offline);
        const sources = (of: string) =>
          findStarterSources(of).map(({ line: _, column: __, ...each }) => each);
        expect(sources(offline.text)).toEqual(sources(yaml));
        for (const starter of parse(offline.text.replace(/^\ufeff/, "")).starterProjects) {
          if (!PLAN.starters.has(starter.name)) continue;
          expect(starter.zip).toEqual({
            location: `https://registry.example.com/stacks/s/1.0.0/${starter.name}-offline.zip`,
          });
          expect("git" in starter || "subDir" in starter).toBe(false);
        }
        const moved = rerenderDevfile(offline.text, { folder: PLAN.folder, to: "http://b:1/c" });
        const back = { folder: PLAN.folder, to: PLAN.publicUrl };
        expect(rerenderDevfile(moved, back)).toBe(offline.text);
      }),
      { numRuns: 150 },
    );
  },
  TIMEOUT_MS,
);
