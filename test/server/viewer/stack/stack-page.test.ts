import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { gzipSync } from "node:zlib";
import {
  type Build,
  gzipStored,
  type IndexEntry,
  MemoryBuildFiles,
  packTar,
} from "../../../../src/generator/index.ts";
import { YAML_BYTES } from "../../../../src/limits.ts";
import { README_BYTES } from "../../../../src/viewer-limits.ts";
import { GO_STACK, SAMPLE, SAMPLE_FILES, sampleBuild } from "../../../support/sample-build.ts";
import { servedApp } from "../../../support/served-app.ts";

setDefaultTimeout(60_000);

/** More than the page of any devfile comes to; what is left out can be downloaded. */
const PAGE_CHARS = 3_000_000;
const HOST = { host: "devfiles.example" };
const DEVFILE = `schemaVersion: 2.2.0
metadata:
  name: go
  website: https://go.example/
parent: {id: python-web, registryUrl: https://r.example}
starterProjects:
  - name: starter
    description: A small server
    subDir: sub
    git:
      remotes: {origin: https://git.example/go.git, fork: git@git.example:go.git}
      checkoutFrom: {revision: v1.2}
  - name: zipped
    zip: {location: https://zip.example/x.zip}
components:
  - name: runtime
    container:
      image: images.example/go:1.24
      memoryLimit: 1Gi
      endpoints: [{name: http, targetPort: 8080, exposure: internal}]
      volumeMounts: [{name: cache, path: /cache}]
  - name: cache
    volume: {size: 3Gi}
  - name: deploy
    kubernetes: {uri: deploy.yaml}
commands:
  - id: build
    exec: {component: runtime, commandLine: go build, workingDir: /src, group: {kind: build, isDefault: true}}
  - id: all
    composite: {commands: [build], parallel: true}
events: {postStart: [build]}
`;

/** Serves the sample registry with another devfile of go:2.0.0 and more files beside it. */
async function served(devfile: string, entry: IndexEntry = GO_STACK, more: ServedFiles = {}) {
  const { "stacks/go/2.0.0/devfile.yaml": _, ...others } = SAMPLE_FILES;
  const files = { ...others, "stacks/go/2.0.0/devfile.yaml": devfile, ...more };
  const [, ...rest] = (await sampleBuild()).index;
  const build = await sampleBuild({ index: [entry, ...rest], files });
  return servedApp({ build });
}
type ServedFiles = Readonly<Record<string, string>>;

