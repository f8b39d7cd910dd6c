import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildInfo, generationTag, type IndexEntry } from "../../src/generator/index.ts";
import { makeCertificate } from "../support/certificate.ts";
import { type Finished, runDevreg, startServe } from "../support/devreg.ts";
import { startDockerRegistry } from "../support/docker-registry.ts";
import { importFiles } from "../support/git-fetching.ts";
import { type GitHttpServer, startGitHttpServer } from "../support/git-http-server.ts";
import { git, initRepository } from "../support/git-repository.ts";
import { devfileText, registryRepository, stackText } from "../support/registry-repository.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";
import { until } from "../support/until.ts";

// Whole processes and their peers on a busy machine.
setDefaultTimeout(60_000);

const SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>';
const ACCOUNT = { username: "ada", password: "a-secret" };

let work: TemporaryFolder;
let folder: TemporaryFolder;
let server: GitHttpServer;

beforeAll(async () => {
  work = await temporaryFolder();
  server = startGitHttpServer(join(work.path, "git"));
  folder = await registryRepository(stack("local"));
  await repository("first", { ...stack("go"), ...stack("python") });
  git(at("first"), ["tag", "-a", "-m", "release", "v1.0.0", "main"]);
  importFiles(at("first"), { ...stack("go"), ...stack("python"), ...stack("later") }, "main");
  await repository("second", { ...stack("rust"), ...stack("go", "Other Go") });
  await repository("sample", {
    ".devfile/devfile.yaml": devfileText({ name: "hello" }),
    "i.svg": SVG,
  });
  await repository("versions", { "stack/devfile.yaml": devfileText({ version: "1.10.0" }) });
});
afterAll(async () => {
  await server.stop();
  await folder.remove();
  await work.remove();
});

function at(name: string): string {
  return join(work.path, "git", name);
}

async function repository(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  await initRepository(at(name));
  importFiles(at(name), files);
}

function stack(name: string, displayName = name): Record<string, string> {
  return { [`stacks/${name}/devfile.yaml`]: devfileText({ name, displayName, icon: '"data:x"' }) };
}

const output = (name: string) => join(work.path, name);

function generate(name: string, words: readonly string[], env = {}): Promise<Finished> {
  return runDevreg(["generate", ...words, "-o", output(name)], { env });
}

function built(name: string): { readonly index: readonly IndexEntry[]; readonly info: BuildInfo } {
  const read = (file: string) => JSON.parse(readFileSync(join(output(name), file), "utf8"));
  return { index: read("index.json"), info: read("build.json") };
}

/** A repository whose stack has a version elsewhere, and which names a sample. */
function withElsewhere(host: string): Record<string, string> {
  return {
    "stacks/go/stack.yaml": stackText(
      `  - version: 1.0.0\n    default: true\n  - version: 1.10.0\n    git: {remotes: {origin: ${host}/versions}, subDir: stack}`,
      'name: go\nicon: "data:x"',
    ).replace("icon: logo.svg\n", ""),
    "stacks/go/1.0.0/devfile.yaml": devfileText({ icon: '"data:x"' }),
    "extraDevfileEntries.yaml": `samples:\n  - name: hello\n    icon: i.svg\n    git: {remotes: {origin: ${host}/sample}}\n`,
  };
}

