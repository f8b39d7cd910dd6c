import { describe, expect, test } from "bun:test";
import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readAll, streamOf, textOf } from "../../src/bytes.ts";
import { DevregError } from "../../src/errors.ts";
import {
  createLayout,
  hexOf,
  type LayoutOptions,
  OCI_MANIFEST,
  openTarLayout,
} from "../../src/oci-client/index.ts";
import { artifactOf, imageIndexOf, pushGraph } from "../support/sample-content.ts";
import { gnuTar, type HandEntry, tarOf } from "../support/tar-layout.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";
import { codeOf } from "./behaviour.ts";

const GRAPH = imageIndexOf([artifactOf(["amd64", "x".repeat(300_000)]), artifactOf(["arm64"])]);
const NAME = "registry.corp:5000/team/app";
const DEEP = "deep/".repeat(30);

/** A folder layout with a tagged image index, and files beside it. */
async function layoutFolder(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  const root = join(folder.path, "layout");
  const repository = (await createLayout(root)).repository(NAME);
  await pushGraph(repository, GRAPH);
  await repository.tag(GRAPH.root.descriptor, "1.2");
  await writeFile(join(root, "mapping.txt"), "a=b\n", { mode: 0o600 });
  await writeFile(join(root, "devreg"), "program", { mode: 0o755 });
  await mkdir(join(root, DEEP), { recursive: true });
  await writeFile(join(root, DEEP, "ignored"), "below");
  await rm(join(root, ".partial"), { recursive: true });
  return folder;
}

async function openBytes(bytes: Uint8Array, options?: LayoutOptions): Promise<string> {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "some.tar");
  await writeFile(path, bytes);
  await using registry = await openTarLayout(path, options);
  return (await Array.fromAsync(registry.repositories())).join();
}

async function failureOf(bytes: Uint8Array): Promise<DevregError> {
  const error = await openBytes(bytes).catch((reason: unknown) => reason);
  if (error instanceof DevregError) return error;
  throw new Error(`it did not fail as it should: ${error}`);
}

const MARKER: HandEntry = { name: "oci-layout", text: '{"imageLayoutVersion":"1.0.0"}' };
const INDEX: HandEntry = { name: "index.json", text: '{"schemaVersion":2,"manifests":[]}' };