describe("the page of a stack", () => {
  test("shows what the devfile of the chosen version has", async () => {
    const { get } = await served(DEVFILE);
    const answer = await get("/viewer/devfiles/any/go", HOST);
    expect(answer.status).toBe(200);
    const page = await answer.text();
    for (const shown of [
      "<h1>Go Runtime</h1>",
      '<span class="soft">version 2.0.0</span>',
      'href="https://go.example/"',
      '<a href="../../../viewer/devfiles/test/python-web">python-web 3.1.0</a>',
      "from https://r.example",
      "A small server",
      'href="https://git.example/go.git" rel="noopener noreferrer nofollow"',
      "<code>git@git.example:go.git</code>",
      "<code>v1.2</code>",
      "<code>sub</code>",
      'href="../../../devfiles/go/2.0.0/starter-projects/zipped" download',
      "<code>images.example/go:1.24</code>",
      "1Gi memory",
      "/cache in runtime",
      "<code>deploy.yaml</code>",
      "go build",
      "build in parallel",
      "internal",
      "postStart",
      'href="../../../devfiles/go/2.0.0" download',
      'href="../../../devfiles/go/2.0.0/logo.svg"',
      '<img src="../../../badges/go.svg"',
      "oras pull --plain-http devfiles.example/devfile-catalog/go:2.0.0",
    ]) {
      expect(page).toContain(shown);
    }
    expect(page).not.toMatch(/<script(?! type="module" src=)|<style|style=| on\w+=/);
  });

  test("shows another version where the address says so", async () => {
    const { get } = await served(DEVFILE);
    const page = await (await get("/viewer/devfiles/x/go?devfile-version=1.0.0", HOST)).text();
    expect(page).toContain("2.1.0");
    expect(page).not.toContain("A small server");
    expect(page).toContain('href="../../../devfiles/go/1.0.0" download');
    const latest = await get("/viewer/devfiles/x/go?devfile-version=latest", HOST);
    expect(await latest.text()).toContain("A small server");
  });

  test("is found by slug and by name, in whatever registry", async () => {
    const { get } = await served(DEVFILE, { ...GO_STACK, name: "Go & Co/Web" });
    for (const part of ["go-and-co-web", "Go%20%26%20Co%20Web", "GO-AND-CO-WEB"]) {
      expect((await get(`/viewer/devfiles/whatever/${part}`, HOST)).status).toBe(200);
    }
  });

  test("is made once for a site, and refuses hosts that are none", async () => {
    const { get } = await served(DEVFILE);
    const first = await get("/viewer/devfiles/x/go", HOST);
    expect(first.headers.get("cache-control")).toBe("private, no-cache");
    const etag = first.headers.get("etag") ?? "";
    expect((await get("/viewer/devfiles/x/go", { ...HOST, "if-none-match": etag })).status).toBe(
      304,
    );
    expect((await get("/viewer/devfiles/x/go", { host: "<b>" })).status).toBe(400);
  });

  test("suggests the nearest names and versions for what there is not", async () => {
    const { get } = await served(DEVFILE);
    const name = await get("/viewer/devfiles/x/pyton-web", HOST);
    expect(name.status).toBe(404);
    const page = await name.text();
    expect(page).toContain('href="../../../viewer/devfiles/test/python-web"');
    expect(page).toContain('<form class="search" role="search" action="../../../viewer"');
    expect(page).toContain('name="search" value="pyton web"');
    const version = await get("/viewer/devfiles/x/go?devfile-version=2.0.1", HOST);
    expect(version.status).toBe(404);
    expect(await version.text()).toContain("go?devfile-version=2.0.0");
    const other = await get("/viewer/devfiles/x/go?compare=%3Cscript%3E", HOST);
    expect(other.status).toBe(404);
    expect(await other.text()).not.toContain("<script>");
  });

  test("says what is deprecated, and leads to other registries for what it has not", async () => {
    const old = { ...GO_STACK, tags: ["Deprecated"] };
    const index = [old, ...(await sampleBuild()).index.slice(1)];
    const others = {
      ownName: "Mine",
      list: () => [
        {
          name: "Away",
          address: "https://away.example",
          state: "up" as const,
          entries: [{ name: "rust", type: "stack" }],
        },
      ],
    };
    const { get } = await servedApp({ build: await sampleBuild({ index }), deps: { others } });
    const page = await (await get("/viewer/devfiles/mine/go", HOST)).text();
    expect(page).toContain("This version is deprecated");
    const missing = await get("/viewer/devfiles/away/rust", HOST);
    expect(missing.status).toBe(404);
    expect(await missing.text()).toContain(
      'href="https://away.example/viewer/devfiles/away/rust" rel="noopener noreferrer nofollow"',
    );
  });

  test("has the base path in what leads to this server from elsewhere", async () => {
    const { get } = await servedApp({ config: { basePath: "/base" } });
    const page = await (await get("/base/viewer/devfiles/x/go", HOST)).text();
    expect(page).toContain(
      "curl -fsSL -o devfile.yaml http://devfiles.example/base/devfiles/go/2.0.0",
    );
    expect(page).toContain("oras pull --plain-http devfiles.example/devfile-catalog/go:2.0.0");
    const { get: fixed } = await servedApp({ config: { publicUrl: "https://public.example/b" } });
    const answer = await fixed("/viewer/devfiles/x/go", { host: "evil.example" });
    const text = await answer.text();
    expect(text).toContain("https://public.example/b/devfiles/go/2.0.0");
    expect(text).not.toContain("evil.example");
    expect(answer.headers.get("cache-control")).toBe("no-cache");
  });

  test("compares any two versions", async () => {
    const { get } = await served(DEVFILE);
    const path = "/viewer/devfiles/x/go?devfile-version=2.0.0&compare=1.0.0";
    const page = await (await get(path, HOST)).text();
    expect(page).toContain("What changed from 1.0.0 to 2.0.0");
    expect(page).toContain("<ins>images.example/go:1.24</ins>");
    expect(page).toContain(
      'href="../../../viewer/devfiles/test/go?devfile-version=1.0.0&amp;compare=2.0.0"',
    );
    expect(page).toContain("<code>schemaVersion: 2.<mark>2</mark>.0</code>");
  });

  test("renders the README of the archive and lists what is in it", async () => {
    const bytes = await archive({ "README.md": "# Read *this*", "docker/Dockerfile": "FROM x" });
    const build = withFile(await sampleBuild(), "stacks/go/1.0.0/archive.tar", bytes);
    const { get } = await servedApp({ build });
    const page = await (await get("/viewer/devfiles/x/go?devfile-version=1.0.0", HOST)).text();
    expect(page).toContain("<h3>Read <em>this</em></h3>");
    expect(page).toContain('href="../../../devfiles/go/1.0.0/docker/Dockerfile"');
    expect(page).toContain("in archive.tar");
    const other = await (await get("/viewer/devfiles/x/go?devfile-version=2.0.0", HOST)).text();
    expect(other).not.toContain("Where");
  });

  test("takes no README of a folder below, and none over the bound", async () => {
    for (const files of [
      { "docs/README.md": "# No" },
      { "README.md": "x".repeat(README_BYTES + 1) },
    ]) {
      const build = withFile(
        await sampleBuild(),
        "stacks/go/1.0.0/archive.tar",
        await archive(files),
      );
      const { get } = await servedApp({ build });
      const page = await (await get("/viewer/devfiles/x/go?devfile-version=1.0.0", HOST)).text();
      expect(page).toContain("README.md");
      expect(page).not.toContain('id="readme"');
    }
  });

  test("is there where the archive is damaged, or unpacks without end", async () => {
    const bomb = gzipSync(new Uint8Array(32 * 1024 * 1024));
    for (const bytes of [Uint8Array.of(1, 2, 3), bomb]) {
      const build = withFile(await sampleBuild(), "stacks/go/1.0.0/archive.tar", bytes);
      const { get } = await servedApp({ build });
      const answer = await get("/viewer/devfiles/x/go?devfile-version=1.0.0", HOST);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain("What is in archive.tar is not listed here.");
    }
  });
});

