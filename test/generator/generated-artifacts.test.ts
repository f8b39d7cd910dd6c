import { expect, test } from "bun:test";
import { join } from "node:path";
import { packStackArtifacts } from "../../src/generator/index.ts";
import { generateFolder } from "../support/registry-repository.ts";

test("generate() gives the artifacts that packing its build gives", async () => {
  const { build, artifacts } = await generateFolder(join(import.meta.dir, "../fixtures/registry"));
  if (build === undefined || artifacts === undefined) expect.unreachable();
  const packed = await packStackArtifacts(build);
  expect(artifacts.artifacts).toEqual(packed.artifacts);
  expect(artifacts.rejected).toEqual(packed.rejected);
  for (const { repository, tag, descriptor } of packed.artifacts) {
    expect(await artifacts.registry.repository(repository).resolve(tag)).toEqual(descriptor);
  }
});
