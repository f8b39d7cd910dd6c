import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatLock } from "../../../src/airgap/index.ts";
import { run } from "../../../src/cli/index.ts";
import { createTransportPool } from "../../../src/net/index.ts";
import { type DockerRegistry, startDockerRegistry } from "../../support/docker-registry.ts";
import { testEdge } from "../../support/edge.ts";
import { openRemote } from "../../support/remote.ts";
import { sampleBuild } from "../../support/sample-build.ts";
import {
  BUNDLED_GRAPH,
  BUNDLED_IMAGE,
  publishSample,
  pushBundledImage,
  writeSampleBundle,
} from "../../support/sample-bundle.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";

setDefaultTimeout(60_000);

const LAYER = BUNDLED_GRAPH.below[1]?.descriptor.digest ?? "";
let work: TemporaryFolder;
let bundle: string;
let lock: string;

beforeEach(async () => {
  work = await temporaryFolder();
  bundle = join(work.path, "bundle");
  lock = join(work.path, "mirror.lock.json");
  await writeFile(lock, formatLock(await writeSampleBundle(bundle)));
});

afterEach(() => work.remove());

async function verify(...words: readonly string[]) {
  const edge = testEdge(["mirror", "verify", ...words]);
  const code = await run(edge);
  return { code, out: edge.out(), err: edge.err() };
}

describe("mirror verify BUNDLE", () => {
  test("finds nothing wrong with a whole bundle", async () => {
    const { code, out } = await verify(bundle, "--level", "blob");
    expect(out).toMatch(/^1 image, 5 artifacts, .* hashed at .*bundle: 0 problems\n$/);
    expect(code).toBe(0);
  });

  test("exits 3 and names a blob that is gone, and one with another byte", async () => {
    const path = join(bundle, "blobs/sha256", LAYER.slice("sha256:".length));
    const bytes = await readFile(path);
    bytes[3] = (bytes[3] ?? 0) ^ 1;
    await writeFile(path, bytes);
    expect((await verify(bundle, "--level", "graph")).code).toBe(0);
    const broken = await verify(bundle);
    expect(broken.out).toContain(`${BUNDLED_IMAGE}: layer ${LAYER} cannot be read`);
    expect(broken.code).toBe(3);
    await rm(path);
    expect(broken.out).toEndWith("\nHint: Copy the bundle again, or save it again\n");
    const gone = await verify(bundle, "--level", "graph", "--format", "json");
    expect(JSON.parse(gone.out)).toMatchObject({
      level: "graph",
      problems: [{ what: BUNDLED_IMAGE, digest: LAYER, problem: `layer ${LAYER} is not there` }],
    });
    expect(gone.code).toBe(3);
  });

  test("refuses a lock without a registry, and what is neither", async () => {
    const alone = await verify(lock);
    expect(alone.err).toContain("a lock holds no content");
    expect(alone.code).toBe(1);
    expect((await verify(join(work.path, "nothing"))).code).toBe(1);
  });
});

describe("mirror verify --at", () => {
  let registry: DockerRegistry;
  let at: string;

  beforeEach(async () => {
    registry = await startDockerRegistry();
    at = `${registry.host}/mirror`;
    const pool = createTransportPool({ userAgent: "devreg-tests" });
    try {
      const remote = openRemote(at, { send: pool.send });
      await pushBundledImage(remote, "quay.io/devfile/udi");
      await publishSample(remote, await sampleBuild());
    } finally {
      await pool.close();
    }
  });

  afterEach(() => registry.stop());

  test("finds a registry whole, by a bundle and by a lock", async () => {
    for (const operand of [bundle, lock]) {
      const { code, out } = await verify(operand, "--at", at);
      expect(out).toMatch(/^1 image, 4 artifacts, \d+ manifests, \d+ blobs at .*: 0 problems\n$/);
      expect(code).toBe(0);
    }
  });

  test("exits 3 and names what the registry lost", async () => {
    const hex = LAYER.slice("sha256:".length);
    const path = join(registry.dir, "docker/registry/v2/blobs/sha256", hex.slice(0, 2), hex);
    await rm(path, { recursive: true });
    const { code, out } = await verify(bundle, "--at", at);
    expect(out).toContain(`${BUNDLED_IMAGE}: layer ${LAYER} is not there\n`);
    expect(code).toBe(3);
    expect((await verify(bundle, "--at", at, "--level", "tag")).code).toBe(0);
    const elsewhere = await verify(lock, "--at", at, "--path-style", "flat", "--level", "tag");
    expect(elsewhere.out).toContain(`${BUNDLED_IMAGE}: tag "ubi9" is not there\n`);
    expect(elsewhere.code).toBe(3);
  });

  test("exits 5 when nothing answers", async () => {
    await registry.stop();
    const { code, err } = await verify(lock, "--at", at);
    expect(err).toContain("Error: Cannot");
    expect(code).toBe(5);
  });
});

test("mirror verify --at exits 4 where access is denied", async () => {
  const registry = await startDockerRegistry({ auth: { username: "u", password: "p" } });
  try {
    const { code, out } = await verify(lock, "--at", registry.host);
    expect(out).toContain(BUNDLED_IMAGE);
    expect(code).toBe(4);
  } finally {
    await registry.stop();
  }
});
