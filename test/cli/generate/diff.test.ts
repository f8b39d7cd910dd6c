import { describe, expect, test } from "bun:test";
import { renderReport } from "../../../src/cli/generate/render/index.ts";
import type { BuildDiff } from "../../../src/generator/index.ts";
import { generateFiles } from "../../support/registry-repository.ts";

const { report } = await generateFiles({ "stacks/go/README.md": "" });
const [OLD, NEW] = ["a".repeat(40), "b".repeat(40)];
const DIFF: BuildDiff = {
  added: [{ type: "stack", name: "go", version: "2.0.0" }],
  removed: [{ type: "sample", name: "old" }],
  changed: [
    {
      type: "stack",
      name: "java",
      version: "1.1.0",
      fields: [
        { field: "description", before: "Old | <b>", after: "New `x`" },
        { field: "tags", before: ["a", "b"], after: ["b", "c"] },
        { field: "icon", after: "i.svg" },
        { field: "default", before: true },
      ],
      files: ["devfile.yaml"],
    },
  ],
  sources: {
    before: [{ url: "https://git.example.com/r.git", commit_hash: OLD }],
    after: [{ url: "https://git.example.com/r.git", commit_hash: NEW }],
  },
  samples: [
    { type: "sample", name: "hello", url: "https://git.example.com/h.git", after: NEW },
    {
      ...{ type: "sample", name: "hi", version: "1.0.0", url: "https://git.example.com/i.git" },
      ...{ revision: "main", before: OLD, after: NEW },
    },
  ],
};
const SAME: BuildDiff = { ...DIFF, added: [], removed: [], changed: [], samples: [] };

function render(format: "text" | "json" | "markdown", diff: BuildDiff | undefined): string {
  const outcome = { report, output: undefined, exitCode: 6, compared: { against: "old", diff } };
  return renderReport(outcome, { format });
}

describe("renderReport() of a comparison", () => {
  test("lists versions, fields, files and commits for people", () => {
    expect(render("text", DIFF)).toContain(
      [
        "differences from old:",
        "added: stack go 2.0.0",
        "removed: sample old",
        "changed: stack java 1.1.0",
        '  description: "Old | <b>" → "New `x`"',
        '  tags: +"c", -"a"',
        '  icon: none → "i.svg"',
        '  default: "true" → none',
        "  files: devfile.yaml",
        `source https://git.example.com/r.git: ${OLD} → ${NEW}`,
        `sample hello: https://git.example.com/h.git: ${NEW}`,
        `sample hi 1.0.0: https://git.example.com/i.git#main: ${OLD} → ${NEW}`,
      ].join("\n"),
    );
  });

  test("says when nothing changed, and when there was no build", () => {
    expect(render("text", SAME)).toContain("no differences from old\n");
    expect(render("text", undefined)).toContain("not compared with old: there is no build\n");
    expect(render("markdown", SAME)).toContain("## Changes\n\nNothing changed.\n");
    expect(render("markdown", undefined)).toBe("");
  });

  test("writes a release note, in which no value means anything to Markdown", () => {
    const lines = render("markdown", DIFF).split("\n");
    expect(lines.slice(0, 6)).toEqual(["## Changes", "", "### Added", "", "- **go** 2.0.0", ""]);
    expect(lines).toContain("  - `description`: Old \\| \\<b\\> → New \\`x\\`");
    expect(lines).toContain("  - `tags`: +c, -a");
    expect(lines).toContain("- **old** (sample)");
    expect(lines).toContain(
      `| hi 1.0.0 | https://git.example.com/i.git | main | ${OLD} → ${NEW} |`,
    );
  });

  test("gives all of it as JSON", () => {
    expect(JSON.parse(render("json", DIFF)).diff).toEqual({ against: "old", ...DIFF });
    expect(JSON.parse(render("json", undefined)).diff).toEqual({
      against: "old",
      missing: "there is no build",
    });
  });
});