describe("openTarLayout()", () => {
  for (const format of ["gnu", "pax", "ustar", "oldgnu"]) {
    test(`reads what GNU tar packs in its format ${format}`, async () => {
      await using folder = await layoutFolder();
      const tar = join(folder.path, "layout.tar");
      await gnuTar(join(folder.path, "layout"), tar, `--format=${format}`, "--sort=name");
      await using registry = await openTarLayout(tar);
      expect(await Array.fromAsync(registry.repositories())).toEqual([NAME]);
      const repository = registry.repository(NAME);
      expect(await repository.resolve("1.2")).toMatchObject({
        digest: GRAPH.root.descriptor.digest,
      });
      for (const { descriptor, bytes } of [...GRAPH.below, GRAPH.root]) {
        expect(await readAll(await repository.fetch(descriptor), 999_999, "it")).toEqual(bytes);
      }
    });
  }

  test("lists and opens the files beside the content", async () => {
    await using folder = await layoutFolder();
    const tar = join(folder.path, "layout.tar");
    await gnuTar(join(folder.path, "layout"), tar);
    await using registry = await openTarLayout(tar);
    expect(await registry.files.list()).toEqual([
      { name: "devreg", size: 7, mode: 0o755 },
      { name: "mapping.txt", size: 4, mode: 0o600 },
    ]);
    const stream = await registry.files.open("devreg", { offset: 1, length: 3 });
    expect(textOf(await readAll(stream ?? streamOf(), 99, "it"))).toBe("rog");
    expect(await registry.files.open("index.json")).toBeUndefined();
    expect(await registry.files.stat("absent")).toBeUndefined();
  });

  test("reads a part of a blob, cut off at its end", async () => {
    await using folder = await layoutFolder();
    const tar = join(folder.path, "layout.tar");
    await gnuTar(join(folder.path, "layout"), tar);
    await using registry = await openTarLayout(tar);
    const layer = GRAPH.below.find(({ bytes }) => bytes.byteLength === 5);
    const target = layer?.descriptor ?? GRAPH.root.descriptor;
    const repository = registry.repository(NAME);
    const part = await repository.fetch(target, { offset: 3, length: 99 });
    expect(textOf(await readAll(part, 99, "it"))).toBe("64");
  });

  test("takes the last of two entries of one name, as tar does", async () => {
    const entry = { mediaType: OCI_MANIFEST, digest: `sha256:${"a".repeat(64)}`, size: 1 };
    const annotations = { "org.opencontainers.image.ref.name": "second:1" };
    const second = JSON.stringify({ schemaVersion: 2, manifests: [{ ...entry, annotations }] });
    const tar = tarOf([INDEX, MARKER, { name: "./index.json", text: second }]);
    expect(await openBytes(tar)).toBe("second");
  });

  test("a byte that was changed is found when it is read", async () => {
    await using folder = await layoutFolder();
    const tar = join(folder.path, "layout.tar");
    await gnuTar(join(folder.path, "layout"), tar);
    const bytes = await readFile(tar);
    bytes[bytes.indexOf("xxxxx") + 200_000] = 0;
    await writeFile(tar, bytes);
    await using registry = await openTarLayout(tar);
    const [large] = GRAPH.below.filter(({ descriptor }) => descriptor.size === 300_000);
    const target = large?.descriptor ?? GRAPH.root.descriptor;
    const read = async () =>
      readAll(await registry.repository(NAME).fetch(target), 999_999, hexOf(target.digest));
    expect(await codeOf(read())).toBe("DIGEST_MISMATCH");
  });

  test("a file cut off anywhere is told from a whole one, with the place", async () => {
    const text = "x".repeat(1500);
    const whole = tarOf([MARKER, { name: "blobs/sha256/some", text }, INDEX]);
    expect(await openBytes(whole)).toBe("");
    const end = whole.byteLength - 1024;
    for (let length = 512; length <= end; length += 73) {
      const error = await failureOf(whole.subarray(0, length));
      expect(error.code).toBe("BUNDLE_INVALID");
      expect(error.message).toContain(`ends at byte ${length}`);
      expect(error.hint).toContain("Copy the file again");
    }
    expect(await openBytes(whole.subarray(0, end + 512))).toBe("");
  });

  test("a damaged header is told with its place", async () => {
    const whole = tarOf([MARKER, INDEX]);
    for (const [position, place] of [
      [5, 0],
      [1024 + 130, 1024],
    ] as const) {
      const damaged = Uint8Array.from(whole);
      damaged[position] = 0x39;
      const error = await failureOf(damaged);
      expect(error.code).toBe("BUNDLE_INVALID");
      expect(error.message).toContain(`byte ${place} is damaged`);
    }
  });

  const refused: readonly (readonly [string, Uint8Array, string])[] = [
    ["an empty file", new Uint8Array(), "no tar"],
    ["text", new Uint8Array(Buffer.from("hello ".repeat(500))), "no tar"],
    ["zeros", new Uint8Array(10_240), "no tar"],
    ["a gzip'd tar", gzipSync(tarOf([MARKER, INDEX])), "compressed"],
    ["a tar of something else", tarOf([{ name: "readme" }]), "no index.json"],
    ["a tar without the marker", tarOf([INDEX]), "no oci-layout"],
    ["a hard link", tarOf([{ name: "x", type: "1" }]), "a hard link"],
    ["a symbolic link", tarOf([{ name: "x", type: "2" }]), "a symbolic link"],
    ["a device", tarOf([{ name: "x", type: "3" }]), "a device"],
    ["a pipe", tarOf([{ name: "x", type: "6" }]), "a pipe"],
    ["a sparse file", tarOf([{ name: "x", type: "S" }]), "a sparse file"],
    ["an unknown kind", tarOf([{ name: "x", type: "V" }]), "unknown kind"],
    ["a path upwards", tarOf([{ name: "blobs/../../x" }]), "leads outside"],
    ["an absolute path", tarOf([{ name: "/etc/passwd" }]), "leads outside"],
    ["an index.json that is none", tarOf([MARKER, { name: "index.json", text: "[" }]), "JSON"],
  ];
  for (const [what, bytes, state] of refused) {
    test(`refuses ${what}`, async () => {
      const error = await failureOf(bytes);
      expect(error.code).toBe("INPUT_INVALID");
      expect(error.message).toContain(state);
    });
  }

  test("refuses a link that GNU tar packed, long names included", async () => {
    await using folder = await layoutFolder();
    const tar = join(folder.path, "layout.tar");
    await symlink(`${"far/".repeat(60)}away`, join(folder.path, "layout", DEEP, "link"));
    await gnuTar(join(folder.path, "layout"), tar);
    const error = await openTarLayout(tar).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "INPUT_INVALID" });
    expect(String(error)).toContain(`${DEEP}link" is a symbolic link`);
  });

  test("refuses headers and files of the layout beyond their bounds", async () => {
    const long = { name: "x", type: "L", text: "y".repeat(70_000) };
    expect((await failureOf(tarOf([long, MARKER, INDEX]))).code).toBe("LIMIT_EXCEEDED");
    const marker = { name: "oci-layout", text: " ".repeat(5000) };
    expect((await failureOf(tarOf([marker, INDEX]))).code).toBe("LIMIT_EXCEEDED");
  });

  test("refuses more files beside the content than a folder may have", async () => {
    const files = Array.from({ length: 1001 }, (_, number) => ({ name: `file ${number}` }));
    expect((await failureOf(tarOf([...files, MARKER, INDEX]))).code).toBe("LIMIT_EXCEEDED");
    expect(await openBytes(tarOf([...files.slice(1), MARKER, INDEX]))).toBe("");
  });

  test("refuses a folder and a path where nothing is", async () => {
    await using folder = await temporaryFolder();
    expect(await codeOf(openTarLayout(folder.path))).toBe("INPUT_INVALID");
    expect(await codeOf(openTarLayout(join(folder.path, "absent")))).toBe("IO");
  });

  test("roots without a name are read under the name they are given", async () => {
    const manifests = [{ mediaType: OCI_MANIFEST, digest: `sha256:${"a".repeat(64)}`, size: 1 }];
    const text = JSON.stringify({ schemaVersion: 2, manifests });
    const tar = tarOf([MARKER, { name: "index.json", text }]);
    expect(await openBytes(tar, { unnamed: "library" })).toBe("library");
  });
});
