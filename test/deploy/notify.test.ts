import { afterAll, afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { silentLogger } from "../../src/log.ts";
import { type Listening, listen, type UpdateOutcome } from "../../src/server/index.ts";
import { git, initRepository } from "../support/git-repository.ts";
import { runProgram } from "../support/program.ts";
import { SECRET, type UpdateApp, type UpdateAppOptions, updateApp } from "../support/update-app.ts";

setDefaultTimeout(60_000);

const SCRIPT = join(import.meta.dir, "../../deploy/ci/notify.sh");
const NO_COMMIT = "0".repeat(40);
const work = mkdtempSync(join(tmpdir(), "devreg-notify-"));
const running: Listening[] = [];

afterAll(() => rmSync(work, { recursive: true, force: true }));
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop(0)));
});

const repository = join(work, "stacks repository");
await initRepository(repository);
const base = commit({
  "stacks/go/1.0.0/devfile.yaml": "a",
  "stacks/old/devfile.yaml": "a long text that git would take for moved",
  "README.md": "a",
});

/** Writes files (null removes one), commits them, and gives the commit. */
function commit(files: Readonly<Record<string, string | null>>): string {
  for (const [path, text] of Object.entries(files)) {
    const file = join(repository, path);
    mkdirSync(dirname(file), { recursive: true });
    if (text === null) rmSync(file);
    else writeFileSync(file, text);
  }
  git(repository, ["add", "--all"]);
  git(repository, ["commit", "-q", "-m", "a change"]);
  return git(repository, ["rev-parse", "HEAD"]).trim();
}

async function start(options: UpdateAppOptions = {}): Promise<{ app: UpdateApp; url: string }> {
  const app = await updateApp({ now: () => new Date(), ...options });
  const server = listen({ app: app.app, hostname: "127.0.0.1", port: 0, log: silentLogger });
  running.push(server);
  return { app, url: server.url };
}

async function notify(
  commits: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd = repository,
): Promise<{ code: number; output: string }> {
  const child = Bun.spawn(["sh", SCRIPT, ...commits], {
    cwd,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: work,
      DEVREG_WEBHOOK_SECRET: SECRET,
      DEVREG_RETRY_SECONDS: "1",
      ...env,
    },
  });
  const [out, err, code] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  return { code, output: out + err };
}

test("the shortest form of the README is signed right", async () => {
  const readme = readFileSync(join(dirname(SCRIPT), "README.md"), "utf8");
  const example = /^ {4}body=.*(?:\n {4}.*)+/m.exec(readme)?.[0] ?? "";
  const { app, url } = await start();
  await runProgram(["sh", "-ec", example.replace("https://registry.example.com", url)], {
    env: { SECRET },
  });
  expect(app.asked).toEqual([{ origin: "own" }]);
});

