import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { fetchProject, type ProjectEntry, zipTree } from "../../../src/generator/fetch/index.ts";
import { type FaultServer, startFaultServer } from "../../support/fault-server.ts";
import { type Fetching, openFetching, treeLines } from "../../support/git-fetching.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { type BuiltEntry, type BuiltZipOptions, buildZip } from "../../support/zip-builder.ts";

let fetching: Fetching;
let server: FaultServer;
let served: Uint8Array = Buffer.alloc(0);
beforeAll(async () => {
  fetching = await openFetching();
  server = await startFaultServer(({ target }) => {
    if (target === "/stalls") return { status: 200, headers: { "content-length": "1000" } };
    if (target === "/endless") return { status: 200, body: "x".repeat(1 << 20), endless: true };
    if (target === "/moved") return { status: 302, headers: { location: "/a.zip" } };
    if (target === "/a.zip") return { status: 200, body: served };
    return { status: target === "/private" ? 401 : 404 };
  });
});
afterAll(async () => {
  await server.stop();
  await fetching[Symbol.asyncDispose]();
});

function fetchFrom(path: string, subDir?: string, deps = fetching) {
  const location = `http://${server.host}${path}`;
  return fetchProject({ kind: "zip", location, ...(subDir === undefined ? {} : { subDir }) }, deps);
}

function fetchBuilt(entries: readonly BuiltEntry[], options?: BuiltZipOptions, subDir?: string) {
  served = buildZip(entries, options);
  return fetchFrom("/a.zip", subDir);
}

async function pathsOf(entries: readonly BuiltEntry[], subDir?: string): Promise<string[]> {
  const { tree } = await fetchBuilt(entries, {}, subDir);
  return tree.entries.map(({ path }) => path);
}

