import { describe, expect, test } from "bun:test";
import { run } from "../../../src/cli/run.ts";
import { testEdge } from "../../support/edge.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const GIT = "https://git.example/team/registry.git";

describe("devreg serve refuses", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["--poll goes with --source", ["--follow", "r.example", "--poll", "1m"]],
    ["--resync goes with --source", ["--follow", "r.example", "--resync", "1m"]],
    [
      "--webhook-secret-file goes with --source",
      ["--follow", "r.example", "--webhook-secret-file", "x"],
    ],
    ["--source goes without --no-network", ["--source", GIT, "--no-network"]],
    ["--watch goes with neither", ["--source", GIT, "--watch"]],
    ["--follow goes without --source", ["--source", GIT, "--follow", "r.example"]],
    ["--follow goes without --registry", ["--follow", "r.example", "--registry", "r.example"]],
    ["it is no address of git", ["--source", "./registry"]],
    ["is no duration", ["--source", GIT, "--poll", "often"]],
  ];
  for (const [message, args] of cases) {
    test(`${args.join(" ")}: ${message}`, async () => {
      const edge = testEdge(["serve", ...args]);
      expect(await run(edge)).toBe(1);
      expect(edge.err()).toContain(message);
    });
  }

  test("a data folder that nothing new would be kept in", async () => {
    await using folder = await temporaryFolder();
    const edge = testEdge(["serve", folder.path, "--data-dir", "x"], {}, folder.path);
    expect(await run(edge)).toBe(1);
    expect(edge.err()).toContain("--data-dir goes with");
  });
});
