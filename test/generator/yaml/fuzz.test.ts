import { describe, expect, setDefaultTimeout, test } from "bun:test";
import fc from "fast-check";
import { readPlainYaml } from "../../../src/generator/yaml/plain-reader.ts";
import { FUZZ_RUNS, FUZZ_TARGETS } from "../../support/fuzz-targets.ts";
import { anyYamlText, RICH_DEVFILE } from "../../support/yaml-texts.ts";

setDefaultTimeout(60_000);

describe("fuzzed", () => {
  test.each(FUZZ_TARGETS.map((target) => [target.name, target] as const))(
    "%s takes whatever comes",
    (_, { inputs, check }) => {
      const numRuns = Math.ceil(FUZZ_RUNS / FUZZ_TARGETS.length);
      fc.assert(
        fc.property<[string | Uint8Array]>(inputs, (input) => check(input)),
        { numRuns },
      );
    },
  );

  test("texts are plain often enough to compare the readers", () => {
    const texts = fc.sample(anyYamlText, { numRuns: 2000, seed: 1 });
    const plain = texts.filter((text) => readPlainYaml(text) !== undefined);
    expect(plain.length).toBeGreaterThan(texts.length / 5);
    expect(readPlainYaml(RICH_DEVFILE)).toBeDefined();
  });
});
