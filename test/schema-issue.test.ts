import { describe, expect, test } from "bun:test";
import { z } from "zod";
import { schemaIssueText } from "../src/schema-issue.ts";

const schema = z.strictObject({
  name: z.string().min(1).max(3),
  tags: z.array(z.string()).min(1),
  kind: z.enum(["a", "b"]).optional(),
  url: z.string().regex(/^http/, "is no address").optional(),
});

function texts(value: unknown): string[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map(schemaIssueText);
}

describe("schemaIssueText()", () => {
  test("says in plain words what is wrong", () => {
    expect(texts({})).toEqual(["is missing", "is missing"]);
    expect(texts({ name: 1, tags: "x" })).toEqual(["is not text", "is not a list"]);
    expect(texts({ name: "", tags: [] })).toEqual(["is empty", "is empty"]);
    expect(texts({ name: "n", tags: ["t"], kind: "c" })).toEqual(["must be one of a, b"]);
    expect(texts({ name: "n", tags: ["t"], nmae: 1, x: 2 })).toEqual([
      '"nmae", "x" means nothing here',
    ]);
    expect(texts([])).toEqual(["is not a map"]);
  });

  test("keeps words of our own", () => {
    expect(texts({ name: "n", tags: ["t"], url: "x" })).toEqual(["is no address"]);
  });
});
