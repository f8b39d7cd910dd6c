import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readAll, utf8 } from "../../src/bytes.ts";
import {
  buildManifest,
  describe as describeContent,
  digestOf,
  openReadonlyLayout,
  openTarLayout,
  readTarStream,
} from "../../src/oci-client/index.ts";
import { runProgram } from "../support/program.ts";
import { inChunks, pushGraph, type SampleGraph, sha512BlobOf } from "../support/sample-content.ts";
import { tarFile, tarIn, unevenly } from "../support/tar-layout.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";

setDefaultTimeout(60_000);

const NAME = "registry.corp:5000/team/app";

function skopeo(...args: string[]): Promise<string> {
  return runProgram(["skopeo", "--insecure-policy", ...args]);
}

/** An image whose config skopeo understands, with one gzip'd layer. */
function imageOf(text: string): SampleGraph {
  const layer: Uint8Array = gzipSync(text);
  const diffs = [digestOf(utf8(text))];
  const config = utf8(
    JSON.stringify({
      architecture: "amd64",
      os: "linux",
      rootfs: { type: "layers", diff_ids: diffs },
    }),
  );
  const type = "application/vnd.oci.image";
  const below = [
    { descriptor: describeContent(`${type}.config.v1+json`, config), bytes: config },
    { descriptor: describeContent(`${type}.layer.v1.tar+gzip`, layer), bytes: layer },
  ] as const;
  const [first, second] = below;
  return { root: buildManifest({ config: first.descriptor, layers: [second.descriptor] }), below };
}

const IMAGE = imageOf("round trip");
const LONG_NAME = sha512BlobOf("longer digest");

async function writeBundle(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  const planned = [...IMAGE.below, IMAGE.root].map(({ descriptor }) => descriptor);
  const writer = await tarFile(folder.path, planned);
  const repository = writer.repository(NAME);
  await repository.push(LONG_NAME.descriptor, inChunks(LONG_NAME.bytes, 5));
  await pushGraph(repository, IMAGE);
  await repository.tag(IMAGE.root.descriptor, "1.2");
  await writer.finish();
  return folder;
}

describe("a tar of ours", () => {
  test("is listed by GNU tar with plain owners and dates, and no complaint", async () => {
    await using folder = await writeBundle();
    const tar = tarIn(folder.path);
    const listed = await runProgram(["sh", "-c", `TZ=UTC tar --numeric-owner -tvf ${tar} 2>&1`]);
    const lines = listed.trimEnd().split("\n");
    const sha512 = LONG_NAME.descriptor.digest.replace(":", "/");
    expect(lines[0]).toMatch(/^-rwxr-xr-x 0\/0 +12 1970-01-01 00:00 devreg$/);
    expect(lines[2]).toMatch(/^drwxr-xr-x 0\/0 +0 1970-01-01 00:00 blobs\/$/);
    expect(lines.at(-2)).toMatch(new RegExp(`^-rw-r--r-- 0/0 +13 .* blobs/${sha512}$`));
    expect(lines.every((line) => / 0\/0 .* 1970-01-01 00:00 /.test(line))).toBe(true);
    expect(lines).toHaveLength(9);
  });

  test("is unpacked by GNU tar to a layout that skopeo and we read", async () => {
    await using folder = await writeBundle();
    const root = join(folder.path, "unpacked");
    await mkdir(root);
    await runProgram(["tar", "-C", root, "-xf", tarIn(folder.path)]);
    expect((await stat(join(root, "devreg"))).mode & 0o777).toBe(0o755);
    const raw = await skopeo("inspect", "--raw", `oci:${root}:${NAME}:1.2`);
    expect(utf8(raw)).toEqual(IMAGE.root.bytes);
    const registry = await openReadonlyLayout(root);
    expect(await Array.fromAsync(registry.repositories())).toEqual([NAME]);
    expect(await Array.fromAsync(registry.repository(NAME).tags())).toEqual(["1.2"]);
  });

  test("is read by skopeo as it is, and its image copied out", async () => {
    await using folder = await writeBundle();
    const source = `oci-archive:${tarIn(folder.path)}:${NAME}:1.2`;
    const shown = JSON.parse(await skopeo("inspect", source));
    expect(shown.Digest).toBe(IMAGE.root.descriptor.digest);
    const target = join(folder.path, "copied");
    await skopeo("copy", source, `dir:${target}`);
    expect(IMAGE.root.bytes).toEqual(await readFile(join(target, "manifest.json")));
  });
});

describe("a tar that skopeo wrote", () => {
  test("is opened, and read as a stream", async () => {
    await using folder = await writeBundle();
    const theirs = join(folder.path, "theirs.tar");
    const source = `oci-archive:${tarIn(folder.path)}:${NAME}:1.2`;
    await skopeo("copy", source, `oci-archive:${theirs}:b/two:2.0`);
    await using registry = await openTarLayout(theirs);
    const streamed = await readTarStream(
      unevenly(await readFile(theirs)),
      join(folder.path, "layout"),
    );
    for (const opened of [registry, streamed]) {
      const repository = opened.repository("b/two");
      expect(await repository.resolve("2.0")).toEqual(IMAGE.root.descriptor);
      for (const { descriptor, bytes } of [...IMAGE.below, IMAGE.root]) {
        expect(await readAll(await repository.fetch(descriptor), 99_999, "it")).toEqual(bytes);
      }
    }
    expect(await readdir(join(folder.path, "layout", ".partial"))).toEqual([]);
  });
});
