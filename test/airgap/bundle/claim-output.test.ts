import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { claimOutput } from "../../../src/airgap/bundle/claim-output.ts";
import { openBundleWriter } from "../../../src/airgap/bundle/open-bundle-writer.ts";
import { createLayout, createTarLayout } from "../../../src/oci-client/index.ts";
import { failureOf } from "../../support/remote.ts";
import { writeSampleBundle } from "../../support/sample-bundle.ts";
import { artifactOf, pushGraph } from "../../support/sample-content.ts";
import { gnuTar, tarOf } from "../../support/tar-layout.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const image = artifactOf(["somebody's"]);
const file = (path: string) => ({ kind: "file", path }) as const;
const folder = (path: string) => ({ kind: "folder", path }) as const;

describe("claimOutput()", () => {
  test("lets one run after the other write to a place, never two at once", async () => {
    await using work = await temporaryFolder();
    for (const output of [file(join(work.path, "b.tar")), folder(join(work.path, "b"))]) {
      const first = await claimOutput(output);
      const failure = await failureOf(claimOutput(output));
      expect([failure.code, failure.message]).toEqual([
        "INPUT_INVALID",
        `Cannot write a bundle to "${output.path}": another run is writing to it`,
      ]);
      await first.end(false);
      const second = await claimOutput(output);
      expect([first.isBegun, second.isBegun]).toEqual([false, true]);
      await second.end(true);
      expect((await claimOutput(output)).isBegun).toBe(false);
    }
  });

  test("takes a place with nothing in it, an empty file and an earlier bundle", async () => {
    await using work = await temporaryFolder();
    const bundle = join(work.path, "bundle");
    await writeSampleBundle(bundle);
    await gnuTar(bundle, join(work.path, "bundle.tar"));
    await Bun.write(join(work.path, "empty.tar"), "");
    await mkdir(join(work.path, "empty"));
    const outputs = [
      ...["new.tar", "empty.tar", "bundle.tar"].map((name) => file(join(work.path, name))),
      ...["new", "empty", "bundle"].map((name) => folder(join(work.path, name))),
    ];
    for (const output of outputs) await (await claimOutput(output)).end(true);
  });

  test("refuses to replace files and images that are no bundle", async () => {
    await using work = await temporaryFolder();
    const at = (name: string) => join(work.path, name);
    await Bun.write(at("notes.tar"), "all that I know");
    await Bun.write(at("files.tar"), tarOf([{ name: "a", text: "b" }]));
    const archive = await createTarLayout({
      ...{ planned: [], head: [], spoolFolder: at("spool"), output: file(at("image.tar")) },
    });
    await pushGraph(archive.repository("team/app"), image);
    await archive.finish();
    await pushGraph((await createLayout(at("layout"))).repository("team/app"), image);
    for (const output of [
      ...["notes.tar", "files.tar", "image.tar"].map((name) => file(at(name))),
      folder(at("layout")),
    ]) {
      const failure = await failureOf(claimOutput(output));
      expect([failure.code, failure.message]).toEqual([
        "INPUT_INVALID",
        `Cannot write a bundle to "${output.path}": what is there is no bundle of devreg`,
      ]);
    }
    expect(await Bun.file(at("notes.tar")).text()).toBe("all that I know");
    expect(existsSync(at(".notes.tar.lock"))).toBe(false);
  });

  test("refuses a layout whose only image has a bare tag, as other tools write it", async () => {
    await using work = await temporaryFolder();
    await createLayout(work.path);
    const { digest, mediaType, size } = image.root.descriptor;
    const annotations = { "org.opencontainers.image.ref.name": "latest" };
    const manifests = [{ mediaType, digest, size, annotations }];
    await Bun.write(join(work.path, "index.json"), JSON.stringify({ schemaVersion: 2, manifests }));
    expect((await failureOf(claimOutput(folder(work.path)))).code).toBe("INPUT_INVALID");
  });
});

describe("openBundleWriter()", () => {
  test("goes on with a folder that an interrupted run has put images into", async () => {
    await using work = await temporaryFolder();
    const output = folder(join(work.path, "bundle"));
    const spoolFolder = join(work.path, "spool");
    const first = await openBundleWriter({ output, planned: [], spoolFolder });
    await pushGraph(first.registry.repository("quay.io/team/app"), image);
    await first.abort();
    const second = await openBundleWriter({ output, planned: [], spoolFolder });
    expect(await second.registry.repository("quay.io/team/app").exists(image.root.descriptor)).toBe(
      true,
    );
    await second.finish(new Set());
    expect(existsSync(join(work.path, ".bundle.lock"))).toBe(false);
  });

  test("leaves no trace beside a folder that holds something else", async () => {
    await using work = await temporaryFolder();
    await Bun.write(join(work.path, "mine", "notes.txt"), "all that I know");
    const output = folder(join(work.path, "mine"));
    const spoolFolder = join(work.path, "spool");
    const failure = await failureOf(openBundleWriter({ output, planned: [], spoolFolder }));
    expect(failure.message).toContain('it holds "notes.txt"');
    expect(existsSync(join(work.path, ".mine.lock"))).toBe(false);
  });
});
