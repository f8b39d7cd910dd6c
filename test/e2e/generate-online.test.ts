import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createTransportPool } from "../../src/net/index.ts";
import { runDevreg } from "../support/devreg.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { type GitHttpServer, startGitHttpServer } from "../support/git-http-server.ts";
import { git, initRepository } from "../support/git-repository.ts";
import { devfileText } from "../support/registry-repository.ts";
import { openRemote } from "../support/remote.ts";
import { multiPlatformImage, pushImage } from "../support/sample-image.ts";

// Whole processes and their peers on a busy machine.
setDefaultTimeout(60_000);

const work = mkdtempSync(join(tmpdir(), "devreg-e2e-online-"));
const repository = join(work, "repository");
let registry: DockerRegistry;
let server: GitHttpServer;
let [first, second] = ["", ""];

beforeAll(async () => {
  const project = join(work, "git/project");
  await initRepository(project);
  for (const name of ["one", "two"]) {
    await writeFile(join(project, name), name);
    git(project, ["add", "-A"]);
    git(project, ["commit", "-q", "-m", name]);
  }
  [second = "", first = ""] = git(project, ["log", "--format=%H"]).split("\n");
  git(project, ["config", "uploadpack.allowAnySHA1InWant", "true"]);
  [registry, server] = [await startDockerRegistry(), startGitHttpServer(join(work, "git"))];
  const pool = createTransportPool({ userAgent: "test" });
  const target = openRemote(registry.host, { send: pool.send }).repository("team/app");
  await pushImage(target, "1", multiPlatformImage("app", ["linux/amd64"]));
  await pool.close();
});
afterAll(async () => {
  await registry.stop();
  await server.stop();
  rmSync(work, { recursive: true, force: true });
});

async function check(image: string, starters: readonly string[], ...flags: string[]) {
  const text = devfileText(
    { architectures: "[amd64]" },
    `components:\n  - name: c\n    container:\n      image: ${registry.host}/${image}\nstarterProjects:\n${starters.join("")}`,
  );
  const path = join(repository, "stacks/go/devfile.yaml");
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  const args = ["generate", repository, "--check", "--format=json", ...flags];
  const run = await runDevreg(args);
  const { findings = [] } = run.stdout === "" ? {} : JSON.parse(run.stdout);
  const rules = findings.map(({ rule }: { rule: string }) => rule);
  return { ...run, rules: rules.filter((rule: string) => /^(?:image|source)-/.test(rule)) };
}

let count = 0;
const starter = (revision: string) => {
  count += 1;
  const remotes = `remotes: {origin: "${server.url}/project/.git"}`;
  return `  - name: s${count}\n    git: {${remotes}, checkoutFrom: {revision: "${revision}"}}\n`;
};
const archive = (path: string) => {
  count += 1;
  return `  - name: z${count}\n    zip: {location: "${server.url}/${path}"}\n`;
};

describe("devreg generate --check --online", () => {
  test("is content with what is there: images, branches, commits at the tip and below it", async () => {
    const starters = [starter("main"), starter(second), starter(first)];
    expect((await check("team/app:1", starters, "--online")).rules).toEqual([]);
  });

  test("warns of what is not there, and exits with 2 only where warnings count", async () => {
    const starters = [starter("nowhere"), starter("f".repeat(40)), archive("a.zip")];
    const { code, rules, stderr } = await check("team/app:2", starters, "--online");
    expect({ code, rules, stderr }).toEqual({
      code: 0,
      rules: ["image-missing", "source-missing", "source-missing", "source-missing"],
      stderr: "",
    });
    const strict = await check("team/app:2", starters, "--online", "--warnings-as-errors");
    expect(strict.code).toBe(2);
    expect((await check("team/app:2", starters)).rules).toEqual([]);
  });

  test("does not go together with --no-network", async () => {
    const { code, stderr } = await check("team/app:1", [], "--online", "--no-network");
    expect([code, stderr]).toEqual([1, expect.stringContaining("--no-network")]);
  });
});
