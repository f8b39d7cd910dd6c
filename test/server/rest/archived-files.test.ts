import { describe, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { SERVED_ARCHIVE_BYTES, SERVED_ARCHIVE_ENTRIES } from "../../../src/api-limits.ts";
import { utf8 } from "../../../src/bytes.ts";
import {
  type Build,
  formatIndex,
  gzipStored,
  MemoryBuildFiles,
  packTar,
  type RegistryIndex,
} from "../../../src/generator/index.ts";
import { servedApp } from "../../support/served-app.ts";

const version = (number: string) => ({
  version: number,
  links: { self: `devfile-catalog/go:${number}` },
  resources: [],
});
const INDEX: RegistryIndex = [
  {
    name: "go",
    type: "stack",
    versions: [
      version("2.0.0-rc.1"),
      { ...version("1.10.0"), default: true },
      version("1.9.2"),
      version("1.9.1"),
      version("0.1.0"),
      version("0.2.0"),
    ],
  },
  { name: "old", type: "stack", versions: [{ ...version("1.0.0"), default: true }] },
];

const tar = await packTar([
  { name: "./docker/Dockerfile", executable: false, bytes: utf8("FROM scratch\n") },
  { name: "./kubernetes/deploy.yaml", executable: false, bytes: utf8("kind: Deployment\n") },
  { name: "./kubernetes/1.9.1", executable: false, bytes: utf8("a file\n") },
  { name: "./bin/tool", executable: true, bytes: new Uint8Array([0x7f, 0x45, 0, 1]) },
  { name: "./page.html", executable: false, bytes: utf8("<script>") },
]);

const build: Build = {
  index: INDEX,
  indexBytes: formatIndex(INDEX),
  info: undefined,
  files: new MemoryBuildFiles([
    ["stacks/go/1.10.0/devfile.yaml", utf8("# 1.10.0\n")],
    ["stacks/go/1.10.0/archive.tar", gzipStored(tar)],
    ["stacks/go/1.10.0/1.5", utf8("a file that no version is named like\n")],
    ["stacks/go/1.10.0/1.9", utf8("a file named like an alias\n")],
    ["stacks/go/1.9.2/devfile.yaml", utf8("# 1.9.2\n")],
    ["stacks/go/1.9.2/archive.tar", utf8("this is no archive")],
    ["stacks/go/1.9.1/devfile.yaml", utf8("# 1.9.1\n")],
    // It unpacks to far more than it holds.
    ["stacks/go/1.9.1/archive.tar", gzipSync(new Uint8Array(SERVED_ARCHIVE_BYTES + 1024))],
    ["stacks/go/2.0.0-rc.1/devfile.yaml", utf8("# 2.0.0-rc.1\n")],
    ["stacks/go/0.1.0/devfile.yaml", utf8("# 0.1.0\n")],
    ["stacks/go/0.2.0/devfile.yaml", utf8("# 0.2.0\n")],
    ["stacks/old/1.0.0/devfile.yaml", utf8("# old\n")],
  ]),
};
const { get, send } = await servedApp({ build });

describe("files of archives", () => {
  test.each([
    ["/devfiles/go/1.10.0/docker/Dockerfile", "text/plain; charset=utf-8", "FROM scratch\n"],
    ["/devfiles/go/docker/Dockerfile", "text/plain; charset=utf-8", "FROM scratch\n"],
    ["/devfiles/go/default/kubernetes/deploy.yaml", "application/x-yaml", "kind: Deployment\n"],
    ["/stacks/go/1.10.0/kubernetes/deploy.yaml", "application/x-yaml", "kind: Deployment\n"],
    ["/devfiles/go/page.html", "text/plain; charset=utf-8", "<script>"],
  ])("%s", async (path, type, text) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(type);
    expect(response.headers.get("content-security-policy")).toStartWith("sandbox");
    expect(await response.text()).toBe(text);
  });

  test("come as what they are when they are no text", async () => {
    const response = await get("/devfiles/go/bin/tool");
    expect(response.headers.get("content-type")).toBe("application/octet-stream");
  });

  test("come in ranges, with entity tags, for HEAD too", async () => {
    const path = "/stacks/go/1.10.0/docker/Dockerfile";
    const part = await get(path, { range: "bytes=5-11" });
    expect(part.status).toBe(206);
    expect(await part.text()).toBe("scratch");
    const head = await send("HEAD", path);
    expect(head.headers.get("content-length")).toBe("13");
    expect((await get(path, { "if-none-match": head.headers.get("etag") ?? "" })).status).toBe(304);
  });

  test.each([
    ["/devfiles/go/1.9.2/docker/Dockerfile"],
    ["/devfiles/go/1.9.1/docker/Dockerfile"],
    ["/devfiles/old/1.0.0/docker/Dockerfile"],
    ["/stacks/go/1.10.0/docker"],
    ["/stacks/go/archive.tar/docker/Dockerfile"],
    [`/stacks/${"a/".repeat(1000)}b`],
  ])("%s is not found where an archive is damaged, too large or not there", async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});

describe("an archive of very many files", () => {
  test("is not looked into: its names alone would fill the memory", async () => {
    const some = Array.from({ length: SERVED_ARCHIVE_ENTRIES }, (_, at) => ({
      name: `./${at}`,
      executable: false,
      bytes: new Uint8Array(),
    }));
    const statusOf = async (files: typeof some) => {
      const archive = gzipStored(await packTar(files));
      const paths = new MemoryBuildFiles([
        ["stacks/go/1.10.0/devfile.yaml", utf8("# 1.10.0\n")],
        ["stacks/go/1.10.0/archive.tar", archive],
      ]);
      const app = await servedApp({ build: { ...build, files: paths } });
      return (await app.get("/devfiles/go/1.10.0/1")).status;
    };
    expect(await statusOf(some)).toBe(404);
    expect(await statusOf(some.slice(1))).toBe(200);
  });
});

describe("Content-Location", () => {
  test.each([
    ["/devfiles/go/docker/Dockerfile", "../1.10.0/docker/Dockerfile"],
    ["/devfiles/go/devfile.yaml", "./1.10.0/devfile.yaml"],
    ["/devfiles/go/1.10.0/docker/Dockerfile", null],
    ["/devfiles/go/1.9", "./1.9.2"],
    ["/devfiles/go/1/docker/Dockerfile", "../../1.10.0/docker/Dockerfile"],
    ["/devfiles/go/latest", "./2.0.0-rc.1"],
    ["/devfiles/go/default/devfile.yaml", "../1.10.0/devfile.yaml"],
    ["/devfiles/go", null],
    ["/devfiles/go/1.9.2", null],
  ])("%s is really %s", async (path, location) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-location")).toBe(location);
    if (location === null) return;
    const exact = new URL(location, `http://localhost${path}`).pathname;
    expect(await (await get(exact)).bytes()).toEqual(await response.bytes());
  });
});

describe("aliases of versions", () => {
  test.each([
    ["/devfiles/go/1", "# 1.10.0\n"],
    ["/devfiles/go/1.9", "# 1.9.2\n"],
    ["/devfiles/go/1.10", "# 1.10.0\n"],
    ["/devfiles/go/0", "# 0.2.0\n"],
    // Only where there is no release.
    ["/devfiles/go/2", "# 2.0.0-rc.1\n"],
    ["/devfiles/go/2.0", "# 2.0.0-rc.1\n"],
    // What begins no version is a file.
    ["/devfiles/go/1.5", "a file that no version is named like\n"],
    ["/devfiles/go/kubernetes/1.9.1", "a file\n"],
  ])("%s", async (path, text) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(text);
  });

  // The last ones: numbers of semantic versions have no zeros before them.
  test.each(["3", "1.8", "1.1", "v1", "1.", "01", "1.09", "00", "1.010", "1.9.02"])(
    "/devfiles/go/%s begins no version",
    async (wanted) => {
      const response = await get(`/devfiles/go/${wanted}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({
        status: `version: ${wanted} not found in stack go`,
      });
      expect((await get(`/devfiles/go/${wanted}/devfile.yaml`)).status).toBe(404);
    },
  );
});
