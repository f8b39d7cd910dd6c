import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { textOf } from "../../../../src/bytes.ts";
import { openStarters } from "../../../../src/cli/serve/starters/open-starters.ts";
import { silentLogger } from "../../../../src/log.ts";
import { testEdge } from "../../../support/edge.ts";
import { importFiles } from "../../../support/git-fetching.ts";
import { type GitHttpServer, startGitHttpServer } from "../../../support/git-http-server.ts";
import { initRepository } from "../../../support/git-repository.ts";
import { sampleBuild } from "../../../support/sample-build.ts";
import { servedApp } from "../../../support/served-app.ts";
import { type TemporaryFolder, temporaryFolder } from "../../../support/temporary-folder.ts";
import { buildZip } from "../../../support/zip-builder.ts";

setDefaultTimeout(60_000);

let folder: TemporaryFolder;
let git: GitHttpServer;
let zips: ReturnType<typeof Bun.serve>;
const asked: string[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  const repository = join(folder.path, "app.git");
  await initRepository(repository);
  importFiles(repository, { "main.go": "package main", "web/index.html": "<p>" });
  importFiles(repository, { "old.go": "package old" }, "old");
  git = startGitHttpServer(folder.path);
  const archive = buildZip([
    { name: "app-1.0/pom.xml", content: "<project/>" },
    { name: "app-1.0/src/App.java", content: "class App {}" },
  ]);
  zips = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: ({ url }) => {
      asked.push(new URL(url).pathname);
      if (url.endsWith("/app.zip")) return new Response(archive);
      if (url.endsWith("/inside")) return Response.redirect("http://169.254.169.254/latest/");
      return new Response("no zip", { status: 404 });
    },
  });
});

afterAll(async () => {
  await git.stop();
  await zips.stop(true);
  await folder[Symbol.asyncDispose]();
});

function devfile(): string {
  return `schemaVersion: 2.2.0
metadata: {name: app}
starterProjects:
  - name: whole
    git: {remotes: {origin: ${git.url}/app.git}}
  - name: web
    subDir: web
    git: {remotes: {origin: ${git.url}/app.git}}
  - name: old
    git:
      remotes: {origin: ${git.url}/app.git, other: http://127.0.0.1:1/none.git}
      checkoutFrom: {remote: origin, revision: old}
  - name: zip
    zip: {location: ${zips.url.origin}/app.zip}
  - name: sources
    subDir: src
    zip: {location: ${zips.url.origin}/app.zip}
  - name: gone
    git: {remotes: {origin: ${git.url}/gone.git}}
  - name: no-folder
    subDir: nothing
    zip: {location: ${zips.url.origin}/app.zip}
  - name: ssh
    git: {remotes: {origin: git@git.example:app.git}}
  - name: file
    git: {remotes: {origin: "file:///etc"}}
  - name: metadata
    zip: {location: http://169.254.169.254/latest.zip}
  - name: leads-inside
    zip: {location: ${zips.url.origin}/inside}
  - name: nowhere
    git: {remotes: {}}
`;
}

interface Options {
  readonly noNetwork?: boolean;
  readonly dataDir?: string;
  readonly publicUrl?: string;
  readonly trustedProxies?: readonly string[];
}

async function appWith(listen: string, options: Options = {}) {
  const closing = new AsyncDisposableStack();
  const config = {
    caFile: undefined,
    dataDir: options.dataDir,
    noNetwork: options.noNetwork ?? false,
    listen: { hostname: listen, port: 8080 },
    publicUrl: options.publicUrl,
    trustedProxies: [...(options.trustedProxies ?? [])],
  };
  const starters = openStarters(testEdge([]), config, silentLogger, closing);
  const version = { version: "1.0.0", default: true, links: { self: "devfile-catalog/app:1.0.0" } };
  const build = await sampleBuild({
    index: [{ name: "app", type: "stack", versions: [{ ...version, resources: [] }] }],
    files: { "stacks/app/1.0.0/devfile.yaml": devfile() },
    info: false,
  });
  const app = await servedApp({ build, deps: { starters } });
  const get = (project: string) => app.get(`/devfiles/app/starter-projects/${project}`);
  return { get, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

async function filesOf(response: Response): Promise<Record<string, string>> {
  const files = unzipSync(await response.bytes());
  return Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, textOf(bytes)]));
}

describe("openStarters()", () => {
  test.each([
    ["whole", { "main.go": "package main", "web/index.html": "<p>" }],
    ["web", { "index.html": "<p>" }],
    ["old", { "old.go": "package old" }],
    ["zip", { "pom.xml": "<project/>", "src/App.java": "class App {}" }],
    ["sources", { "App.java": "class App {}" }],
  ])("fetches %s", async (project, files) => {
    await using app = await appWith("127.0.0.1");
    const response = await app.get(project);
    expect(response.status).toBe(202);
    expect(response.headers.get("content-type")).toBe("application/zip");
    expect(response.headers.get("content-disposition")).toBe(
      `attachment; filename="${project}.zip"`,
    );
    expect(await filesOf(response)).toEqual(files);
  });

  test("asks once for many visitors, and never for those who come after", async () => {
    await using app = await appWith("127.0.0.1");
    const before = asked.length;
    await Promise.all([app.get("zip"), app.get("zip"), app.get("zip")]);
    await app.get("zip");
    expect(asked.slice(before)).toEqual(["/app.zip"]);
  });

  test("knows after a restart what it fetched, and asks only where the branch is", async () => {
    await using data = await temporaryFolder();
    const read = async () => {
      await using app = await appWith("127.0.0.1", { dataDir: data.path });
      return (await app.get("whole")).bytes();
    };
    const first = await read();
    const posts = () => git.requests.filter(({ body }) => body.includes("command=fetch")).length;
    const before = [posts(), git.requests.length];
    expect(await read()).toEqual(first);
    expect(posts()).toBe(before[0] ?? 0);
    expect(git.requests.length).toBeGreaterThan(before[1] ?? 0);
  });

  test.each([
    ["gone", "its repository, revision or folder does not exist"],
    ["no-folder", "its repository, revision or folder does not exist"],
    ["ssh", "it needs something that is not spoken here, such as ssh or Git LFS"],
    ["file", "its address or content cannot be used"],
    ["nowhere", "its address or content cannot be used"],
    ["metadata", "the server that has it cannot be reached, or failed"],
    ["leads-inside", "the server that has it cannot be reached, or failed"],
  ])("says why there is no %s, naming no host", async (project, reason) => {
    await using app = await appWith("127.0.0.1");
    const response = await app.get(project);
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      error: reason,
      status: `Problem with downloading starter project ${project}: ${reason}`,
    });
  });

  test.each<[string, string, Options]>([
    ["others reach", "0.0.0.0", {}],
    ["others reach by a public address", "127.0.0.1", { publicUrl: "https://devfiles.example" }],
    ["others reach through a proxy", "127.0.0.1", { trustedProxies: ["127.0.0.1"] }],
  ])("does not go to this machine from a server that %s", async (_, listen, options) => {
    await using app = await appWith(listen, options);
    const before = [asked.length, git.requests.length];
    expect((await app.get("zip")).status).toBe(500);
    expect((await app.get("whole")).status).toBe(500);
    expect([asked.length, git.requests.length]).toEqual(before);
  });

  test("fetches nothing with --no-network", async () => {
    await using app = await appWith("127.0.0.1", { noNetwork: true });
    const response = await app.get("zip");
    expect(await response.json()).toMatchObject({
      error: "this build does not carry the starter project",
    });
  });
});
