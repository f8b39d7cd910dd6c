import { describe, expect, test } from "bun:test";
import { chooseContent } from "../../../../src/cli/mirror/plan/choose-content.ts";

const ALL = [
  { type: "stack", name: "go", version: "1.0.0" },
  { type: "stack", name: "go", version: "2.0.0" },
  { type: "stack", name: "java-quarkus", version: "1.0.0" },
  { type: "sample", name: "basic-go" },
];

const kept = (include: readonly string[], exclude: readonly string[]) =>
  ALL.filter(chooseContent(include, exclude).keeps).map(({ name, version = "" }) =>
    [name, version].join("@"),
  );

describe("chooseContent()", () => {
  test.each([
    [[], [], ["go@1.0.0", "go@2.0.0", "java-quarkus@1.0.0", "basic-go@"]],
    [["go"], [], ["go@1.0.0", "go@2.0.0"]],
    [["go@1.*"], [], ["go@1.0.0"]],
    [["*go*"], ["go@2.0.0"], ["go@1.0.0", "basic-go@"]],
    [[], ["java-*", "basic-*"], ["go@1.0.0", "go@2.0.0"]],
    [[], ["quay.io/*"], ["go@1.0.0", "go@2.0.0", "java-quarkus@1.0.0", "basic-go@"]],
  ])("includes %p without %p", (include, exclude, expected) => {
    expect(kept(include, exclude)).toEqual(expected);
  });

  test("tells patterns that nothing is called by", () => {
    const choice = chooseContent(["go", "rust"], ["go@3*", "quay.io/x", "java-*"]);
    for (const one of ALL) choice.keeps(one);
    expect(choice.unmatched()).toEqual(["rust", "go@3*"]);
  });
});
