import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDevreg } from "../support/devreg.ts";

// Whole processes on a busy machine.
setDefaultTimeout(60_000);

const EXAMPLE = join(import.meta.dir, "../../examples/registry");
const work = mkdtempSync(join(tmpdir(), "devreg-e2e-rules-"));
const repository = join(work, "repository");
cpSync(EXAMPLE, repository, { recursive: true });
afterAll(() => rmSync(work, { recursive: true, force: true }));

function check(rules: string) {
  writeFileSync(join(repository, "devreg.rules.yaml"), rules);
  return runDevreg(["generate", repository, "--check", "--no-network"]);
}

test("devreg generate holds a repository to its own rules, and its rules to theirs", async () => {
  const community = [
    "images: {deny: [docker.io], floatingTags: [latest, next, nightly]}",
    "metadata: {required: [name, displayName, description, version]}",
    "architectures: {}",
  ].join("\n");
  expect((await check(community)).code).toBe(0);
  const strict = await check("images: {digests: true}\nseverity: {repo/image-digest: warning}");
  expect(strict.code).toBe(0);
  expect(strict.stdout).toMatch(
    /^warning: stacks\/go-service\/1\.1\.0\/docker\/Dockerfile:1:6: .* \[repo\/image-digest\]$/m,
  );
  const refused = await check("images: {allow: [quay.io]}");
  expect(refused.code).toBe(2);
  const exempted = await check(
    "images: {allow: [quay.io]}\nexempt: [{paths: ['*'], rules: ['repo/*'], reason: all}]",
  );
  expect([exempted.code, exempted.stdout]).toEqual([
    0,
    expect.stringMatching(/\d+ findings exempted/),
  ]);
  const broken = await check("images:\n  alow: [quay.io]\n");
  expect(broken.code).toBe(2);
  expect(broken.stdout).toContain("error: devreg.rules.yaml:2:3: ");
});
