import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isMap, isNode, isScalar, isSeq, type Node, parseDocument } from "yaml";
import {
  insertKey,
  removeKey,
  replaceNode,
  rewriteScalars,
  rewriteYaml,
  type YamlPath,
} from "../../../src/generator/rewrite/index.ts";
import { wildYaml } from "./wild-yaml.ts";

/** Far more than it takes; another process may need the processor. */
const TIMEOUT_MS = 120_000;

const NEW_TEXTS = [
  "https://registry.example.com/stacks/go/1.0.0/web-offline.zip",
  "web-offline.zip",
  "1.10",
  "yes",
  "null",
  "",
  " lead",
  "trail ",
  "a: b",
  "x # y",
  'it\'s "both"',
  "{{v}}",
  "- dash",
  "[1,2]",
  "two\nlines",
  "ends\n",
  "tab\tbed",
  "\u0085\u2028\ufeff",
  "☃ 😀",
  "---",
  "*a",
  "&a",
  "!t",
  "%d",
  "@at",
  "12:30:45",
  "0x1F",
  "2024-01-01",
];

const reading = {
  version: "1.1",
  merge: true,
  uniqueKeys: false,
  stringKeys: true,
  logLevel: "error",
} as const;

/** What a text says, aliases followed. */
function readValue(text: string): unknown {
  const document = parseDocument(text.replace(/^\ufeff/, ""), reading);
  expect(document.errors).toEqual([]);
  return document.toJS({ maxAliasCount: 10_000 });
}

/** Paths to every scalar that stands in the text itself, outside of merge keys. */
function pathsOf(text: string, wants: (node: Node) => boolean): YamlPath[] {
  const paths: YamlPath[] = [];
  const visit = (node: unknown, path: YamlPath): void => {
    if (!isNode(node)) return;
    if (path.length > 0 && wants(node)) paths.push(path);
    if (isSeq(node)) for (const [at, item] of node.items.entries()) visit(item, [...path, at]);
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const name = isScalar(key) ? String(key.source) : "";
        if (name !== "<<") visit(value, [...path, name]);
      }
    }
  };
  visit(parseDocument(text.replace(/^\ufeff/, ""), reading).contents, []);
  return paths;
}

/** Sets a value in plain data without touching what other places share. */
function changed(
  data: unknown,
  path: YamlPath,
  change: (holder: unknown, key: string | number) => void,
): unknown {
  const copy: unknown = structuredClone(JSON.parse(JSON.stringify(data)));
  let holder: unknown = copy;
  for (const part of path.slice(0, -1)) holder = (holder as Record<string | number, unknown>)[part];
  change(holder, path.at(-1) ?? "");
  return copy;
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe("rewriteScalars() over documents in wild formatting", () => {
  test(
    "changes what the listed paths say and nothing else, and nothing at all the second time",
    () => {
      fc.assert(
        fc.property(wildYaml, fc.infiniteStream(fc.nat(10_000)), (text, choices) => {
          const next = () => Number(choices.next().value);
          const paths = pathsOf(text, isScalar);
          if (paths.length === 0) return;
          const edits = [
            ...new Map(
              [1, 2, 3].map(() => {
                const path = paths[next() % paths.length] ?? [];
                return [
                  JSON.stringify(path),
                  { path, value: NEW_TEXTS[next() % NEW_TEXTS.length] ?? "" },
                ];
              }),
            ).values(),
          ];
          const rewritten = rewriteScalars(text, edits);
          let expected = readValue(text);
          for (const { path, value } of edits) {
            expected = changed(expected, path, (holder, key) => {
              (holder as Record<string | number, unknown>)[key] = value;
            });
          }
          expect(plain(readValue(rewritten))).toEqual(plain(expected));
          expect(rewriteScalars(rewritten, edits)).toBe(rewritten);
        }),
        { numRuns: 300 },
      );
    },
    TIMEOUT_MS,
  );

  test(
    "leaves every other character of the document as it was",
    () => {
      fc.assert(
        fc.property(
          wildYaml,
          fc.nat(10_000),
          fc.constantFrom(...NEW_TEXTS),
          (text, choice, value) => {
            if (text.includes("*a")) return;
            const paths = pathsOf(text, isScalar);
            const path = paths[choice % paths.length];
            if (path === undefined) return;
            const rewritten = rewriteScalars(text, [{ path, value }]);
            const [before, after] = [without(text, path), without(rewritten, path)];
            expect(after).toEqual(before);
          },
        ),
        { numRuns: 300 },
      );
    },
    TIMEOUT_MS,
  );

  test(
    "removing what was inserted gives the same bytes again",
    () => {
      fc.assert(
        fc.property(wildYaml, fc.nat(10_000), fc.boolean(), (text, choice, nested) => {
          if (text.includes("*a")) return;
          const maps: YamlPath[] = [[], ...pathsOf(text, isMap)];
          const path = [...(maps[choice % maps.length] ?? []), "new-key"];
          const value = nested ? { inner: { deep: "x" }, other: "1.10" } : "plain";
          const inserted = rewriteYaml(text, [insertKey(path, value)]);
          expect(rewriteYaml(inserted, [removeKey(path)])).toBe(text);
        }),
        { numRuns: 300 },
      );
    },
    TIMEOUT_MS,
  );

  test(
    "keys are removed and values replaced wherever they stand",
    () => {
      fc.assert(
        fc.property(wildYaml, fc.nat(10_000), fc.boolean(), (text, choice, removes) => {
          const paths = pathsOf(text, () => true).filter((each) => typeof each.at(-1) === "string");
          const path = paths[choice % paths.length];
          if (path === undefined) return;
          const value = { location: "https://example.com/x", more: { a: "1" } };
          const rewritten = rewriteYaml(text, [
            removes ? removeKey(path) : replaceNode(path, value),
          ]);
          const expected = changed(readValue(text), path, (holder, key) => {
            const map = holder as Record<string | number, unknown>;
            if (removes) delete map[key];
            else map[key] = value;
          });
          expect(plain(readValue(rewritten))).toEqual(plain(expected));
        }),
        { numRuns: 300 },
      );
    },
    TIMEOUT_MS,
  );
});

/** A text without the scalar at a path: what is before it and what is after it. */
function without(text: string, path: YamlPath): [string, string] {
  const mark = text.startsWith("\ufeff") ? 1 : 0;
  const node = parseDocument(text.slice(mark), reading).getIn(path, true);
  const [start = 0, end = 0] = isNode(node) ? (node.range ?? []) : [];
  return [text.slice(0, start + mark).trimEnd(), text.slice(mark + end).trimStart()];
}
