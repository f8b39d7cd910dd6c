import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { COMMANDS } from "../../src/cli/dispatch.ts";
import { run } from "../../src/cli/index.ts";
import { testEdge } from "../support/edge.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const isTooWide = (line: string) => line.length > 100;

describe("run()", () => {
  test("prints the overview for --help and exits 0", async () => {
    const edge = testEdge(["--help"]);
    expect(await run(edge)).toBe(0);
    for (const { name, summary } of COMMANDS) {
      expect(edge.out()).toContain(name);
      expect(edge.out()).toContain(summary);
    }
    expect(edge.out().split("\n").filter(isTooWide)).toEqual([]);
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
      const tooWide = flag.out().split("\n").filter(isTooWide);
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
    test(`${name} fetches no address with --no-network and exits 1`, async () => {
      const address = "https://user:secret@git.example/registry#v1";
      const edge = testEdge([name, address, "--no-network"], {
        DEVREG_REGISTRY: "127.0.0.1:1",
        DEVREG_OUTPUT: "/nonexistent/build",
      });
      expect(await run(edge)).toBe(1);
      expect(edge.err()).toBe(
        `Error: Cannot fetch "https://git.example/registry": --no-network forbids it\n` +
          "Hint: Clone it and name the folder\n",
      );
    });
  }

  test("serve watches no address", async () => {
    const edge = testEdge(["serve", "https://git.example/registry", "--watch"]);
    expect(await run(edge)).toBe(1);
    expect(edge.err()).toStartWith(
      'Error: Cannot watch "https://git.example/registry": only folders are watched\n',
    );
  });

  test("bootstrap takes no build among several sources", async () => {
    const example = join(import.meta.dir, "../../examples/registry");
    await using folder = await temporaryFolder();
    const build = join(folder.path, "build");
    expect(await run(testEdge(["generate", example, "--no-network", "-o", build]))).toBe(0);
    const edge = testEdge(["bootstrap", example, build, "--registry", "127.0.0.1:1"]);
    expect(await run(edge)).toBe(1);
    expect(edge.err()).toContain(`Cannot combine "${build}" with others: it is a build`);
  });

  test.each([
    ["https://git.example/r?x=1", "it has a query"],
    ["git://git.example/r", "git:// is not spoken"],
    ["file:///srv/git/r", "it is no https, http or ssh address"],
    ["nowhere", "there is no such file or folder"],
  ])("generate refuses %s before anything is sent", async (operand, state) => {
    const edge = testEdge(["generate", operand]);
    expect(await run(edge)).not.toBe(0);
    expect(edge.err()).toContain(state);
  });

  test("refuses a --ca-file without a certificate before anything is sent", async () => {
    const example = join(import.meta.dir, "../../examples/registry");
    const edge = testEdge(["generate", example, "--check", "--ca-file", `${example}/README.md`]);
    expect(await run(edge)).toBe(1);
    expect(edge.err()).toContain("Cannot use --ca-file");
  });
});
