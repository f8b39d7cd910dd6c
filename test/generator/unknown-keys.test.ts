import { describe, expect, test } from "bun:test";
import { devfileText, generateFiles, tellingLines } from "../support/registry-repository.ts";

const STACK_YAML = `name: go
displayName: Go
icon: i
versoins: []
versions:
  - version: 1.0.0
    default: true
    note: mine
`;

describe("generate() on what nobody reads", () => {
  test("names unknown keys of stack.yaml, with the key that was meant", async () => {
    const result = await generateFiles({
      "stacks/go/stack.yaml": STACK_YAML,
      "stacks/go/1.0.0/devfile.yaml": devfileText(),
    });
    expect(tellingLines(result).filter((line) => line.includes("unknown-key"))).toEqual([
      "warning unknown-key stacks/go/stack.yaml:4 versoins",
      "warning unknown-key stacks/go/stack.yaml:8 versions[0].note",
    ]);
    const hints = result.report.findings
      .filter(({ rule }) => rule === "unknown-key")
      .map(({ hint }) => hint);
    expect(hints[0]).toBe("Did you mean versions?");
    expect(hints[1]).toStartWith("Known here: version, ");
  });

  test("names unknown keys of extraDevfileEntries.yaml and samples that it does not list", async () => {
    const result = await generateFiles({
      "stacks/go/devfile.yaml": devfileText(),
      "samples/orphan/devfile.yaml": devfileText({ name: "orphan" }),
      "extraDevfileEntries.yaml":
        "sampels: []\nsamples:\n  - name: tour\n    icon: i\n    colour: red\n    git: {remotes: {origin: u}}\n",
    });
    expect(tellingLines(result).filter((line) => /unknown-key|sample-unlisted/.test(line))).toEqual(
      [
        "warning unknown-key extraDevfileEntries.yaml:1 sampels",
        "warning unknown-key extraDevfileEntries.yaml:5 samples[0].colour",
        "warning sample-unlisted samples/orphan",
      ],
    );
  });

  test("has nothing to say of the keys of the index", async () => {
    const result = await generateFiles({
      "stacks/go/stack.yaml": STACK_YAML.replace("versoins: []\n", "provider: p\n").replace(
        "note: mine",
        "schemaVersion: 2.2.0",
      ),
      "stacks/go/1.0.0/devfile.yaml": devfileText(),
    });
    expect(tellingLines(result)).toEqual([]);
  });
});
