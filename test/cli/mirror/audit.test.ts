import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatLock } from "../../../src/airgap/index.ts";
import { run } from "../../../src/cli/index.ts";
import { type Build, writeBuild } from "../../../src/generator/index.ts";
import { createTransportPool } from "../../../src/net/index.ts";
import { startDockerRegistry } from "../../support/docker-registry.ts";
import { testEdge } from "../../support/edge.ts";
import { openRemote } from "../../support/remote.ts";
import { sampleBuild } from "../../support/sample-build.ts";
import {
  BUNDLED_IMAGE,
  bundledLock,
  publishSample,
  writeSampleBundle,
} from "../../support/sample-bundle.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";

setDefaultTimeout(60_000);

const DEVFILE = `schemaVersion: 2.2.0
metadata:
  name: go
  icon: https://icons.example/go.svg
components:
  - name: run
    container: {image: "${BUNDLED_IMAGE}"}
`;
let work: TemporaryFolder;
let build: Build;

beforeEach(async () => {
  work = await temporaryFolder();
  const self = { self: "devfile-catalog/go:1.0.0" };
  const versions = [{ version: "1.0.0", default: true, links: self, resources: ["devfile.yaml"] }];
  build = await sampleBuild({
    index: [{ name: "go", type: "stack", versions }],
    files: { "stacks/go/1.0.0/devfile.yaml": DEVFILE },
  });
});

afterEach(() => work.remove());

async function audit(...words: readonly string[]) {
  const edge = testEdge(["mirror", "audit", ...words], {}, work.path);
  const code = await run(edge);
  return { code, out: edge.out(), err: edge.err() };
}

describe("mirror audit", () => {
  test("exits 3 with the findings of a build, 0 when their hosts are allowed", async () => {
    await writeBuild(build, join(work.path, "build"));
    const { code, out } = await audit("build");
    expect(out).toContain(
      "stacks/go/1.0.0/devfile.yaml:4: /metadata/icon: icon https://icons.example/go.svg\n  hint: ",
    );
    expect(out).toContain(`image ${BUNDLED_IMAGE}\n`);
    expect(out).toContain("2 findings in build (no host is allowed)");
    expect(code).toBe(3);
    const inside = await audit("build", "--allow", "icons.example", "--allow", "quay.io");
    expect(inside.out).toStartWith("0 findings in build (allowed: icons.example, quay.io)");
    expect(inside.code).toBe(0);
    const excluded = await audit("build", "--exclude", "go", "--format", "json");
    expect(JSON.parse(excluded.out).excluded).toHaveLength(2);
    expect(excluded.code).toBe(0);
  });

  test("takes the images of a bundle as mirrored", async () => {
    await writeSampleBundle(join(work.path, "bundle"), { build });
    const { code, out } = await audit("bundle", "--public-url", "https://icons.example");
    expect(out).toContain("1 mirrored by the bundle");
    expect(code).toBe(0);
  });

  test("reads a registry, whose own host is allowed", async () => {
    const registry = await startDockerRegistry();
    const pool = createTransportPool({ userAgent: "devreg-tests" });
    try {
      await publishSample(openRemote(`${registry.host}/team`, { send: pool.send }), build);
      const { code, out } = await audit(`${registry.host}/team`);
      expect(out).toContain(`(allowed: ${registry.host})`);
      expect(out).toContain("2 findings in");
      expect(code).toBe(3);
    } finally {
      await pool.close();
      await registry.stop();
    }
  });

  test("exits 2 when a devfile cannot be read", async () => {
    await writeBuild(build, join(work.path, "build"));
    await writeFile(join(work.path, "build/stacks/go/1.0.0/devfile.yaml"), "a: [");
    const { code, out } = await audit("build");
    expect(out).toContain("note: ");
    expect(code).toBe(2);
  });

  test("refuses a lock and words that name nothing", async () => {
    await writeFile(join(work.path, "mirror.lock.json"), formatLock(bundledLock()));
    const lock = await audit("mirror.lock.json");
    expect(lock.err).toContain("a lock holds no devfiles");
    expect(lock.code).toBe(1);
    expect((await audit("no such thing")).code).toBe(1);
  });
});
