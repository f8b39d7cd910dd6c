import { describe, expect, test } from "bun:test";
import { devfileText, generateFiles, tellingLines } from "../support/registry-repository.ts";

const STACK = { "stacks/go/devfile.yaml": devfileText() };
const GIT = "git: {remotes: {origin: u}}";

/** The file with one sample, its fields given as lines. */
function sample(...lines: string[]): string {
  return `samples:\n  - name: tour\n    icon: i\n${lines.map((line) => `    ${line}\n`).join("")}`;
}

function version(number: string, ...lines: string[]): string {
  return [`  - version: ${number}`, ...lines.map((line) => `    ${line}`)].join("\n    ");
}

describe("generate() on extraDevfileEntries.yaml", () => {
  test.each<[string, string, string[]]>([
    ["a sample without versions", sample(GIT), []],
    [
      "a sample with versions",
      sample("versions:", version("1.0.0", "default: yes", "schemaVersion: 2.2.0", GIT)),
      [],
    ],
    ["a sample without git", sample(), ["error extra-required :2 samples[0].git"]],
    [
      "two remotes",
      sample("git: {remotes: {a: x, b: y}}"),
      ["error sample-remotes :4 samples[0].git.remotes"],
    ],
    ["git that is a text", sample("git: https://e.com/r"), ["error yaml-type :4 samples[0].git"]],
    ["an entry that is a text", "samples:\n  - tour\n", ["error yaml-type :2 samples[0]"]],
    ["no remote", sample("git: {}"), ["warning sample-remotes :4 samples[0].git.remotes"]],
    [
      "two remotes in a version, which the Go generator takes",
      sample(
        "versions:",
        version("1.0.0", "default: true", "schemaVersion: 2.2.0", "git: {remotes: {a: x, b: y}}"),
      ),
      ["warning sample-remotes :8 samples[0].versions[0].git.remotes"],
    ],
    [
      "versions without what they need",
      sample("versions:", "  - default: true", "  - version: 2.0.0", "    default: true"),
      [
        "error extra-required :5 samples[0].versions[0].git",
        "error extra-required :5 samples[0].versions[0].schemaVersion",
        "error extra-required :5 samples[0].versions[0].version",
        "error extra-required :6 samples[0].versions[1].git",
        "error extra-required :6 samples[0].versions[1].schemaVersion",
        "error extra-default :7 samples[0].versions[1].default",
      ],
    ],
    [
      "versions without a default",
      sample("versions:", version("1.0.0", "schemaVersion: 2.2.0", GIT)),
      ["error extra-default :5 samples[0].versions"],
    ],
    [
      "a sample without a name",
      `samples:\n  - icon: i\n    ${GIT}\n`,
      ["warning extra-name :2 samples[0].name"],
    ],
    [
      "a sample without an icon",
      `samples:\n  - name: tour\n    ${GIT}\n`,
      ["error icon-missing :2 samples[0]"],
    ],
    [
      "a described stack",
      "stacks:\n  - name: far\n    icon: i\n    versions:\n" +
        "      - {version: 1.0.0, default: true, schemaVersion: 2.2.0, resources: [devfile.yaml],\n" +
        "         links: {self: devfile-catalog/far:1.0.0}}\n",
      ["warning extra-stack-files :2 stacks[0]"],
    ],
    [
      "a described stack without what it needs",
      "stacks:\n  - icon: i\n  - name: far\n    icon: i\n    versions: [{version: 1.0.0, default: true}]\n",
      [
        "error extra-name :2 stacks[0].name",
        "warning extra-stack-files :2 stacks[0]",
        "error extra-required :2 stacks[0].versions",
        "warning extra-stack-files :3 stacks[1]",
        "error extra-required :5 stacks[1].versions[0].links",
        "error extra-required :5 stacks[1].versions[0].resources",
        "error extra-required :5 stacks[1].versions[0].schemaVersion",
      ],
    ],
    ["entries of a wrong type", "samples: {a: b}\n", ["error yaml-type :1 samples"]],
  ])("judges %s", async (_, text, expected) => {
    const result = await generateFiles({ ...STACK, "extraDevfileEntries.yaml": text });
    const lines = tellingLines(result);
    expect(lines.map((line) => line.replace("extraDevfileEntries.yaml", ""))).toEqual(expected);
  });

  test("takes samples without a devfile, also where others have one, and counts them", async () => {
    const result = await generateFiles({
      ...STACK,
      "extraDevfileEntries.yaml": `samples:\n  - {name: a, icon: "data:x", ${GIT}}\n  - {name: b, icon: "data:x", ${GIT}}\n`,
      "samples/a/devfile.yaml": devfileText(),
    });
    expect(tellingLines(result)).toEqual([]);
    expect(result.report.notChecked).toEqual(["1 sample in other repositories was not fetched"]);
  });

  test("judges the devfile of a sample like any, but asks for no metadata", async () => {
    const result = await generateFiles({
      ...STACK,
      "extraDevfileEntries.yaml": sample(GIT),
      "samples/tour/devfile.yaml": "schemaVersion: 2.9.0\nmetadata: {name: tour, version: 1.10}\n",
    });
    expect(tellingLines(result)).toEqual([
      "error schema-version samples/tour/devfile.yaml:1 schemaVersion",
      "error schema-type samples/tour/devfile.yaml:2 metadata.version",
    ]);
  });
});
