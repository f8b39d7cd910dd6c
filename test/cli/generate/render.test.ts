import { describe, expect, test } from "bun:test";
import { type GenerateOutcome, renderReport } from "../../../src/cli/generate/render/index.ts";
import type { Finding, GenerateReport } from "../../../src/generator/index.ts";
import { generateFiles } from "../../support/registry-repository.ts";

/** Would move the cursor, begin a line that a CI system takes for a command, and turn text round. */
const HOSTILE = "a\u001b[2J\n::stop-commands::x\r\u202e\u009b2J##[add-mask]x##vso[a]b";

const { report: EMPTY } = await generateFiles({ "stacks/go/README.md": "" });
const FINDING: Finding = {
  severity: "error",
  rule: "command-component",
  file: "stacks/go/devfile.yaml",
  line: 12,
  column: 5,
  path: "commands[0].exec.component",
  message: 'component "tool" is unknown',
  hint: 'Did you mean "tools"?',
};

function reportOf(findings: readonly Finding[], more: Partial<GenerateReport> = {}) {
  return { ...EMPTY, findings, leftOut: [], notChecked: [], ...more };
}

function outcomeOf(report: GenerateReport, more: Partial<GenerateOutcome> = {}): GenerateOutcome {
  return { report, output: undefined, exitCode: 2, ...more };
}

describe("renderReport()", () => {
  const forms = ["text", "github", "json"] as const;

  test.each(forms)("shows hostile names in one line each: %s", (format) => {
    const finding: Finding = {
      severity: "error",
      rule: "r",
      file: HOSTILE,
      message: HOSTILE,
      path: HOSTILE,
      hint: HOSTILE,
    };
    const report = reportOf([finding], { leftOut: [HOSTILE], notChecked: [HOSTILE] });
    const text = renderReport(outcomeOf(report, { output: HOSTILE }), { format });
    const lines = text.split("\n");
    expect(lines.filter((line) => line.startsWith("::stop"))).toEqual([]);
    expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e|##\w*\[/u);
    if (format === "json") expect(JSON.parse(text).findings[0].file).toBe(HOSTILE);
    else expect(lines.some((line) => line.startsWith("left out: a\\u001b"))).toBe(true);
  });

  test("shows a finding with its place, its rule, its path and what to do", () => {
    const text = renderReport(outcomeOf(reportOf([FINDING])), { format: "text" });
    expect(text.split("\n").slice(0, 3)).toEqual([
      'error: stacks/go/devfile.yaml:12:5: component "tool" is unknown [command-component]',
      "  at commands[0].exec.component",
      '  hint: Did you mean "tools"?',
    ]);
    expect(text).toContain("\n1 error, 0 warnings\n");
    expect(text).toEndWith("wrote nothing\n");
  });

  test("breaks lines between words on a terminal, and nowhere else", () => {
    const long = { ...FINDING, message: "word ".repeat(40).trim(), hint: "x".repeat(120) };
    const shown = renderReport(outcomeOf(reportOf([long])), { format: "text", columns: 60 });
    const lines = shown.split("\n").slice(0, 8);
    expect(lines.filter((line) => line.length > 60)).toEqual([`    ${long.hint}`]);
    expect(lines[1]).toMatch(/^ {4}word/);
    const plain = renderReport(outcomeOf(reportOf([long])), { format: "text" });
    expect(plain.split("\n")[0]).toContain(long.message);
  });

  test("gives JSON of a fixed shape, with the number of its format", () => {
    const report = reportOf([FINDING], { leftOut: ["stacks/x"], notChecked: ["2 icons"] });
    const json = JSON.parse(renderReport(outcomeOf(report), { format: "json" }));
    expect(json).toMatchObject({ format: "1.0", exitCode: 2, output: null, errors: 1 });
    expect(Object.keys(json)).toEqual([
      ...["format", "exitCode", "output", "errors", "warnings", "counts", "sources", "findings"],
      ...["notChecked", "leftOut", "letThrough"],
    ]);
    expect(json.findings).toEqual([FINDING]);
    expect(Object.keys(json.findings[0])).toEqual([
      ...["severity", "rule", "file", "line", "column", "path", "message", "hint"],
    ]);
  });

  test("escapes what annotations give a meaning", () => {
    const finding = { ...FINDING, file: "a,b:c%.yaml", message: "100%\nof it", hint: "Mend, it" };
    const text = renderReport(outcomeOf(reportOf([finding])), { format: "github" });
    expect(text.split("\n")[0]).toBe(
      "::error file=a%2Cb%3Ac%25.yaml,line=12,col=5,title=command-component::" +
        "commands[0].exec.component: 100%25%0Aof it%0AMend, it",
    );
  });

  test("gives as many annotations as are shown, and the rest as text", () => {
    const errors = Array.from({ length: 13 }, (_, at) => ({ ...FINDING, line: at + 1 }));
    const warnings = errors.slice(0, 2).map((each) => ({ ...each, severity: "warning" as const }));
    const report = reportOf([...errors, ...warnings]);
    const lines = renderReport(outcomeOf(report), { format: "github" }).split("\n");
    expect(lines.filter((line) => line.startsWith("::error "))).toHaveLength(10);
    expect(lines.filter((line) => line.startsWith("::warning "))).toHaveLength(2);
    expect(lines).toContain("3 findings more than GitHub shows as annotations:");
    expect(lines.filter((line) => line.startsWith("error: "))).toHaveLength(3);
  });

  test("names files in annotations from the top of the checkout", () => {
    const annotate = (workspace: string, url: string) => {
      const report = reportOf([FINDING], { sources: [{ url }] });
      return renderReport(outcomeOf(report), { format: "github", workspace }).split(",")[0];
    };
    const plain = "::error file=stacks/go/devfile.yaml";
    expect(annotate("/work", "/work/registry")).toBe(
      "::error file=registry/stacks/go/devfile.yaml",
    );
    expect(annotate("/work", "/work")).toBe(plain);
    expect(annotate("/elsewhere", "/work")).toBe(plain);
    expect(annotate("/work", "https://git.example.com/r.git")).toBe(plain);
  });

  test("names what a forced build was published with, and what it lacks", () => {
    const other = { ...FINDING, file: "stacks/left/1.0.0/devfile.yaml" };
    const again = { ...FINDING, rule: "b" };
    const report = reportOf([FINDING, again, other], { leftOut: ["stacks/left/1.0.0"] });
    const forced = outcomeOf(report, { forced: true, output: "/build" });
    expect(renderReport(forced, { format: "text" })).toContain(
      "\nlet through: stacks/go/devfile.yaml with 2 errors (b, command-component)\n" +
        "left out: stacks/left/1.0.0\n",
    );
    expect(JSON.parse(renderReport(forced, { format: "json" })).letThrough).toEqual([
      { file: "stacks/go/devfile.yaml", errors: 2, rules: ["b", "command-component"] },
    ]);
  });

  test("says that warnings count", () => {
    const report = reportOf([{ ...FINDING, severity: "warning" }]);
    const text = renderReport(outcomeOf(report, { strict: true }), { format: "text" });
    expect(text).toContain("\n--warnings-as-errors: ");
  });
});