describe("notify.sh", () => {
  test("sends the commit and the stacks that changed to every registry, signed", async () => {
    const before = git(repository, ["rev-parse", "HEAD"]).trim();
    const after = commit({
      "stacks/go/1.0.0/devfile.yaml": "b",
      "stacks/go/2.0.0/devfile.yaml": "b",
      "stacks/old/devfile.yaml": null,
      "stacks/new/devfile.yaml": "a long text that git would take for moved",
      'stacks/odd "name"/devfile.yaml': "b",
      "stacks/OWNERS": "b",
      "samples/x/devfile.yaml": "b",
    });
    const [one, other] = [await start(), await start({ config: { basePath: "/base" } })];
    const { code, output } = await notify([before, after], {
      DEVREG_URL: `${one.url} ${other.url}/base/`,
    });
    expect(output).toMatch(/^\S+: 200 .*"unchanged".*\n\S+: 200 .*"unchanged".*\n$/);
    expect(code).toBe(0);
    const update = { origin: "own" as const, commit: after, stacks: ["go", "new", "old"] };
    expect(one.app.asked).toEqual([update]);
    expect(other.app.asked).toEqual([update]);
  });

  test("has nothing to tell when nothing changed that is served", async () => {
    const before = git(repository, ["rev-parse", "HEAD"]).trim();
    const after = commit({ "README.md": `${before}` });
    const { app, url } = await start();
    const { code, output } = await notify([before, after], { DEVREG_URL: url });
    expect([code, output]).toEqual([0, "nothing changed that the registry serves\n"]);
    expect(app.asked).toEqual([]);
  });

  test.each([NO_COMMIT, "", "f".repeat(40), "--output=x"])(
    "names the commit alone where the one before is %j",
    async (before) => {
      const { app, url } = await start();
      const { code } = await notify([before, "HEAD"], { DEVREG_URL: url });
      expect(code).toBe(0);
      const head = git(repository, ["rev-parse", "HEAD"]).trim();
      expect(app.asked).toEqual([{ origin: "own", commit: head }]);
    },
  );

  test("fetches the commit before in a checkout that has the newest one only", async () => {
    const after = commit({ "stacks/go/1.0.0/devfile.yaml": "c" });
    git(repository, ["config", "uploadpack.allowAnySHA1InWant", "true"]);
    const shallow = join(work, "shallow");
    git(work, ["clone", "-q", "--depth=1", `file://${repository}`, shallow]);
    const { app, url } = await start();
    await notify([base, after], { DEVREG_URL: url }, shallow);
    expect(app.asked).toEqual([{ origin: "own", commit: after, stacks: ["go", "new", "old"] }]);
  });

  test.each([
    ["of one byte", "x"],
    ["as long as a block of the hash", "k".repeat(64)],
    ["that is longer", "k".repeat(65)],
    ["of any characters", `a'b"c $d \\n %s é é`],
  ])("signs with a secret %s, from the environment or a file", async (name, secret) => {
    const { app, url } = await start({ secret });
    const file = join(work, `${name}.secret`);
    writeFileSync(file, `${secret}\n`);
    for (const env of [
      { DEVREG_WEBHOOK_SECRET: secret },
      { DEVREG_WEBHOOK_SECRET: "", DEVREG_WEBHOOK_SECRET_FILE: file },
    ]) {
      // Two bodies, since a signature of the same second would be the same one.
      const before = "DEVREG_WEBHOOK_SECRET_FILE" in env ? NO_COMMIT : base;
      const { code, output } = await notify([before, "HEAD"], { DEVREG_URL: url, ...env });
      expect(output).toContain("200");
      expect(code).toBe(0);
    }
    expect(app.asked).toHaveLength(2);
  });

  test("asks again while the registry cannot, each time with a signature of its own", async () => {
    const outcomes: UpdateOutcome[] = [
      { state: "failed", reasons: ["no route"], fault: "source" },
      { state: "updated", reasons: [] },
    ];
    const answer = () => outcomes.shift() ?? { state: "unchanged", reasons: [] };
    const { app, url } = await start({ answer });
    const { code, output } = await notify([base, "HEAD"], { DEVREG_URL: url });
    expect(output).toMatch(/502 .*no route.*\n.*200 .*updated/);
    expect(code).toBe(0);
    expect(app.asked).toHaveLength(2);
  });

  test("leaves a registry alone that serves a newer commit", async () => {
    const answer = () => ({ state: "refused" as const, reasons: ["older"] });
    const { app, url } = await start({ answer });
    const { code, output } = await notify([base, "HEAD"], { DEVREG_URL: url });
    expect(output).toContain("serves a newer commit already");
    expect([code, app.asked.length]).toEqual([0, 1]);
  });

  test("fails at once for a commit that cannot be served, and tells the others", async () => {
    const reasons = ["stacks/go/devfile.yaml:3:1: no"];
    const broken = await start({
      answer: () => ({ state: "failed", reasons, fault: "content" }),
    });
    const good = await start();
    const urls = `${broken.url} ${good.url}`;
    const { code, output } = await notify([base, "HEAD"], { DEVREG_URL: urls });
    expect(code).toBe(1);
    expect(output).toContain("stacks/go/devfile.yaml:3:1");
    expect([broken.app.asked.length, good.app.asked.length]).toEqual([1, 1]);
  });

  test("gives up on a registry that stays away", async () => {
    const { url } = await start();
    await running.pop()?.stop(0);
    const env = { DEVREG_URL: url, DEVREG_ATTEMPTS: "2" };
    const { code, output } = await notify([base, "HEAD"], env);
    expect(code).toBe(1);
    expect(output).toContain("not every registry took");
  });

  test.each([
    [[base], {}, "usage: notify.sh BEFORE AFTER"],
    [[base, "HEAD"], { DEVREG_URL: "" }, "say the address of the registry in DEVREG_URL"],
    [[base, "f".repeat(40)], {}, "there is no commit"],
    [[base, "HEAD"], { DEVREG_WEBHOOK_SECRET: "" }, "say the secret in DEVREG_WEBHOOK_SECRET"],
    [[base, "HEAD"], { DEVREG_WEBHOOK_SECRET: "wrong" }, "401"],
  ])("run with %j and %j says what is wrong", async (commits, env, said) => {
    const { app, url } = await start();
    const { code, output } = await notify(commits, { DEVREG_URL: url, ...env });
    expect(code).toBe(1);
    expect(output).toContain(said);
    expect(output).not.toContain(SECRET);
    expect(app.asked).toEqual([]);
  });
});
