import { describe, expect, test } from "bun:test";
import { devfileText, generateFiles, stackText } from "../support/registry-repository.ts";

const DEFAULT = "  - version: 1.0.0\n    default: true";
const SAMPLES = `samples:
  - displayName: Nameless
    icon: logo.svg
    git: {remotes: {a: "https://git.example/a", b: "https://git.example/b"}}
  - name: bare
    icon: logo.svg
    versions:
      - version: 1.0.0
stacks:
  - name: empty
`;

describe("rules", () => {
  test("say what to do about everything they find", async () => {
    const { report } = await generateFiles({
      "stacks/bare/devfile.yaml": "schemaVersion: 2.2.0\nmetadata:\n  icon: logo.svg\n",
      "stacks/broken/1.0.0/devfile.yaml": devfileText({ icon: null }),
      "stacks/broken/2.0.0/devfile.yaml": devfileText({ version: "2.0.0" }),
      "stacks/broken/stack.yaml": stackText(
        `${DEFAULT}\n  - version: 1.1.0\n  - version: one\n  - default: false`,
        "description: nameless",
      ),
      "stacks/hollow/readme.md": "nothing here",
      "stacks/other/devfile.yaml": devfileText(),
      "extraDevfileEntries.yaml": SAMPLES,
    });
    const rules = new Set(report.findings.map(({ rule }) => rule));
    for (const rule of [
      "entry-incomplete",
      "extra-name",
      "extra-required",
      "metadata-required",
      "no-devfile",
      "sample-remotes",
      "stack-name-disagrees",
      "stack-required",
      "version-folder-missing",
      "version-folder-unlisted",
      "version-not-semver",
    ]) {
      expect(rules).toContain(rule);
    }
    const silent = report.findings.filter(({ hint }) => hint === undefined);
    expect(silent.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
  });

  test("do not advise to quote a schema version that is unknown in quotes too", async () => {
    const text = devfileText().replace("2.2.0", "2.2");
    const { report } = await generateFiles({ "stacks/go/devfile.yaml": text });
    const found = report.findings.filter(({ path }) => path === "schemaVersion");
    expect(found.map(({ rule }) => rule)).toEqual(["schema-version"]);
  });
});
