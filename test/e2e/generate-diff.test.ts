import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDevreg } from "../support/devreg.ts";
import { startDockerRegistry } from "../support/docker-registry.ts";

// Whole processes on a busy machine.
setDefaultTimeout(60_000);

const EXAMPLE = join(import.meta.dir, "../../examples/registry");
const work = mkdtempSync(join(tmpdir(), "devreg-e2e-diff-"));
const repository = join(work, "repository");
const build = join(work, "build");
cpSync(EXAMPLE, repository, { recursive: true });
afterAll(() => rmSync(work, { recursive: true, force: true }));

function generate(...flags: string[]) {
  return runDevreg(["generate", repository, "--no-network", ...flags]);
}

describe("devreg generate --diff", () => {
  test("compares with the build that it replaces, and shows it in the exit code", async () => {
    expect((await generate("-o", build)).code).toBe(0);
    const same = await generate("-o", build, "--diff", build);
    expect([same.code, same.stdout]).toEqual([0, expect.stringContaining("no differences from")]);
    const yaml = join(repository, "stacks/python-web/devfile.yaml");
    const text = readFileSync(yaml, "utf8");
    writeFileSync(yaml, text.replace(/displayName: .*/, "displayName: Another name"));
    const checked = await generate("--check", "--diff", build, "--format=markdown");
    expect(checked.code).toBe(6);
    expect(checked.stdout).toStartWith("## Changes\n");
    expect(checked.stdout).toMatch(/`displayName`: .* → Another name/);
    expect(checked.stderr).toContain("wrote nothing");
    const json = await generate("-o", build, "--diff", build, "--format=json");
    expect(json.code).toBe(6);
    const { diff, output, exitCode } = JSON.parse(json.stdout);
    expect({ output, exitCode }).toEqual({ output: build, exitCode: 6 });
    expect(diff.changed[0]).toMatchObject({ type: "stack", name: "python-web" });
    expect((await generate("--check", "--diff", build)).code).toBe(0);
  });

  test("compares with what was published to a registry", async () => {
    const registry = await startDockerRegistry();
    try {
      const place = `${registry.host}/team`;
      expect((await runDevreg(["bootstrap", build, "--registry", place])).code).toBe(0);
      const same = await runDevreg(["generate", repository, "--check", "--diff", place]);
      expect([same.code, same.stdout]).toEqual([0, expect.stringContaining("no differences from")]);
    } finally {
      await registry.stop();
    }
  });

  test("tells errors before differences, and what goes together", async () => {
    writeFileSync(join(repository, "stacks/static-site/devfile.yaml"), "a: [\n");
    const broken = await generate("--check", "--diff", build);
    expect(broken.code).toBe(2);
    expect(broken.stdout).toContain("not compared with");
    const alone = await generate("--check", "--format=markdown");
    expect([alone.code, alone.stderr]).toEqual([1, expect.stringContaining("--diff OLD_BUILD")]);
    const missing = await generate("--check", "--diff", "nowhere");
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('"nowhere"')]);
    const offline = await generate("--check", "--diff", "registry.example.com/team");
    expect([offline.code, offline.stderr]).toEqual([1, expect.stringContaining("--no-network")]);
  });
});
