import { describe, expect, test } from "bun:test";
import { COMMANDS, run } from "../../src/cli/index.ts";
import { testEdge } from "../support/edge.ts";

describe("run()", () => {
  test("prints the overview for --help and exits 0", async () => {
    const edge = testEdge(["--help"]);
    expect(await run(edge)).toBe(0);
    for (const { name, summary } of COMMANDS) {
      expect(edge.out()).toContain(name);
      expect(edge.out()).toContain(summary);
    }
  });

  test("prints the overview on standard error and exits 1 without a command", async () => {
    const edge = testEdge([]);
    expect(await run(edge)).toBe(1);
    expect(edge.out()).toBe("");
    expect(edge.err()).toContain("Usage: devreg COMMAND");
  });

  test("prints version and commit", async () => {
    const edge = testEdge(["--version"]);
    expect(await run(edge)).toBe(0);
    expect(edge.out()).toBe("devreg 1.2.3 (abcdef012345)\n");
  });

  test("suggests a command for a mistyped one and exits 1", async () => {
    const edge = testEdge(["serv"]);
    expect(await run(edge)).toBe(1);
    expect(edge.err()).toBe(
      'Error: Cannot run "serv": there is no such command\nHint: Did you mean devreg serve?\n',
    );
  });

  for (const command of COMMANDS) {
    test(`prints help of ${command.name} with every flag, both ways`, async () => {
      const [flag, word] = [testEdge([command.name, "--help"]), testEdge(["help", command.name])];
      expect(await run(flag)).toBe(0);
      expect(await run(word)).toBe(0);
      expect(word.out()).toBe(flag.out());
      for (const row of Object.values(command.flags)) {
        const words = row.help.split(" ");
        expect(flag.out()).toContain(words[0] ?? "");
      }
      const tooWide = flag
        .out()
        .split("\n")
        .filter((line) => line.length > 100);
      expect(tooWide.filter((line) => !line.startsWith("  DEVREG"))).toEqual([]);
    });
  }

  test("reports usage errors with a hint to the command's help", async () => {
    const edge = testEdge(["serve", "--lissten", ":1"]);
    expect(await run(edge)).toBe(1);
    expect(edge.err()).toContain("did you mean --listen?");
    expect(edge.err()).toContain("Hint: See devreg serve --help");
  });
});
