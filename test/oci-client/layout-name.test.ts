import { describe, expect, test } from "bun:test";
import { readAll, streamOf, textOf } from "../../src/bytes.ts";
import {
  createLayout,
  digestOf,
  isLayoutName,
  openReadonlyLayout,
} from "../../src/oci-client/index.ts";
import { parseRootName } from "../../src/oci-client/layout-name.ts";
import { artifactOf, pushGraph } from "../support/sample-content.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { codeOf } from "./behaviour.ts";

const DIGEST = digestOf(new Uint8Array());

describe("isLayoutName()", () => {
  const table: readonly (readonly [string, boolean])[] = [
    ["go", true],
    ["quay.io/devfile/udi", true],
    ["registry.corp:5000/team/app", true],
    ["localhost:5000/a", true],
    ["[::1]:5000/a", true],
    ["localhost:5000", false],
    ["localhost:5000/", false],
    ["localhost:0/a", false],
    ["localhost:99999/a", false],
    ["localhost:5000/A", false],
    ["localhost:5000/a:5000/b", false],
    ["localhost:5000/../a", false],
    ["a/b:5000/c", false],
    ["Quay.io/a", false],
    ["", false],
    ["/a", false],
  ];
  for (const [name, valid] of table) {
    test(`${valid ? "takes" : "refuses"} ${JSON.stringify(name)}`, () => {
      expect(isLayoutName(name)).toBe(valid);
    });
  }
});

describe("parseRootName()", () => {
  const table: readonly (readonly [string, object])[] = [
    ["registry.corp:5000/team/app:1.2", { repository: "registry.corp:5000/team/app", tag: "1.2" }],
    [`localhost:5000/a/b@${DIGEST}`, { repository: "localhost:5000/a/b" }],
    ["localhost:5000/a", {}],
    ["localhost:5000", { repository: "localhost", tag: "5000" }],
    ["1.0", { tag: "1.0" }],
    [`localhost:5000@${DIGEST}`, {}],
  ];
  for (const [name, parts] of table) {
    test(`takes apart ${name}`, () => {
      expect(parseRootName(name, DIGEST)).toEqual(parts);
    });
  }
});

test("repositories named with a port are listed and opened again, tagged or not", async () => {
  await using folder = await temporaryFolder();
  const writing = await createLayout(folder.path);
  const graphs = [artifactOf(["tagged"]), artifactOf(["untagged"])] as const;
  for (const graph of graphs) await pushGraph(writing.repository("corp:5000/team/app"), graph);
  await writing.repository("corp:5000/team/app").tag(graphs[0].root.descriptor, "1.2");
  const registry = await openReadonlyLayout(folder.path);
  expect(await Array.fromAsync(registry.repositories())).toEqual(["corp:5000/team/app"]);
  const repository = registry.repository("corp:5000/team/app");
  expect(await repository.resolve("1.2")).toEqual(graphs[0].root.descriptor);
  for (const { root } of graphs) expect(await repository.exists(root.descriptor)).toBe(true);
});

describe("the files beside a folder layout", () => {
  test("are listed and read, without what belongs to the layout, folders and links", async () => {
    await using folder = await temporaryFolder();
    const registry = await createLayout(folder.path);
    await Bun.write(`${folder.path}/mapping.txt`, "0123456789");
    await Bun.write(`${folder.path}/deeper/file`, "x");
    await Bun.$`ln -s mapping.txt ${folder.path}/link`.quiet();
    const { files } = registry;
    expect(await files.list()).toEqual([{ name: "mapping.txt", size: 10, mode: 0o644 }]);
    const part = await files.open("mapping.txt", { offset: 2, length: 3 });
    expect(textOf(await readAll(part ?? streamOf(), 99, "it"))).toBe("234");
    for (const name of ["link", "deeper", "deeper/file", "index.json", "..", "", "absent"]) {
      expect(await files.stat(name)).toBeUndefined();
      expect(await files.open(name)).toBeUndefined();
    }
  });

  test("are too many to list beyond a bound", async () => {
    await using folder = await temporaryFolder();
    const registry = await createLayout(folder.path);
    await Bun.$`seq 1001 | xargs touch`.cwd(folder.path).quiet();
    expect(await codeOf(registry.files.list())).toBe("LIMIT_EXCEEDED");
  });
});
