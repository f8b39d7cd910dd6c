import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const FOLDER = join(import.meta.dir, "../../deploy/ci");
const read = (name: string) => readFileSync(join(FOLDER, name), "utf8");
/** What a registry serves of its repository. */
const SERVED = ["stacks/**", "samples/**", "extraDevfileEntries.yaml"];

describe("jobs of deploy/ci", () => {
  test("run after merges that touch what is served", () => {
    const { on, jobs } = parse(read("github-post-merge.yml"));
    expect(on.push.paths).toEqual(SERVED);
    const [, notify] = jobs.notify.steps;
    expect(notify.run).toBe('sh .ci/notify.sh "$BEFORE" "$AFTER"');
    expect(Object.keys(notify.env)).toContain("DEVREG_WEBHOOK_SECRET");
    const { "devreg-notify": gitlab } = parse(read("gitlab-ci.yml"));
    expect(gitlab.script).toEqual(['sh .ci/notify.sh "$CI_COMMIT_BEFORE_SHA" "$CI_COMMIT_SHA"']);
    expect(gitlab.rules).toHaveLength(1);
    expect(gitlab.rules[0].changes).toEqual(SERVED.map((path) => path.replace("**", "**/*")));
  });

  test("check pull requests that touch what is served", () => {
    const { on, jobs } = parse(read("github-pull-request.yml"));
    expect(on.pull_request.paths).toEqual(SERVED);
    const commands = jobs.check.steps.map((step: { run?: string }) => step.run ?? "").join("\n");
    expect(commands).toContain("generate . --check --format github");
    const { "devreg-check": gitlab } = parse(read("gitlab-ci.yml"));
    expect(gitlab.script.join("\n")).toContain("generate . --check");
  });

  test("put no value of the forge into a shell line", () => {
    for (const name of ["github-post-merge.yml", "github-pull-request.yml"]) {
      for (const { steps } of Object.values<{ steps: { run?: string }[] }>(
        parse(read(name)).jobs,
      )) {
        for (const { run = "" } of steps) expect(run).not.toContain("${{");
      }
    }
  });

  test("are all told of in the README", () => {
    const readme = read("README.md");
    for (const name of ["notify.sh", "github-post-merge.yml", "gitlab-ci.yml"]) {
      expect(readme).toContain(name);
    }
  });
});
