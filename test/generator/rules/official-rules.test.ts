import { expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { OFFICIAL_RULES } from "../../../src/generator/rules/official-rules.ts";

const GENERATOR = join(import.meta.dir, "../../../src/generator");
/** Hold what looks like the name of a rule and is none, or rules of repositories. */
const ELSEWHERE = /^(?:rules|fetch|offline|yaml\/tree)\/|\/generated\//;
/** Findings name their rule, and rules their own. */
const NAMED = [
  /\brule: "([a-z0-9-]+)"/g,
  /"(?:error|warning)",\s*"([a-z0-9]+(?:-[a-z0-9]+)+)"/g,
  /^const \w+: Rule<.*?\bname: "([a-z0-9-]+)"/gms,
];

test("every rule that reports can name is known to the rules of repositories", () => {
  const files = readdirSync(GENERATOR, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !ELSEWHERE.test(path))
    .map((path) => readFileSync(join(GENERATOR, path), "utf8"));
  const named = files.flatMap((text) =>
    NAMED.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = ""]) => name)),
  );
  expect(named.length).toBeGreaterThan(80);
  expect([...new Set(named)].filter((name) => !OFFICIAL_RULES.includes(name)).sort()).toEqual([]);
  expect([...OFFICIAL_RULES].sort()).toEqual([...OFFICIAL_RULES]);
});
