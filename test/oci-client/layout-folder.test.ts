import { describe, expect, test } from "bun:test";
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createLayout, openLayout, openReadonlyLayout } from "../../src/oci-client/index.ts";
import { artifactOf, pushGraph } from "../support/sample-content.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { codeOf } from "./behaviour.ts";

const MARKER = '{"imageLayoutVersion":"1.0.0"}';
const EMPTY_INDEX =
  '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}';

describe("createLayout()", () => {
  test("makes the files of an empty layout, also where folders above are missing", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "deep/below");
    await createLayout(path);
    expect((await readdir(path)).sort()).toEqual([".partial", "blobs", "index.json", "oci-layout"]);
    expect(await readFile(join(path, "oci-layout"), "utf8")).toBe(MARKER);
    expect(await readFile(join(path, "index.json"), "utf8")).toBe(EMPTY_INDEX);
    expect(await readdir(join(path, "blobs"))).toEqual(["sha256"]);
  });

  test("opens the layout that is there", async () => {
    await using folder = await temporaryFolder();
    const graph = artifactOf(["kept"]);
    await pushGraph((await createLayout(folder.path)).repository("a"), graph);
    const again = (await createLayout(folder.path)).repository("a");
    expect(await again.exists(graph.root.descriptor)).toBe(true);
  });

  test("completes a layout whose making was interrupted", async () => {
    await using folder = await temporaryFolder();
    await mkdir(join(folder.path, "blobs/sha256"), { recursive: true });
    await mkdir(join(folder.path, ".partial"));
    await writeFile(join(folder.path, ".partial/.index.json.x.partial"), '{"schema');
    await createLayout(folder.path);
    expect(await readFile(join(folder.path, "index.json"), "utf8")).toBe(EMPTY_INDEX);
    expect(await readdir(join(folder.path, ".partial"))).toEqual([]);
  });

  test("keeps the roots of a layout that lost its oci-layout file", async () => {
    await using folder = await temporaryFolder();
    const graph = artifactOf(["kept"]);
    await pushGraph((await createLayout(folder.path)).repository("a"), graph);
    await rm(join(folder.path, "oci-layout"));
    const again = (await createLayout(folder.path)).repository("a");
    expect(await again.exists(graph.root.descriptor)).toBe(true);
  });

  test("refuses a folder that holds something else, and leaves it as it was", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "letter.txt"), "dear");
    expect(await codeOf(createLayout(folder.path))).toBe("INPUT_INVALID");
    expect(await readdir(folder.path)).toEqual(["letter.txt"]);
  });

  test("refuses an index.json of another kind, and does not mark the folder as a layout", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "index.json"), "[]");
    expect(await codeOf(createLayout(folder.path))).toBe("INPUT_INVALID");
    expect(await codeOf(openReadonlyLayout(folder.path))).toBe("NOT_FOUND");
  });

  test("says what to do when the folder cannot be made", async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, "file");
    await writeFile(file, "");
    expect(await codeOf(createLayout(join(file, "layout")))).toBe("IO");
  });
});

describe("openLayout()", () => {
  test("removes what an interrupted process left, and nothing else", async () => {
    await using folder = await temporaryFolder();
    const graph = artifactOf(["kept"]);
    await pushGraph((await createLayout(folder.path)).repository("a"), graph);
    await writeFile(join(folder.path, ".partial/.blob.x.partial"), "half");
    const repository = (await openLayout(folder.path)).repository("a");
    expect(await readdir(join(folder.path, ".partial"))).toEqual([]);
    expect(await repository.exists(graph.root.descriptor)).toBe(true);
  });

  test("does not follow a link that stands in place of the folder of unfinished files", async () => {
    await using folder = await temporaryFolder();
    await using elsewhere = await temporaryFolder();
    await writeFile(join(elsewhere.path, "precious"), "");
    await createLayout(folder.path);
    await rm(join(folder.path, ".partial"), { recursive: true });
    await symlink(elsewhere.path, join(folder.path, ".partial"));
    await openLayout(folder.path);
    expect(await readdir(elsewhere.path)).toEqual(["precious"]);
  });
});

describe("openReadonlyLayout()", () => {
  test("writes nothing", async () => {
    await using folder = await temporaryFolder();
    const graph = artifactOf(["kept"]);
    await pushGraph((await createLayout(folder.path)).repository("a"), graph);
    await writeFile(join(folder.path, ".partial/.blob.x.partial"), "half");
    await chmod(folder.path, 0o555);
    const registry = await openReadonlyLayout(folder.path);
    expect(await registry.repository("a").exists(graph.root.descriptor)).toBe(true);
    expect(await readdir(join(folder.path, ".partial"))).toEqual([".blob.x.partial"]);
    await chmod(folder.path, 0o755);
  });

  const marked: readonly (readonly [string, Readonly<Record<string, string>>, string])[] = [
    ["a folder without oci-layout", { "index.json": EMPTY_INDEX }, "NOT_FOUND"],
    [
      "a layout of another major version",
      { "oci-layout": '{"imageLayoutVersion":"2.0.0"}' },
      "UNSUPPORTED",
    ],
    ["an oci-layout that is not JSON", { "oci-layout": "1.0.0" }, "INPUT_INVALID"],
    ["an oci-layout without a version", { "oci-layout": "{}" }, "INPUT_INVALID"],
    ["a layout without index.json", { "oci-layout": MARKER }, "IO"],
    [
      "an index.json cut short",
      { "oci-layout": MARKER, "index.json": '{"schemaVersion":2' },
      "INPUT_INVALID",
    ],
    ["an index.json that is a list", { "oci-layout": MARKER, "index.json": "[]" }, "INPUT_INVALID"],
    [
      "a root with a malformed digest",
      {
        "oci-layout": MARKER,
        "index.json":
          '{"schemaVersion":2,"manifests":[{"mediaType":"a/b","digest":"sha256:../../x","size":1}]}',
      },
      "INPUT_INVALID",
    ],
  ];
  for (const [what, files, code] of marked) {
    test(`refuses ${what} with ${code}`, async () => {
      await using folder = await temporaryFolder();
      for (const [name, text] of Object.entries(files)) {
        await writeFile(join(folder.path, name), text);
      }
      expect(await codeOf(openReadonlyLayout(folder.path))).toBe(code);
    });
  }

  test("refuses a folder that does not exist", async () => {
    await using folder = await temporaryFolder();
    expect(await codeOf(openReadonlyLayout(join(folder.path, "absent")))).toBe("NOT_FOUND");
    expect(await codeOf(openLayout(join(folder.path, "absent")))).toBe("NOT_FOUND");
  });
});
