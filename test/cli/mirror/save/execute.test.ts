import { expect, test } from "bun:test";
import { run } from "../../../../src/cli/index.ts";
import { testEdge } from "../../../support/edge.ts";

test("mirror save does not write its report over the bundle", async () => {
  const edge = testEdge(
    ["mirror", "save", ".", "--to", "b.tar", "--report", "/work/b.tar"],
    {},
    "/work",
  );
  expect(await run(edge)).toBe(1);
  expect(edge.err()).toContain('Cannot write the report to "/work/b.tar": that is the bundle');
});