describe("devreg generate from git", () => {
  test("makes one build of repositories and a folder, and names their commits", async () => {
    const words = [`${server.url}/first#v1.0.0`, folder.path, `${server.url}/second`];
    const run = await generate("merged", [...words, "--on-duplicate", "first"]);
    expect(run.code).toBe(0);
    const { index, info } = built("merged");
    expect(index.map(({ name }) => name)).toEqual(["go", "python", "local", "rust"]);
    const commit = (name: string, revision: string) =>
      git(at(name), ["rev-parse", `${revision}^{commit}`]).trim();
    expect(info.sources).toEqual([
      {
        url: `${server.url}/first`,
        commit_hash: commit("first", "v1.0.0"),
        commit_time: "2023-11-14T22:13:20Z",
      },
      // Where a folder lies means nothing elsewhere.
      {},
      {
        url: `${server.url}/second`,
        commit_hash: commit("second", "main"),
        commit_time: "2023-11-14T22:13:20Z",
      },
    ]);
    expect(run.stdout).toContain(
      `source: ${server.url}/first at ${commit("first", "v1.0.0")}\nsource: ${folder.path}\n`,
    );
    expect(run.stdout).toContain(
      `warning: ${server.url}/second: stacks/go/devfile.yaml: stack "go"`,
    );
  });

  test("dates stacks by the history there, as git does", async () => {
    expect((await generate("dated", [`${server.url}/first`])).code).toBe(0);
    for (const { name, lastModified } of built("dated").index) {
      const date = git(at("first"), ["log", "-1", "--format=%aI", "main", "--", `stacks/${name}`]);
      expect(lastModified).toBe(date.trim().replace("+00:00", "Z"));
    }
  });

  test("takes a commit by its short name", async () => {
    const commit = git(at("first"), ["rev-parse", "v1.0.0^{commit}"]).trim();
    const run = await generate("short", [`${server.url}/first#${commit.slice(0, 9)}`]);
    expect(run.code).toBe(0);
    expect(built("short").info.sources[0]?.commit_hash).toBe(commit);
  });

  test("names what is near when a revision is not there, and exits 1", async () => {
    const run = await generate("none", [`${server.url}/first#v1.0`]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(
      `Error: Cannot fetch "${server.url}/first": it has no branch, tag or commit "v1.0"\n` +
        'Hint: The nearest that it has: "v1.0.0", "main"\n',
    );
  });

  test("says which two sources have a stack, and exits 2", async () => {
    const words = [`${server.url}/first#v1.0.0`, `${server.url}/second`];
    const run = await generate("none", words);
    expect(run.code).toBe(2);
    expect(run.stdout).toContain(
      `Cannot publish stack "go" twice: both "${server.url}/first#v1.0.0" and "${server.url}/second" have it`,
    );
    expect((await generate("last", [...words, "--on-duplicate=last"])).code).toBe(0);
    const { index } = built("last");
    expect(index.map(({ displayName }) => displayName)).toEqual(["python", "Other Go", "rust"]);
  });

  test("names the https form of an ssh address where there is no git program", async () => {
    const env = { PATH: "/nonexistent" };
    const run = await generate("none", ["git@git.example.com:team/registry.git"], env);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain("https://git.example.com/team/registry.git");
  });

  test("brings stack versions and samples from where they lie", async () => {
    await using elsewhere = await registryRepository(withElsewhere(server.url));
    expect((await generate("elsewhere", [elsewhere.path])).code).toBe(0);
    const { index } = built("elsewhere");
    expect(index[0]?.versions?.map(({ version, git: source }) => [version, source])).toEqual([
      ["1.10.0", { remotes: { origin: `${server.url}/versions` }, subDir: "stack" }],
      ["1.0.0", undefined],
    ]);
    expect(index[1]).toMatchObject({
      icon: `data:image/svg+xml;base64,${btoa(SVG)}`,
      lastModified: "2023-11-14T23:13:20+01:00",
    });
    const devfile = readFileSync(join(output("elsewhere"), "samples/hello/devfile.yaml"), "utf8");
    expect(devfile).toBe(devfileText({ name: "hello" }));
  });

  test("counts them without network, and exits 2 for the version left out", async () => {
    await using elsewhere = await registryRepository(withElsewhere(server.url));
    const before = server.requests.length;
    const run = await generate("without", [elsewhere.path, "--no-network"]);
    expect(run.code).toBe(2);
    expect(run.stdout).toContain(
      "not checked: 1 stack version in other repositories was not fetched\n" +
        "not checked: 1 sample in other repositories was not fetched\n" +
        "left out: stacks/go/1.10.0\n",
    );
    expect(server.requests.length).toBe(before);
  });

  test("keeps packs in --cache-dir, or where DEVREG_CACHE_DIR says", async () => {
    const packs = () => server.requests.filter(({ body }) => body.includes("want ")).length;
    const before = packs();
    const cache = join(work.path, "cache");
    expect((await generate("c1", [`${server.url}/first`, "--cache-dir", cache])).code).toBe(0);
    const fetched = packs();
    expect(fetched).toBeGreaterThan(before);
    const env = { DEVREG_CACHE_DIR: cache };
    expect((await generate("c2", [`${server.url}/first`], env)).code).toBe(0);
    expect(packs()).toBe(fetched);
    expect(built("c2")).toEqual(built("c1"));
  });
});

describe("devreg generate from a private repository", () => {
  let secure: GitHttpServer;
  let caFile: string;
  beforeAll(() => {
    const { certificate, key } = makeCertificate(work.path);
    caFile = certificate;
    const [cert, pem] = [certificate, key].map((file) => readFileSync(file, "utf8"));
    const tls = { cert: cert ?? "", key: pem ?? "" };
    secure = startGitHttpServer(join(work.path, "git"), { account: ACCOUNT, tls });
  });
  afterAll(() => secure.stop());

  const variable = () => `DEVREG_GIT_AUTH_${secure.host.replace(/[^0-9]/g, "_")}`;
  const fromSecure = (env: Readonly<Record<string, string>>, url = secure.url) =>
    generate("private", [`${url}/first`, "--ca-file", caFile], env);

  test("takes credentials from the environment and shows them nowhere", async () => {
    const run = await fromSecure({ [variable()]: "ada:a-secret" });
    expect(run.code).toBe(0);
    const files = ["index.json", "build.json"].map((file) =>
      readFileSync(join(output("private"), file), "utf8"),
    );
    expect([run.stdout, run.stderr, ...files].join("\n")).not.toContain("a-secret");
  });

  test("takes them from the address, which is recorded without them", async () => {
    const run = await fromSecure({}, secure.url.replace("://", "://ada:a-secret@"));
    expect(run.code).toBe(0);
    expect(built("private").info.sources[0]?.url).toBe(`${secure.url}/first`);
    expect(`${run.stdout}${run.stderr}`).not.toContain("a-secret");
  });

  test("exits 4 without them or with wrong ones, naming the variable", async () => {
    const none = await fromSecure({});
    expect(none.code).toBe(4);
    expect(none.stderr).toContain(variable());
    const wrong = await fromSecure({ [variable()]: "ada:wrong" });
    expect(wrong.code).toBe(4);
    expect(wrong.stderr).not.toContain("wrong");
  });

  test("exits 5 when the certificate is not trusted", async () => {
    const run = await generate("private", [`${secure.url}/first`]);
    expect(run.code).toBe(5);
    expect(run.stderr).toContain("--ca-file");
  });
});

describe("devreg serve from git", () => {
  test("answers from a repository in git and says which commit it is", async () => {
    const serving = await startServe([
      `${server.url}/first#v1.0.0`,
      folder.path,
      "--status-details",
    ]);
    try {
      const index = await (await fetch(`${serving.url}/index`)).json();
      expect((index as IndexEntry[]).map(({ name }) => name)).toEqual(["go", "python", "local"]);
      const info = (await (await fetch(`${serving.url}/info`)).json()) as Pick<
        BuildInfo,
        "sources"
      >;
      expect(info.sources[0]).toEqual({
        url: `${server.url}/first`,
        commit_hash: git(at("first"), ["rev-parse", "v1.0.0^{commit}"]).trim(),
        commit_time: "2023-11-14T22:13:20Z",
      });
    } finally {
      expect(await serving.stop()).toBe(0);
    }
  });

  test("listens before it fetches what a folder has elsewhere", async () => {
    const { promise: gate, resolve } = Promise.withResolvers<void>();
    using slow = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: async (request) => {
        await gate;
        const { pathname, search } = new URL(request.url);
        return fetch(`${server.url}${pathname}${search}`, {
          method: request.method,
          headers: request.headers,
          ...(request.method === "POST" ? { body: await request.bytes() } : {}),
        });
      },
    });
    const host = slow.url.href.replace(/\/$/, "");
    await using elsewhere = await registryRepository(withElsewhere(host));
    const serving = await startServe([elsewhere.path]);
    try {
      expect((await fetch(`${serving.url}/devfiles/hello`)).status).toBe(404);
      expect((await fetch(`${serving.url}/devfiles/go/1.10.0`)).status).toBe(404);
      resolve();
      await until("the sample is there", async () => {
        return (await fetch(`${serving.url}/devfiles/hello`)).status === 200;
      });
      const version = await fetch(`${serving.url}/devfiles/go/1.10.0`);
      expect(await version.text()).toBe(devfileText({ version: "1.10.0" }));
    } finally {
      resolve();
      expect(await serving.stop()).toBe(0);
    }
  });
});

describe("devreg bootstrap from git", () => {
  test("tags the index by the commits of all sources", async () => {
    const registry = await startDockerRegistry();
    try {
      const words = [`${server.url}/first#v1.0.0`, `${server.url}/second`, "--on-duplicate=last"];
      const run = await runDevreg(["bootstrap", ...words, "--registry", registry.host]);
      expect(run.code).toBe(0);
      const commit = (name: string, revision: string) => ({
        url: `${server.url}/${name}`,
        commit_hash: git(at(name), ["rev-parse", `${revision}^{commit}`]).trim(),
      });
      const tag = generationTag([commit("first", "v1.0.0"), commit("second", "main")]);
      const list = await fetch(`http://${registry.host}/v2/devreg/index/tags/list`);
      const { tags } = (await list.json()) as { readonly tags: readonly string[] };
      expect(tags.toSorted()).toEqual([tag ?? "", "latest"].toSorted());
    } finally {
      await registry.stop();
    }
  });
});
