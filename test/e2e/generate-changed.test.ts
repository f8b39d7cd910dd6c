import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDevreg } from "../support/devreg.ts";
import { startGitHttpServer } from "../support/git-http-server.ts";
import { git, initRepository } from "../support/git-repository.ts";

// Whole processes on a busy machine.
setDefaultTimeout(60_000);

const EXAMPLE = join(import.meta.dir, "../../examples/registry");
const work = mkdtempSync(join(tmpdir(), "devreg-e2e-changed-"));
const repository = join(work, "registry");
cpSync(EXAMPLE, repository, { recursive: true });
await initRepository(repository);
git(repository, ["add", "-A"]);
git(repository, ["commit", "-q", "-m", "first"]);
afterAll(() => rmSync(work, { recursive: true, force: true }));

function check(source: string, ...flags: string[]) {
  return runDevreg(["generate", source, "--check", "--format=json", ...flags]);
}

describe("devreg generate --check --changed-since", () => {
  test("looks at what changed in a checkout, committed or not, without a git program", async () => {
    const none = await check(repository, "--no-network", "--changed-since", "HEAD");
    expect([none.code, JSON.parse(none.stdout).changed.stacks.checked]).toEqual([0, 0]);
    git(repository, ["checkout", "-q", "-b", "topic"]);
    appendFileSync(join(repository, "stacks/python-web/devfile.yaml"), "# new\n");
    git(repository, ["commit", "-q", "-a", "-m", "topic"]);
    writeFileSync(join(repository, "stacks/static-site/devfile.yaml"), "a: [\n");
    const run = await runDevreg(
      ["generate", repository, "--check", "--no-network", "--changed-since", "main"],
      { env: { PATH: "/nonexistent" } },
    );
    expect(run.code).toBe(2);
    expect(run.stdout).toMatch(/^error: stacks\/static-site\/devfile\.yaml:/);
    expect(run.stdout).toMatch(
      /\nchecked 2 of \d+ stacks and 0 of \d+ samples?, which changed since main \(/,
    );
    git(repository, ["checkout", "-q", "--", "stacks/static-site"]);
  });

  test("looks at what changed in a repository that is fetched", async () => {
    const server = startGitHttpServer(work);
    try {
      const source = `${server.url}/registry/.git#topic`;
      const { code, stdout } = await check(source, "--changed-since", "main");
      expect(code).toBe(0);
      expect(JSON.parse(stdout).changed).toMatchObject({
        since: "main",
        commits: [git(repository, ["rev-parse", "main"]).trim()],
        stacks: { checked: 1 },
      });
      const unknown = await check(source, "--changed-since", "nowhere");
      expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('"nowhere"')]);
    } finally {
      await server.stop();
    }
  });

  test("says what does not go together", async () => {
    const build = await runDevreg(["generate", repository, "--changed-since", "main"]);
    expect([build.code, build.stderr]).toEqual([1, expect.stringContaining("--check")]);
    const unknown = await check(repository, "--no-network", "--changed-since", "nowhere");
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('"nowhere"')]);
    const diff = await check(repository, "--changed-since", "main", "--diff", work);
    expect([diff.code, diff.stderr]).toEqual([1, expect.stringContaining("--diff")]);
  });
});
