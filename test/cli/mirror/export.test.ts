import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EXPORT_FORMATS, formatLock } from "../../../src/airgap/index.ts";
import { run } from "../../../src/cli/index.ts";
import { exportFormats } from "../../../src/cli/mirror/export/values.ts";
import { testEdge } from "../../support/edge.ts";
import { sampleBuild } from "../../support/sample-build.ts";
import { BUNDLED_IMAGE, bundledLock, writeSampleBundle } from "../../support/sample-bundle.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";

const TO = ["--to", "registry.internal:5000/mirror"];
let work: TemporaryFolder;

beforeEach(async () => {
  work = await temporaryFolder();
  await writeFile(join(work.path, "mirror.lock.json"), formatLock(bundledLock()));
});

afterEach(() => work.remove());

async function exportInto(...words: readonly string[]) {
  const edge = testEdge(["mirror", "export", ...words], {}, work.path);
  const code = await run(edge);
  return { code, out: edge.out(), err: edge.err() };
}

describe("mirror export", () => {
  test("writes every format of a bundle", async () => {
    await writeSampleBundle(join(work.path, "bundle"));
    const url = ["--public-url", "https://devfiles.internal/"];
    const { code, out } = await exportInto("bundle", ...TO, ...url, "-o", "cluster");
    expect(code).toBe(0);
    expect(out).toContain("note: idms: no image is named by digest\n");
    const files = await readdir(join(work.path, "cluster"), { recursive: true });
    expect(files).toContain("clients/che-samples.yaml");
    expect(files).toContain("containerd/certs.d/quay.io/hosts.toml");
    expect(await readFile(join(work.path, "cluster/mapping.txt"), "utf8")).toBe(
      `${BUNDLED_IMAGE}=registry.internal:5000/mirror/${BUNDLED_IMAGE}\n`,
    );
    expect((await stat(join(work.path, "cluster/clients/odo.sh"))).mode & 0o111).toBe(0o111);
  });

  test("writes chosen formats of a lock, by commas or one by one", async () => {
    const words = ["mirror.lock.json", ...TO, "--format", "itms,mapping", "--format", "idms"];
    const { out } = await exportInto(...words, "-o", "chosen");
    expect((await readdir(join(work.path, "chosen"))).sort()).toEqual(["itms.yaml", "mapping.txt"]);
    expect(out).toEndWith("2 files for registry.internal:5000/mirror\n");
  });

  test("refuses formats it does not know, and calls without a registry or folder", async () => {
    const unknown = await exportInto("mirror.lock.json", ...TO, "--format", "idms,icsp", "-o", "x");
    expect(unknown.err).toContain('"icsp" is none of idms, itms');
    expect(unknown.code).toBe(1);
    expect((await exportInto("mirror.lock.json", "-o", "x")).err).toContain("--to is missing");
    expect((await exportInto("mirror.lock.json", ...TO)).err).toContain("-o is missing");
  });

  test("takes no address from a bundle that is none", async () => {
    const { info, ...build } = await sampleBuild();
    if (info === undefined) throw new Error("the sample has a record");
    const counts = { restOnly: 0, parents: { registry: 0, flattened: 0 }, documents: 0 };
    const offline = { publicUrl: "no address\n$(id)", ...counts, documentFiles: {}, projects: {} };
    const hostile = { ...build, info: { ...info, offline } };
    await writeSampleBundle(join(work.path, "hostile"), { build: hostile });
    const { code, err } = await exportInto("hostile", ...TO, "-o", "x");
    expect(code).toBe(1);
    expect(err).toContain('Cannot use public URL "no address\\n$(id)": it is no plain address');
    const url = ["--public-url", "https://devfiles.internal"];
    expect((await exportInto("hostile", ...TO, ...url, "-o", "x")).code).toBe(0);
  });

  test("knows every format that can be written", () => {
    expect(exportFormats.parse(EXPORT_FORMATS.join(","))).toEqual([...EXPORT_FORMATS]);
  });
});
