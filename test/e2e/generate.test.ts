import { afterAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDevreg } from "../support/devreg.ts";
import { runProgram } from "../support/program.ts";

// Whole processes and their peers on a busy machine.
setDefaultTimeout(60_000);

const EXAMPLE = join(import.meta.dir, "../../examples/registry");
const work = mkdtempSync(join(tmpdir(), "devreg-e2e-generate-"));
let repository = "";

beforeEach(() => {
  repository = mkdtempSync(join(work, "repository-"));
  cpSync(EXAMPLE, repository, { recursive: true });
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

function generate(...flags: string[]) {
  return runDevreg(["generate", repository, "--no-network", ...flags]);
}

describe("devreg generate", () => {
  test("writes the same build twice, from copies with other dates", async () => {
    const copy = mkdtempSync(join(work, "copy-"));
    cpSync(repository, copy, { recursive: true });
    await runProgram(["find", copy, "-exec", "touch", "-d", "2001-01-01", "{}", "+"]);
    const [one, two] = [join(work, "one"), join(work, "two")];
    expect((await generate("-o", one)).code).toBe(0);
    const second = await runDevreg(["generate", ".", "-o", two, "--no-network"], { cwd: copy });
    expect(second.code).toBe(0);
    const [infoOne, infoTwo] = [one, two].map((dir) => {
      const info = JSON.parse(readFileSync(join(dir, "build.json"), "utf8"));
      rmSync(join(dir, "build.json"));
      return { ...info, sources: undefined };
    });
    expect(infoOne).toEqual(infoTwo);
    await runProgram(["diff", "-r", one, two]);
  });

  test("packs what is no resource into an archive that tar reads", async () => {
    const out = join(work, "archive");
    expect((await generate("-o", out)).code).toBe(0);
    const folder = join(out, "stacks/go-service/1.1.0");
    expect(readdirSync(folder).sort()).toEqual(["archive.tar", "devfile.yaml", "logo.svg"]);
    const target = mkdtempSync(join(work, "unpacked-"));
    await runProgram(["tar", "-xzf", join(folder, "archive.tar"), "-C", target]);
    await runProgram([
      "diff",
      "-r",
      join(target, "docker"),
      join(repository, "stacks/go-service/1.1.0/docker"),
    ]);
  });

  test("reports JSON for machines and annotations for a pull request", async () => {
    writeFileSync(join(repository, "stacks/python-web/devfile.yaml"), "schemaVersion: [\n");
    const json = await generate("--check", "--format=json");
    expect(json.code).toBe(2);
    const report = JSON.parse(json.stdout);
    expect(report).toMatchObject({ exitCode: 2, output: null });
    const [finding] = report.findings.filter(
      (each: { severity: string }) => each.severity === "error",
    );
    expect(finding.file).toBe("stacks/python-web/devfile.yaml");
    expect(finding.line).toBeGreaterThan(0);
    const annotated = await generate("--check", "--format=github");
    expect(annotated.stdout).toMatch(
      /^::error file=stacks\/python-web\/devfile\.yaml,line=\d+,col=/m,
    );
  });

  test("lets warnings count as errors where told", async () => {
    const yaml = join(repository, "stacks/python-web/devfile.yaml");
    writeFileSync(yaml, readFileSync(yaml, "utf8").replace(/^ *supportUrl: .*\n/m, ""));
    const out = join(work, "strict");
    const strict = await generate("-o", out, "--warnings-as-errors");
    expect(strict.code).toBe(2);
    expect(strict.stdout).toContain("wrote nothing");
    expect(existsSync(out)).toBe(false);
    expect((await generate("-o", out)).code).toBe(0);
  });

  const broken: readonly [string, () => void, RegExp][] = [
    ["no stacks folder", () => rmSync(join(repository, "stacks"), { recursive: true }), /stacks/],
    [
      "broken YAML",
      () => writeFileSync(join(repository, "stacks/static-site/devfile.yaml"), "a:\n\tb: c\n"),
      /stacks\/static-site\/devfile\.yaml:2:\d+: /,
    ],
    [
      "a version folder that is missing",
      () => rmSync(join(repository, "stacks/go-service/1.0.0"), { recursive: true }),
      /stacks\/go-service\/stack\.yaml:\d+:\d+: .*1\.0\.0/,
    ],
    [
      "two default versions",
      () => {
        const path = join(repository, "stacks/go-service/stack.yaml");
        const text = readFileSync(path, "utf8");
        writeFileSync(
          path,
          text.replace("version: 1.0.0\n", "version: 1.0.0\n    default: true\n"),
        );
      },
      /stacks\/go-service\/stack\.yaml:\d+:\d+: .*default/,
    ],
    [
      "a link that leaves the repository",
      () => symlinkSync("/etc/hostname", join(repository, "stacks/static-site/secret")),
      /stacks\/static-site\/secret/,
    ],
    [
      "a devfile of 50 MB",
      () => {
        const path = join(repository, "stacks/static-site/devfile.yaml");
        writeFileSync(path, `${readFileSync(path, "utf8")}#${"x".repeat(50_000_000)}\n`);
      },
      /stacks\/static-site\/devfile\.yaml.*bytes/,
    ],
    [
      "both devfile names in a folder",
      () => writeFileSync(join(repository, "stacks/static-site/.devfile.yaml"), "a: b\n"),
      /stacks\/static-site.*\.devfile\.yaml/,
    ],
  ];
  for (const [what, breakIt, message] of broken) {
    test(`refuses ${what}, writes nothing and keeps the older build`, async () => {
      const out = join(work, `out-${what.replaceAll(" ", "-")}`);
      expect((await generate("-o", out)).code).toBe(0);
      const before = readFileSync(join(out, "build.json"), "utf8");
      breakIt();
      const { code, stdout, stderr } = await generate("-o", out);
      expect([1, 2]).toContain(code);
      expect(stdout + stderr).toMatch(message);
      expect(readFileSync(join(out, "build.json"), "utf8")).toBe(before);
      expect(readdirSync(work).filter((name) => name.startsWith(".out-"))).toEqual([]);
    });
  }

  test("publishes the rest with --force, counts what it left out and exits 2", async () => {
    writeFileSync(join(repository, "stacks/static-site/devfile.yaml"), "a: [\n");
    const out = join(work, "forced");
    const { code, stdout } = await generate("-o", out, "--force");
    expect(code).toBe(2);
    expect(stdout).toMatch(/left out: .*static-site/);
    const index: { name: string }[] = JSON.parse(readFileSync(join(out, "index.json"), "utf8"));
    expect(index.map(({ name }) => name)).toEqual([
      "go-service",
      "node-api",
      "python-web",
      "go-hello",
    ]);
  });

  test("refuses to replace a folder that is no build", async () => {
    const out = mkdtempSync(join(work, "precious-"));
    writeFileSync(join(out, "thesis.txt"), "years of work");
    const { code, stderr } = await generate("-o", out);
    expect(code).not.toBe(0);
    expect(stderr).toContain(out);
    expect(readFileSync(join(out, "thesis.txt"), "utf8")).toBe("years of work");
  });

  test("leaves the older build and nothing else when the disk is full", async () => {
    const disk = mkdtempSync(join(work, "disk-"));
    await runProgram(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk]);
    try {
      const out = join(disk, "build");
      expect((await generate("-o", out)).code).toBe(0);
      const before = readFileSync(join(out, "build.json"), "utf8");
      mkdirSync(join(repository, "stacks/static-site/files"));
      writeFileSync(join(repository, "stacks/static-site/files/big"), Buffer.alloc(400_000, 1));
      const { code, stderr } = await generate("-o", out);
      expect(code).toBe(2);
      expect(stderr).toContain("space");
      expect(readFileSync(join(out, "build.json"), "utf8")).toBe(before);
      expect(readdirSync(disk)).toEqual(["build"]);
    } finally {
      await runProgram(["umount", disk]);
    }
  });

  test("says what is wrong with a folder that is not there, or a file", async () => {
    const missing = await runDevreg(["generate", join(work, "nowhere")]);
    expect(missing.code).toBe(1);
    expect(missing.stderr).toContain("nowhere");
    expect(existsSync(join(work, "nowhere"))).toBe(false);
    const file = await runDevreg(["generate", join(EXAMPLE, "README.md")]);
    expect(file.code).toBe(1);
    expect(file.stderr).toContain("README.md");
  });
});
