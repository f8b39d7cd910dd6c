import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { fetchRepository } from "../../../src/generator/fetch/index.ts";
import {
  type Fetching,
  fetchGitProject,
  importFiles,
  openFetching,
} from "../../support/git-fetching.ts";
import { type GitHttpServer, startGitHttpServer } from "../../support/git-http-server.ts";
import {
  buildPack,
  commitText,
  endlessResult,
  type GitAnswers,
  gitName,
  gitResult,
  line,
  type PackedObject,
  packfile,
  silentResult,
  startGitPackServer,
  treeBytes,
} from "../../support/git-pack-server.ts";
import { initRepository } from "../../support/git-repository.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";

let fetching: Fetching;
let root: TemporaryFolder;
let server: GitHttpServer;
beforeAll(async () => {
  fetching = await openFetching();
  root = await temporaryFolder();
  server = startGitHttpServer(root.path);
});
afterAll(async () => {
  await server.stop();
  await root.remove();
  await fetching[Symbol.asyncDispose]();
});

async function fetchFrom(answers: GitAnswers, deps = fetching) {
  const scripted = startGitPackServer(answers);
  try {
    return await fetchGitProject(scripted.url, deps);
  } finally {
    await scripted.stop();
  }
}

const BLOB = Buffer.from("content");
const BLOB_NAME = gitName("blob", BLOB);

/** Answers with a commit whose tree has these entries; further objects come after it. */
function answersFor(
  entries: readonly (readonly [string, string])[],
  more: readonly PackedObject[] = [],
): GitAnswers {
  const tree = treeBytes(entries);
  const content = commitText(gitName("tree", tree));
  const pack = buildPack([
    { kind: 1, content },
    { kind: 2, content: tree },
    { kind: 3, content: BLOB },
    ...more,
  ]);
  return { commit: gitName("commit", content), pack };
}