describe("the page of a sample", () => {
  test("shows where its project is, and its devfile", async () => {
    const { get } = await servedApp();
    const page = await (await get("/viewer/devfiles/x/hello", HOST)).text();
    expect(page).toContain('href="https://git.example/hello.git"');
    expect(page).toContain('href="../../../devfiles/hello" download');
    const { get: bare } = await servedApp({
      build: await sampleBuild({ index: [SAMPLE], files: {} }),
    });
    expect((await bare("/viewer/devfiles/x/hello", HOST)).status).toBe(200);
  });
});

describe("a page of what strangers wrote", () => {
  const MARKUP = `"><script>alert(1)</script><img src=x onerror=y>'`;

  test("has none of their markup, in whatever field", async () => {
    const quoted = JSON.stringify(MARKUP);
    const bad = '"javascript:alert(1)"';
    const devfile = DEVFILE.replaceAll(/: ([a-zA-Z/][\w./ -]*)$/gm, `: ${quoted}`)
      .replaceAll("https://go.example/", bad)
      .replaceAll("https://git.example/go.git", bad)
      .replaceAll("https://zip.example/x.zip", bad);
    const entry: IndexEntry = {
      ...GO_STACK,
      displayName: MARKUP,
      description: MARKUP,
      provider: MARKUP,
      language: MARKUP,
      projectType: MARKUP,
      supportUrl: "javascript:alert(1)",
      icon: "javascript:alert(1)",
      tags: [MARKUP],
      architectures: [MARKUP],
      lastModified: MARKUP,
      globalMemoryLimit: MARKUP,
      commandGroups: { [MARKUP]: true },
    };
    const { get } = await served(devfile, entry, {
      [`stacks/go/2.0.0/${MARKUP.replace("/", "")}.zip`]: "x",
    });
    for (const query of ["", "?devfile-version=2.0.0&compare=1.0.0", "?compare=1.0.0"]) {
      const page = await (await get(`/viewer/devfiles/x/go${query}`, HOST)).text();
      expect(page).toContain("&lt;script&gt;");
      expect(page).not.toMatch(/<script(?! type="module" src=)|<img src=x|href="javascript/i);
    }
  });

  const line = "  key: value of some length, as devfiles have them\n";
  test.each([
    ["as many lines as may be", `attributes:\n${line.repeat(YAML_BYTES / line.length - 1)}`],
    ["lists in lists", `a: ${"[".repeat(400)}${"]".repeat(400)}\n`],
    ["many components", `components:\n${"- {name: x, container: {image: y}}\n".repeat(14_000)}`],
    ["a list that does not end", "a: ["],
    ["no text", "\u0000\u0001"],
    ["no map", "- x\n"],
    ["nothing", ""],
  ])("is there, and of a bounded size, for a devfile of %s", async (_, devfile) => {
    const { get } = await served(devfile);
    for (const query of ["devfile-version=2.0.0", "compare=1.0.0"]) {
      const answer = await get(`/viewer/devfiles/x/go?${query}`, HOST);
      expect(answer.status).toBe(200);
      expect((await answer.text()).length).toBeLessThan(PAGE_CHARS);
    }
  });

  test("shows 200 versions, most of them folded away", async () => {
    const versions = Array.from({ length: 200 }, (_, at) => ({
      version: `1.${200 - at}.0`,
      ...(at === 0 ? { default: true } : {}),
      links: { self: `devfile-catalog/go:1.${200 - at}.0` },
    }));
    const files = Object.fromEntries(
      versions.map(({ version }) => [`stacks/go/${version}/devfile.yaml`, DEVFILE]),
    );
    const { get } = await served(DEVFILE, { ...GO_STACK, versions }, files);
    const page = await (await get("/viewer/devfiles/x/go?devfile-version=1.7.0", HOST)).text();
    expect(page).toContain("187 more</summary>");
    expect(page).toContain('devfile-version=1.7.0" aria-current="page"');
    expect(page).toContain('<option value="1.6.0" selected>');
  });

  test("follows parents that name each other no further than a bound", async () => {
    const { get } = await served("metadata: {name: go}\nparent: {id: go}\n");
    const page = await (await get("/viewer/devfiles/x/go", HOST)).text();
    expect(page.match(/<li><a href="[^"]*devfiles\/test\/go"/g)).toHaveLength(1);
  });
});

async function archive(files: ServedFiles): Promise<Uint8Array> {
  const packed = Object.entries(files).map(([name, text]) => {
    return { name: `./${name}`, executable: false, bytes: Buffer.from(text) };
  });
  return gzipStored(await packTar(packed));
}

/** Gives a build with another file in it. */
function withFile(build: Build, path: string, bytes: Uint8Array): Build {
  const files = Object.entries(SAMPLE_FILES)
    .filter(([name]) => name !== path)
    .map(([name, text]) => [name, Buffer.from(text)] as const);
  return { ...build, files: new MemoryBuildFiles([...files, [path, bytes]]) };
}
