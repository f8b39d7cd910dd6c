import { describe, expect, test } from "bun:test";
import { findGit } from "../../src/cli/run-git.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const ENV = { PATH: "/usr/bin:/bin", HOME: "/nonexistent" };
const OPTIONS = { cwd: "/", env: {}, limitBytes: 10_000 };

function git(env: Readonly<Record<string, string>> = ENV) {
  return findGit({ env }) ?? expect.unreachable("git is installed");
}

/** Runs a shell from git, which is all there is to run. */
const shell = (script: string) => ["-c", `alias.sh=!${script}`, "sh"];

describe("findGit()", () => {
  test("finds no program where PATH has none, or only folders that move with us", async () => {
    await using folder = await temporaryFolder();
    for (const PATH of ["", folder.path, "bin:.", ":"])
      expect(findGit({ env: { PATH } })).toBe(undefined);
  });

  test("gives the code and what was printed, with an environment of its own", async () => {
    const ok = await git()(shell("echo $MINE; echo two >&2"), { ...OPTIONS, env: { MINE: "one" } });
    expect(ok).toEqual({ code: 0, stdout: "one\n", stderr: "two\n" });
    const failed = await git()(["no-such-command"], OPTIONS);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain("no-such-command");
  });

  test("ends a program that prints too much, or that nobody waits for", async () => {
    const endless = git()(shell("yes"), OPTIONS);
    await expect(endless).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
    const stop = new AbortController();
    const waiting = git()(shell("while sleep 0.1; do echo x; done"), {
      ...OPTIONS,
      signal: stop.signal,
    });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: "ABORTED" });
    const late = git()(shell("while sleep 0.1; do echo x; done"), {
      ...OPTIONS,
      signal: AbortSignal.timeout(1),
    });
    await expect(late).rejects.toMatchObject({ code: "TIMEOUT" });
  });

  test("says that it cannot be run", async () => {
    await using folder = await temporaryFolder();
    const nowhere = git()(["version"], { ...OPTIONS, cwd: `${folder.path}/gone` });
    await expect(nowhere).rejects.toMatchObject({ code: "IO" });
  });
});
