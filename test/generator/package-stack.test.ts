import { describe, expect, test } from "bun:test";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { textOf, utf8 } from "../../src/bytes.ts";
import { type FolderFile, packageStack, resourceNames } from "../../src/generator/index.ts";
import { gzipStored } from "../../src/generator/package-stack-archive.ts";
import { digestOf } from "../../src/oci-client/index.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

function file(path: string, text = path, executable = false): FolderFile {
  return { path, executable, read: async () => utf8(text) };
}

const FOLDER = [
  file("devfile.yaml", "schemaVersion: 2.2.0"),
  file("docker/Dockerfile", "FROM scratch"),
  file("docker/scripts/run.sh", "#!/bin/sh", true),
  file("deploy.yaml"),
  file("logo.png"),
  file("OWNERS"),
  file("docker/OWNERS"),
  file("stack.yaml"),
];

async function unpack(archive: Uint8Array): Promise<{ path: string; remove: () => Promise<void> }> {
  const folder = await temporaryFolder();
  await writeFile(join(folder.path, "archive.tar.gz"), archive);
  await mkdir(join(folder.path, "out"));
  const tar = Bun.spawnSync(["tar", "-xzf", "../archive.tar.gz"], {
    cwd: join(folder.path, "out"),
  });
  expect(tar.stderr.toString()).toBe("");
  expect(tar.exitCode).toBe(0);
  return { path: join(folder.path, "out"), remove: folder.remove };
}

async function archiveOf(files: readonly FolderFile[]): Promise<Uint8Array> {
  const found = (await packageStack(files)).find(({ name }) => name === "archive.tar");
  return found?.bytes ?? new Uint8Array();
}

describe("resourceNames()", () => {
  const table: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    [
      "keeps what clients look for by name",
      ["logo.svg", "devfile.yaml"],
      ["devfile.yaml", "logo.svg"],
    ],
    ["keeps the hidden devfile", [".devfile.yaml"], [".devfile.yaml"]],
    [
      "keeps meta.yaml, extensions and zips",
      ["meta.yaml", "a.vsx", "b.zip"],
      ["a.vsx", "b.zip", "meta.yaml"],
    ],
    ["archives the rest", ["devfile.yaml", "README.md"], ["archive.tar", "devfile.yaml"]],
    ["archives a folder whatever it holds", ["x/devfile.yaml", "y/logo.svg"], ["archive.tar"]],
    ["leaves OWNERS and stack.yaml out", ["OWNERS", "stack.yaml"], []],
    [
      "archives names that only resemble",
      ["logo.gif", "my-logo.svg", "a.zip.txt"],
      ["archive.tar"],
    ],
    [
      "sorts bytewise",
      ["a.vsx", "Z.vsx", "\u{10000}.zip", "\uffff.zip"],
      ["Z.vsx", "a.vsx", "\uffff.zip", "\u{10000}.zip"],
    ],
    [
      "knows a folder that is packaged already",
      ["archive.tar", "devfile.yaml"],
      ["archive.tar", "devfile.yaml"],
    ],
  ];
  for (const [title, paths, names] of table) {
    test(title, () => expect(resourceNames(paths)).toEqual(names));
  }
});

describe("packageStack()", () => {
  test("gives the files that resourceNames() names", async () => {
    const names = (await packageStack(FOLDER)).map(({ name }) => name);
    expect(names).toEqual(["archive.tar", "devfile.yaml", "logo.png"]);
    expect(names).toEqual([...resourceNames(FOLDER.map(({ path }) => path))]);
  });

  test("archives names with ./ and each folder before its files", async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder.path, "a"), await archiveOf(FOLDER));
    const list = Bun.spawnSync(["tar", "-tzf", join(folder.path, "a")]).stdout.toString();
    expect(list.trim().split("\n")).toEqual([
      "./deploy.yaml",
      "./docker/",
      "./docker/Dockerfile",
      "./docker/OWNERS",
      "./docker/scripts/",
      "./docker/scripts/run.sh",
    ]);
    await folder.remove();
  });

  test("unpacks with tar to the same contents and modes", async () => {
    const { path, remove } = await unpack(await archiveOf(FOLDER));
    expect(await readFile(join(path, "docker/Dockerfile"), "utf8")).toBe("FROM scratch");
    expect((await stat(join(path, "docker/scripts/run.sh"))).mode & 0o777).toBe(0o755);
    expect((await stat(join(path, "deploy.yaml"))).mode & 0o777).toBe(0o644);
    expect((await stat(join(path, "deploy.yaml"))).mtimeMs).toBe(0);
    await remove();
  });

  test("keeps long and non-ASCII names", async () => {
    const long = `${"folder/".repeat(40)}ünïcode-${"x".repeat(120)}.txt`;
    const { path, remove } = await unpack(await archiveOf([file(long, "deep")]));
    expect(await readFile(join(path, long), "utf8")).toBe("deep");
    await remove();
  });

  test("has the digest it always had", async () => {
    // Changes only with the format of archives, and then every stack is pushed again.
    expect(digestOf(await archiveOf(FOLDER))).toMatchInlineSnapshot(
      `"sha256:ad3f46a15d3729c731c94b5101fffef1cfabf4c3c222dd943171e25cbf875512"`,
    );
  });

  test("gives the same bytes whatever the order of the files", async () => {
    const expected = await packageStack(FOLDER);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(FOLDER, { minLength: FOLDER.length }),
        async (shuffled) => expect(await packageStack(shuffled)).toEqual([...expected]),
      ),
      { numRuns: 20 },
    );
  });

  test("leaves a packaged folder as it is", async () => {
    const once = await packageStack(FOLDER);
    const again = await packageStack(
      once.map(({ name, bytes }) => ({ path: name, executable: false, read: async () => bytes })),
    );
    expect(again).toEqual([...once]);
  });

  test("refuses an archive.tar beside files that go into one", async () => {
    const files = [file("archive.tar"), file("README.md")];
    await expect(packageStack(files)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  for (const path of ["../x", "a/../../x", "/etc/passwd", "a//b", "./a", "", "a/", "a\0b"]) {
    test(`refuses the path ${JSON.stringify(path)}`, async () => {
      await expect(packageStack([file(path)])).rejects.toMatchObject({ code: "INPUT_INVALID" });
    });
  }

  test("refuses a path that is there twice", async () => {
    await expect(packageStack([file("a"), file("a")])).rejects.toMatchObject({
      message: expect.stringContaining('"a" is there twice'),
    });
  });

  test("refuses a file over the bound", async () => {
    const large = { ...file("big"), read: async () => new Uint8Array(64 * 1024 * 1024 + 1) };
    await expect(packageStack([large])).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  });
});

describe("gzipStored()", () => {
  test("is undone by gunzip, for any content", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(700), (seed, times) => {
        const bytes = Buffer.concat(Array.from({ length: times }, () => seed));
        expect(gunzipSync(gzipStored(bytes)).equals(bytes)).toBe(true);
      }),
    );
  });

  test("is what the gzip program unpacks, over several blocks", () => {
    const text = "x".repeat(200_000);
    const gzip = Bun.spawnSync(["gzip", "-dc"], { stdin: gzipStored(utf8(text)) });
    expect(gzip.exitCode).toBe(0);
    expect(textOf(gzip.stdout)).toBe(text);
  });
});
