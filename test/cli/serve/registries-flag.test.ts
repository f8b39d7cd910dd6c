import { describe, expect, test } from "bun:test";
import { devfileRegistries } from "../../../src/cli/serve/registries-flag.ts";

function faults(raw: string): string[] {
  return (devfileRegistries.safeParse(raw).error?.issues ?? []).map(({ message }) => message);
}

describe("devfileRegistries", () => {
  test("reads names and addresses", () => {
    const raw = '[{"name": "Community", "url": "https://registry.example", "more": 1}]';
    expect(devfileRegistries.parse(raw)).toEqual([
      { name: "Community", url: "https://registry.example" },
    ]);
  });

  test.each([
    [
      '[{"name": "C"}, {"url": "https://a.example"}]',
      "entry 1: url is missing; entry 2: name is missing",
    ],
    ['[{"name": "C", "url": "x"}]', 'entry 1: url "x" is no plain http or https URL'],
    ['[{"name": "", "url": "https://a.example"}]', "entry 1: name is empty"],
    ['["x"]', "entry 1: is not a map"],
    ['{"name": "C"}', "is not a list"],
    ["x", 'is no JSON such as [{"name": "Community", "url": "https://registry.example"}]'],
  ])("says what is wrong in %s", (raw, fault) => {
    expect(faults(raw)).toEqual([fault]);
  });
});
