import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FolderStackSource, generate, packStackArtifacts } from "../../src/generator/index.ts";
import { silentLogger } from "../../src/log.ts";
import { fetchManifest, successors } from "../../src/oci-client/index.ts";
import { noProgress } from "../../src/progress.ts";

const ROOT = join(import.meta.dir, "../..");

test("the digests named in ARCHITECTURE.md are those of the example registry", async () => {
  const url = join(ROOT, "examples/registry");
  const { build } = await generate({
    sources: [{ files: new FolderStackSource(url), url }],
    force: false,
    toolVersion: "0",
    log: silentLogger,
    progress: noProgress,
  });
  if (build === undefined) throw new Error("the example registry has errors");
  const { registry, artifacts } = await packStackArtifacts(build);
  const artifact = artifacts.find(({ stack, tag }) => stack === "go-service" && tag === "1.1.0");
  if (artifact === undefined) throw new Error("the example registry lacks go-service 1.1.0");
  const source = registry.repository(artifact.repository);
  const { manifest } = await fetchManifest(source, artifact.descriptor);
  const digests = [artifact.descriptor, ...successors(manifest)].map(({ digest }) => digest);
  const page = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8");
  const named = page.match(/sha256:[a-f0-9]{64}/g) ?? [];
  expect(named).toHaveLength(3);
  for (const digest of named) expect(digests.map(String)).toContain(digest);
});