describe("fetchProject() from a scripted git server", () => {
  test("reads what is right", async () => {
    const { tree } = await fetchFrom(answersFor([["100644 a", BLOB_NAME]]));
    expect(tree.entries.map(({ path }) => path)).toEqual(["a"]);
  });

  const names: readonly (readonly [string, string])[] = [
    ["INPUT_INVALID", ".."],
    ["INPUT_INVALID", "."],
    ["INPUT_INVALID", ".git"],
    ["INPUT_INVALID", ".GIT"],
    ["INPUT_INVALID", ".git. "],
    ["INPUT_INVALID", "git~1"],
    ["INPUT_INVALID", ".g\u200cit"],
    ["INPUT_INVALID", "a/../../b"],
    ["INPUT_INVALID", "a\\b"],
    ["INPUT_INVALID", "a\nb"],
    ["INPUT_INVALID", ""],
    ["LIMIT_EXCEEDED", "n".repeat(256)],
  ];
  for (const [code, name] of names) {
    test(`refuses a file named ${JSON.stringify(name.slice(0, 20))}`, async () => {
      const answers = answersFor([[`100644 ${name}`, BLOB_NAME]]);
      await expect(fetchFrom(answers)).rejects.toMatchObject({ code });
    });
  }

  test("refuses a mode that no checkout has", async () => {
    const answers = answersFor([["100000 a", BLOB_NAME]]);
    await expect(fetchFrom(answers)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  test("refuses a link beside a folder that differs in case only", async () => {
    const folder = treeBytes([["100644 x", BLOB_NAME]]);
    const answers = answersFor(
      [
        ["120000 D", BLOB_NAME],
        ["40000 d", gitName("tree", folder)],
      ],
      [{ kind: 2, content: folder }],
    );
    await expect(fetchFrom(answers)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  for (const leaf of [[["100644 f", BLOB_NAME]] as const, []]) {
    test(`refuses trees that name each other without end, ${leaf.length} files in each`, async () => {
      const objects: PackedObject[] = [];
      let tree = treeBytes(leaf);
      for (let level = 0; level < 20; level++) {
        objects.push({ kind: 2, content: tree });
        const oid = gitName("tree", tree);
        tree = treeBytes(Array.from({ length: 10 }, (_, at) => [`40000 ${at}`, oid] as const));
      }
      const content = commitText(gitName("tree", tree));
      const all = [
        { kind: 1, content },
        { kind: 2, content: tree },
        { kind: 3, content: BLOB },
      ];
      const answers = { commit: gitName("commit", content), pack: buildPack([...all, ...objects]) };
      await expect(fetchFrom(answers)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
    });
  }

  test("refuses an object that unpacks to too much, before it unpacks it", async () => {
    const zeros = { kind: 3, content: Buffer.alloc(80 * 1024 * 1024) };
    const answers = answersFor([["100644 a", BLOB_NAME]], [zeros]);
    await expect(fetchFrom(answers)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  });

  test("refuses a delta that makes too much of little", async () => {
    // Copies 16 MiB of nothing 20 times.
    const base = Buffer.alloc(0xffffff);
    const size = (value: number) => {
      const bytes: number[] = [];
      for (let rest = value; ; rest = Math.floor(rest / 128)) {
        if (rest < 128) return Buffer.from([...bytes, rest]);
        bytes.push((rest % 128) | 0x80);
      }
    };
    const copy = Buffer.of(0xf0, 0xff, 0xff, 0xff);
    const delta = Buffer.concat([
      size(base.byteLength),
      size(20 * base.byteLength),
      ...Array.from({ length: 20 }, () => copy),
    ]);
    const name = gitName("blob", base);
    const answers = answersFor(
      [["100644 a", BLOB_NAME]],
      [
        { kind: 3, content: base },
        { kind: 7, content: delta, base: name },
      ],
    );
    await expect(fetchFrom(answers)).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  const damaged: readonly (readonly [string, () => Uint8Array])[] = [
    ["a size that is too small", () => packOf({ kind: 3, content: BLOB, sizeBytes: 3 })],
    ["a size that is too large", () => packOf({ kind: 3, content: BLOB, sizeBytes: 900 })],
    ["an unknown type", () => packOf({ kind: 5, content: BLOB })],
    ["a delta without its base", () => packOf({ kind: 7, content: BLOB, base: "1".repeat(40) })],
    ["a delta to nowhere", () => packOf({ kind: 6, content: BLOB, base: 5 })],
    ["fewer objects than it says", () => buildPack([{ kind: 3, content: BLOB }], 2)],
    ["more objects than it says", () => buildPack([{ kind: 3, content: BLOB }], 0)],
    ["a checksum of something else", () => buildPack([]).fill(0, 12)],
    ["nothing", () => Buffer.alloc(0)],
  ];
  for (const [what, pack] of damaged) {
    test(`refuses a pack with ${what}`, async () => {
      const answers = { commit: "1".repeat(40), pack: pack() };
      await expect(fetchFrom(answers)).rejects.toMatchObject({ code: "INPUT_INVALID" });
    });
  }

  test("refuses a pack that says it has too many objects", async () => {
    const answers = { commit: "1".repeat(40), pack: buildPack([], 3_000_000) };
    await expect(fetchFrom(answers)).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  });

  test("does not take another commit for the one asked for", async () => {
    const answers = { ...answersFor([["100644 a", BLOB_NAME]]), commit: "2".repeat(40) };
    await expect(fetchFrom(answers)).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

function packOf(object: PackedObject): Uint8Array {
  return buildPack([object]);
}

describe("fetchProject() ends in time", () => {
  const refs = (name: string) => line(`${"1".repeat(40)} refs/heads/${name}\n`).toString();
  const cases: readonly (readonly [string, string, GitAnswers])[] = [
    [
      "an endless list of references",
      "LIMIT_EXCEEDED",
      {
        references: () => endlessResult("", refs("x".repeat(1000))),
      },
    ],
    [
      "an endless advertisement of version 0",
      "LIMIT_EXCEEDED",
      {
        advertisement: () => endlessResult("", refs("x".repeat(1000)), "advertisement"),
      },
    ],
    [
      "progress without end",
      "LIMIT_EXCEEDED",
      {
        fetched: () =>
          endlessResult("000dpackfile\n", line(`\u0002${"x".repeat(1000)}`).toString()),
      },
    ],
    ["a server that is silent", "TIMEOUT", { fetched: () => silentResult("000dpackfile\n") }],
    [
      "a server that breaks off",
      "NETWORK",
      {
        fetched: () => gitResult([packfile(buildPack([])).subarray(0, 30)]),
      },
    ],
    [
      "something else than git's protocol",
      "NETWORK",
      {
        fetched: () => gitResult(["<html>"]),
      },
    ],
    [
      "an error of the server",
      "NETWORK",
      {
        fetched: () => gitResult([line("ERR upload-pack: out of order\n")]),
      },
    ],
    [
      "an error within the pack",
      "NETWORK",
      {
        fetched: () => gitResult([line("packfile\n"), line("\u0003repository is locked\n")]),
      },
    ],
  ];
  for (const [what, code, answers] of cases) {
    test(`with ${what}`, async () => {
      const deps = { ...fetching, timeoutMs: code === "TIMEOUT" ? 300 : 30_000 };
      await expect(fetchFrom(answers, deps)).rejects.toMatchObject({ code });
    });
  }

  test("when it is interrupted", async () => {
    const reason = new AbortController();
    const deps = { ...fetching, signal: reason.signal };
    const fetched = () => {
      queueMicrotask(() => reason.abort());
      return silentResult("000dpackfile\n");
    };
    await expect(fetchFrom({ fetched }, deps)).rejects.toMatchObject({ code: "ABORTED" });
  });
});

describe("fetchProject() refuses a repository with", () => {
  const link = (text: string) => ({ mode: "120000", text });
  const lfs = `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize 7\n`;
  const cases: readonly (readonly [string, string, Parameters<typeof importFiles>[1], string])[] = [
    ["an absolute link", "INPUT_INVALID", { a: link("/etc/passwd") }, '"a"'],
    ["a link that climbs out", "INPUT_INVALID", { "d/a": link("../../x") }, '"d/a"'],
    [
      "a link out by way of another",
      "INPUT_INVALID",
      {
        "x/d": link(".."),
        "x/y/l": link("../d/../f"),
      },
      '"x/y/l"',
    ],
    ["a link to itself", "INPUT_INVALID", { a: link("a") }, '"a"'],
    ["links in a circle", "INPUT_INVALID", { a: link("b/c"), b: link("a") }, '"a"'],
    [
      "links that double",
      "INPUT_INVALID",
      Object.fromEntries(
        Array.from({ length: 60 }, (_, at) => [`l${at}`, link(`l${at + 1}/l${at + 1}`)]),
      ),
      "leads back",
    ],
    ["a pointer of Git LFS", "UNSUPPORTED", { "big/model.bin": lfs }, '"big/model.bin"'],
    [
      "a submodule that .gitmodules does not name",
      "INPUT_INVALID",
      {
        sub: { mode: "160000", text: "1".repeat(40) },
      },
      '"sub"',
    ],
  ];
  for (const [at, [what, code, files, named]] of cases.entries()) {
    test(what, async () => {
      const name = `hostile-${at}.git`;
      await initRepository(join(root.path, name));
      importFiles(join(root.path, name), files);
      await expect(fetchGitProject(`${server.url}/${name}`, fetching)).rejects.toMatchObject({
        code,
        message: expect.stringContaining(named),
      });
    });
  }

  test("a link out of the wanted folder", async () => {
    await initRepository(join(root.path, "below.git"));
    importFiles(join(root.path, "below.git"), { "app/a": link("../b"), b: "x", "c/d": "x" });
    const url = `${server.url}/below.git`;
    await expect(fetchGitProject(url, fetching, { subDir: "app" })).rejects.toMatchObject({
      code: "INPUT_INVALID",
    });
    expect((await fetchGitProject(url, fetching)).tree.entries).toHaveLength(3);
    expect((await fetchGitProject(url, fetching, { subDir: "c" })).tree.entries).toHaveLength(1);
  });
});

describe("fetchRepository()", () => {
  test("writes nothing outside of its folder", async () => {
    const folder = treeBytes([["100644 x", BLOB_NAME]]);
    const entries = [
      ["120000 D", BLOB_NAME],
      ["40000 d", gitName("tree", folder)],
    ] as const;
    const scripted = startGitPackServer(answersFor(entries, [{ kind: 2, content: folder }]));
    const fetched = fetchRepository(scripted.url, undefined, fetching);
    await expect(fetched).rejects.toMatchObject({ code: "INPUT_INVALID" });
    await scripted.stop();
  });
});
