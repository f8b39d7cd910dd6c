import { describe, expect, test } from "bun:test";
import { OFFICIAL_RULES } from "../../../../src/generator/rules/official-rules.ts";
import { BASE } from "./base.ts";
import { COMMAND_MUTANTS } from "./commands.ts";
import { COMPONENT_MUTANTS } from "./components.ts";
import { FOLDER_MUTANTS, findInFolder } from "./folders.ts";
import { IMPORT_MUTANTS } from "./imports.ts";
import { findIn, lineOf, mutate } from "./mutant.ts";
import { OUTSIDE_MUTANTS } from "./outside.ts";
import { REPOSITORY_MUTANTS } from "./repository.ts";
import { SCHEMA_MUTANTS } from "./schema.ts";
import { YAML_MUTANTS } from "./yaml.ts";

const MUTANTS = [
  ...YAML_MUTANTS,
  ...SCHEMA_MUTANTS,
  ...COMMAND_MUTANTS,
  ...COMPONENT_MUTANTS,
  ...REPOSITORY_MUTANTS,
  ...IMPORT_MUTANTS,
  ...OUTSIDE_MUTANTS,
];
/** Shows only in what a server fetched by git; test/generator/fetch/git-repository.test.ts has it. */
const ELSEWHERE = ["lfs-pointer"];
/** Over a limit there is nothing to do, and of what is outside those who answer may have an advice. */
const UNADVISED = /^(?:too-many|yaml-too-large|parent-|package|image-|source-|icon-|sample-not)/;

describe("a repository with a single fault", () => {
  test("has none to begin with", async () => {
    expect((await findIn(BASE)).map(lineOf)).toEqual([]);
  });

  test.each(MUTANTS.map((mutant) => [mutant.expects[0], mutant.name, mutant] as const))(
    "shows %s: %s",
    async (_expects, _name, mutant) => {
      const { files, expected } = mutate(mutant);
      const findings = await findIn(files, mutant);
      expect(findings.map(lineOf)).toEqual([...expected]);
      for (const { message, hint = "", rule } of findings) {
        expect(`${message}${hint}`).not.toMatch(/undefined|\[object|\n/);
        if (!UNADVISED.test(rule)) expect(hint).not.toBe("");
      }
    },
  );

  test.each(FOLDER_MUTANTS.map((mutant) => [mutant.expects[0], mutant.name, mutant] as const))(
    "shows %s: %s",
    async (_expects, _name, mutant) => {
      expect(await findInFolder(mutant)).toEqual([...mutant.expects]);
    },
  );

  test("is there for every rule, and every one is named", () => {
    const shown = [...MUTANTS, ...FOLDER_MUTANTS].flatMap(({ expects }) =>
      expects.map((each) => each.split(" ")[1]),
    );
    expect([...new Set([...shown, ...ELSEWHERE])].sort()).toEqual([...OFFICIAL_RULES]);
    expect(MUTANTS.length).toBeGreaterThan(250);
  });
});
