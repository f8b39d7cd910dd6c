import { describe, expect, test } from "bun:test";
import { join } from "node:path";
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

  for (const name of ["generate", "serve", "bootstrap"]) {
    test(`${name} says that an address is no folder and exits 1`, async () => {
      const address = "https://git.example/registry";
      const edge = testEdge([name, address, "--no-network"], {
        DEVREG_REGISTRY: "127.0.0.1:1",
        DEVREG_OUTPUT: "/nonexistent/build",
      });
      expect(await run(edge)).toBe(1);
      expect(edge.err()).toBe(
        `Error: Cannot read "${address}": only folders can be read\n` +
          "Hint: Clone the repository and name its folder\n",
      );
    });
  }

  test("refuses a --ca-file without a certificate before anything is sent", async () => {
    const example = join(import.meta.dir, "../../examples/registry");
    const edge = testEdge(["generate", example, "--check", "--ca-file", `${example}/README.md`]);
    expect(await run(edge)).toBe(1);
    expect(edge.err()).toContain("Cannot use --ca-file");
  });
});
