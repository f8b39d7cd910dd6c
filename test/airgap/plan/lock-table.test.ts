import { describe, expect, test } from "bun:test";
import { lockTable } from "../../../src/airgap/plan/lock-table.ts";
import { lockedImage } from "../../../src/airgap/plan/locked-image.ts";
import { MemoryRepository, readImageGraph } from "../../../src/oci-client/index.ts";
import { devfileText, generateFiles } from "../../support/registry-repository.ts";
import { attachTo, multiPlatformImage, pushImage } from "../../support/sample-image.ts";
import { sampleLock, sampleOccurrence } from "../../support/sample-lock.ts";

async function plannedImage(image: string, places: number) {
  const repository = new MemoryRepository();
  const graph = multiPlatformImage(image, ["linux/amd64", "linux/arm64"]);
  await pushImage(repository, "latest", graph);
  await attachTo(repository, graph);
  const read = await readImageGraph(repository, graph.root.descriptor, { referrers: true });
  const occurrences = Array.from({ length: places }, () => sampleOccurrence(image));
  return { locked: lockedImage(image, read, occurrences), graph: read };
}

describe("lockTable()", () => {
  test("lists images and sums up what they do not share, and the files of the build", async () => {
    const one = await plannedImage("quay.io/one:1", 2);
    const two = await plannedImage("quay.io/two:1", 1);
    const base = await plannedImage("gcr.io/base:latest", 0);
    const { build } = await generateFiles({
      "stacks/go/devfile.yaml": devfileText({ icon: '"data:x"' }),
    });
    if (build === undefined) throw new Error("the sample is valid");
    const plan = { lock: sampleLock(), images: [one, two], base };
    const more = { failures: [], moved: [], findings: [] };
    const { rows, totals } = await lockTable({ ...plan, ...more }, build);
    expect(rows.map(({ image, places, referrers }) => [image, places, referrers])).toEqual([
      ["quay.io/one:1", 2, 2],
      ["quay.io/two:1", 1, 2],
      ["gcr.io/base:latest", 0, 2],
    ]);
    expect(rows[0]?.platforms).toEqual(["linux/amd64", "linux/arm64"]);
    expect(rows[0]?.bytes).toBe(one.graph.bytes);
    const shared = "shared by all images".length;
    const apart = rows.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(totals.imageBytes).toBeLessThan(apart - shared);
    expect(totals).toMatchObject({ projects: 0, projectBytes: 0, files: 1 });
    expect(totals.fileBytes).toBeGreaterThan(0);
  });
});