describe("fetchProject() of a zip archive", () => {
  test("takes a single top-level folder away, and keeps modes and links", async () => {
    const fetched = await fetchBuilt([
      { name: "app-main/", mode: 0o040755 },
      { name: "app-main/mvnw", content: "#!/bin/sh", mode: 0o100755, method: 8 },
      { name: "app-main/src/App.java", content: "class App {}".repeat(100), method: 8 },
      { name: "app-main/src/link", content: "../mvnw", mode: 0o120777 },
      { name: "app-main/dos.txt", content: "dos", system: 0, mode: 0x20 },
      { name: "app-main/wide.bin", content: "wide", wide: true },
    ]);
    const b64 = (text: string) => Buffer.from(text).toString("base64");
    expect(treeLines(fetched)).toEqual([
      `file dos.txt ${b64("dos")}`,
      `executable mvnw ${b64("#!/bin/sh")}`,
      `file src/App.java ${b64("class App {}".repeat(100))}`,
      `symlink src/link ${b64("../mvnw")}`,
      `file wide.bin ${b64("wide")}`,
    ]);
    expect(fetched.provenance).toEqual({
      kind: "zip",
      url: `http://${server.host}/a.zip`,
      sha256: createHash("sha256").update(served).digest("hex"),
    });
  });

  test("keeps top-level folders when there are several, or a file beside them", async () => {
    expect(await pathsOf([{ name: "a/x" }, { name: "b/y" }])).toEqual(["a/x", "b/y"]);
    expect(await pathsOf([{ name: "a/x" }, { name: "README" }])).toEqual(["README", "a/x"]);
    expect(await pathsOf([{ name: "README" }])).toEqual(["README"]);
  });

  test("gives a folder below the top-level folder as the root", async () => {
    const entries = [{ name: "top/app/a" }, { name: "top/app/b/c" }, { name: "top/d" }];
    expect(await pathsOf(entries, "app")).toEqual(["a", "b/c"]);
    await expect(pathsOf(entries, "none")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("reads an archive with a comment, and follows redirects", async () => {
    await fetchBuilt([{ name: "a" }], { comment: "PK\u0005\u0006 is how the end begins" });
    const fetched = await fetchFrom("/moved");
    expect(fetched.provenance.url).toBe(`http://${server.host}/moved`);
  });

  const written: readonly (readonly [what: string, zip: string, entries: readonly string[]])[] = [
    ["with links", "zip -qry out.zip p && cat out.zip", ["executable q/one", "symlink two"]],
    // Entries are named before their sizes are known, which follow their content.
    ["streamed", "zip -qr - p | cat", ["executable q/one", "executable two"]],
  ];
  for (const [what, zip, entries] of written) {
    test(`reads what the zip program writes, ${what}`, async () => {
      await using folder = await temporaryFolder();
      const files =
        "mkdir -p p/q && yes | head -999 > p/q/one && ln -s q/one p/two && chmod +x p/q/one";
      served = Buffer.from(
        Bun.spawnSync(["sh", "-c", `${files} && ${zip}`], { cwd: folder.path }).stdout,
      );
      const fetched = await fetchFrom("/a.zip");
      expect(fetched.tree.entries.map(({ path, mode }) => `${mode} ${path}`)).toEqual([...entries]);
    });
  }
});

const BIG = Buffer.alloc(40 * 1024 * 1024);

const HOSTILE: readonly (readonly [string, string, BuiltEntry[], BuiltZipOptions?])[] = [
  ["a name that climbs", "INPUT_INVALID", [{ name: "../evil" }]],
  ["a name that climbs later", "INPUT_INVALID", [{ name: "a/../../evil" }]],
  ["an absolute name", "INPUT_INVALID", [{ name: "/etc/passwd" }]],
  ["a drive", "INPUT_INVALID", [{ name: "c:\\windows" }]],
  ["a backslash", "INPUT_INVALID", [{ name: "a\\..\\b" }]],
  ["a NUL", "INPUT_INVALID", [{ name: "a\u0000b" }]],
  ["git's folder", "INPUT_INVALID", [{ name: "x/.GIT/hooks/post-checkout" }]],
  ["an empty name", "INPUT_INVALID", [{ name: "" }]],
  ["a name that is no UTF-8", "INPUT_INVALID", [{ name: "a\ufffd" }]],
  ["a path that is too long", "LIMIT_EXCEEDED", [{ name: "a/".repeat(30) + "b".repeat(1000) }]],
  ["a name that is too long", "LIMIT_EXCEEDED", [{ name: "b".repeat(256) }]],
  ["a path that is too deep", "LIMIT_EXCEEDED", [{ name: `${"a/".repeat(64)}b` }]],
  ["two files at one path", "INPUT_INVALID", [{ name: "a" }, { name: "a" }]],
  ["two files but for case", "INPUT_INVALID", [{ name: "README" }, { name: "readme" }]],
  ["two files but for accents", "INPUT_INVALID", [{ name: "caf\u00e9" }, { name: "cafe\u0301" }]],
  ["a file that is also a folder", "INPUT_INVALID", [{ name: "a" }, { name: "a/b" }]],
  [
    "a link that is also a folder but for case",
    "INPUT_INVALID",
    [{ name: "d", content: "e", mode: 0o120777 }, { name: "D/x" }],
  ],
  ["a link that leaves", "INPUT_INVALID", [{ name: "a", content: "../b", mode: 0o120777 }]],
  ["a device", "UNSUPPORTED", [{ name: "a", mode: 0o060644 }]],
  ["encryption", "UNSUPPORTED", [{ name: "a", flags: 1 }]],
  ["another method", "UNSUPPORTED", [{ name: "a", content: "x", method: 12 }]],
  ["a wrong checksum", "INPUT_INVALID", [{ name: "a", content: "x", crc: 1 }]],
  ["a size that is too small", "INPUT_INVALID", [{ name: "a", content: "xyz", sizeBytes: 2 }]],
  [
    "a size that is too small for what it unpacks to",
    "INPUT_INVALID",
    [{ name: "a", content: BIG, method: 8, sizeBytes: 100 }],
  ],
  ["a size that is too large", "INPUT_INVALID", [{ name: "a", content: "x", sizeBytes: 9 }]],
  ["a local name that differs", "INPUT_INVALID", [{ name: "a", localName: "b" }]],
  ["entries that overlap", "INPUT_INVALID", [{ name: "a" }, { name: "a", sameAs: 0 }]],
  ["a bomb by ratio", "LIMIT_EXCEEDED", [{ name: "a", content: BIG, method: 8 }]],
  ["a file that is too large", "LIMIT_EXCEEDED", [{ name: "a", sizeBytes: 0x7fffffff }]],
  ["something in front", "INPUT_INVALID", [{ name: "a" }], { prepended: Buffer.from("#!/bin/sh") }],
  ["fewer entries than it has", "INPUT_INVALID", [{ name: "a" }, { name: "b" }], { count: 1 }],
  ["more entries than it has", "INPUT_INVALID", [{ name: "a" }], { count: 2 }],
  ["several parts", "INPUT_INVALID", [{ name: "a" }], { disk: 1 }],
  ["no files", "INPUT_INVALID", [{ name: "a/", mode: 0o040755 }]],
  [
    "a pointer of Git LFS",
    "UNSUPPORTED",
    [
      {
        name: "a",
        content: `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 1\n`,
      },
    ],
  ],
];

describe("fetchProject() refuses a zip archive with", () => {
  for (const [what, code, entries, options] of HOSTILE) {
    test(what, async () => {
      await expect(fetchBuilt(entries, options)).rejects.toMatchObject({ code });
    });
  }

  test("an overlap that shares its content under another name", async () => {
    const shared = { content: "x".repeat(100), method: 8 };
    await expect(
      fetchBuilt([
        { name: "a", ...shared },
        { name: "b", ...shared, sameAs: 0 },
      ]),
    ).rejects.toMatchObject({ message: expect.stringContaining('"b" overlaps another entry') });
  });

  test("any byte changed or cut off, without falling over it", async () => {
    const whole = buildZip([
      { name: "p/a", content: "some content", method: 8 },
      { name: "p/b", content: "x", wide: true },
    ]);
    for (let at = 0; at < whole.byteLength; at++) {
      for (const bytes of [whole.subarray(0, at), flipped(whole, at)]) {
        served = bytes;
        const error = await fetchFrom("/a.zip").then(
          () => undefined,
          (reason: unknown) => reason,
        );
        if (error !== undefined) expect(error).toHaveProperty("name", "DevregError");
      }
    }
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ 0xff, at);
  return copy;
}

describe("fetchProject() of a zip archive ends in time", () => {
  test("when the server stalls", async () => {
    const deps = { ...fetching, timeoutMs: 200 };
    await expect(fetchFrom("/stalls", undefined, deps)).rejects.toMatchObject({ code: "TIMEOUT" });
  });

  test("when the body is endless", async () => {
    await expect(fetchFrom("/endless")).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  });

  test("when it is not there, private, or no web address", async () => {
    await expect(fetchFrom("/none")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(fetchFrom("/private")).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    for (const location of ["file:///etc/passwd", "a.zip", "http://user:secret@127.0.0.1/a.zip"]) {
      const refused = fetchProject({ kind: "zip", location }, fetching);
      await expect(refused).rejects.toMatchObject({
        code: "INPUT_INVALID",
        message: expect.not.stringContaining("secret"),
      });
    }
  });
});

test("zipTree() and fetchProject() are each other's inverse", async () => {
  const name = fc.stringMatching(/^[a-c.]{1,3}$/).filter((text) => !/^\.+$/.test(text));
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
  const file = fc.record({ bytes: fc.uint8Array({ maxLength: 300 }), executable: fc.boolean() });
  const files = fc.dictionary(path, file, { minKeys: 1, maxKeys: 8, noNullPrototype: true });
  await fc.assert(
    fc.asyncProperty(files, async (found) => {
      const entries = Object.keys(found)
        .sort()
        .filter((each, _, all) => !all.some((other) => other.startsWith(`${each}/`)))
        .map((each): ProjectEntry => {
          const { bytes = new Uint8Array(), executable = false } = found[each] ?? {};
          return { path: each, mode: executable ? "executable" : "file", bytes };
        });
      const tree = { entries, totalBytes: 0 };
      served = zipTree(tree, { folder: "a" });
      expect(treeLines(await fetchFrom("/a.zip"))).toEqual(treeLines({ tree }));
    }),
    { numRuns: 100 },
  );
});
