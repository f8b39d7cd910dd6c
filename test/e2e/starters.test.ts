import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { type Serving, startServe } from "../support/devreg.ts";
import { importFiles } from "../support/git-fetching.ts";
import { type GitHttpServer, startGitHttpServer } from "../support/git-http-server.ts";
import { initRepository } from "../support/git-repository.ts";
import { jsonOf } from "../support/json-of.ts";
import { devfileText, registryRepository } from "../support/registry-repository.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";

setDefaultTimeout(120_000);

const HEADER_KIB = 32 * 1024;

let folder: TemporaryFolder;
let registry: TemporaryFolder;
let git: GitHttpServer;
let server: Serving;
/** Begins an archive and never ends it. */
const slow = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch: ({ signal }) => {
    asked.resolve();
    signal.addEventListener("abort", () => left.resolve());
    return new Response(
      new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(64)) }),
    );
  },
});
const asked = Promise.withResolvers<void>();
const left = Promise.withResolvers<void>();

beforeAll(async () => {
  folder = await temporaryFolder();
  await initRepository(join(folder.path, "app.git"));
  importFiles(join(folder.path, "app.git"), { "main.go": "package main", "web/a.html": "<p>" });
  git = startGitHttpServer(folder.path);
  const starters = `starterProjects:
  - name: whole
    git: {remotes: {origin: ${git.url}/app.git}}
  - name: web
    subDir: web
    git: {remotes: {origin: ${git.url}/app.git}}
  - name: gone
    git: {remotes: {origin: ${git.url}/gone.git}}
  - name: endless
    zip: {location: ${slow.url.origin}/endless.zip}
`;
  registry = await registryRepository({ "stacks/go/devfile.yaml": `${devfileText()}${starters}` });
  server = await startServe([registry.path]);
});

afterAll(async () => {
  await server.stop();
  await git.stop();
  await slow.stop(true);
  await registry[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function get(project: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${server.url}/devfiles/go/starter-projects/${project}`, init);
}

describe("starter projects of an online build", () => {
  test("are fetched where the devfile says", async () => {
    const whole = await get("whole");
    expect(whole.status).toBe(202);
    expect(whole.headers.get("content-disposition")).toBe('attachment; filename="whole.zip"');
    expect(Object.keys(unzipSync(await whole.bytes()))).toEqual(["main.go", "web/a.html"]);
    expect(Object.keys(unzipSync(await (await get("web")).bytes()))).toEqual(["a.html"]);
    const requests = git.requests.length;
    const head = await get("whole", { method: "HEAD" });
    expect(Number(head.headers.get("content-length"))).toBeGreaterThan(100);
    expect(git.requests.length).toBe(requests);
  });

  test("that cannot be had are said so", async () => {
    const gone = await get("gone");
    expect(gone.status).toBe(500);
    expect(await jsonOf(gone)).toEqual({
      error: "its repository, revision or folder does not exist",
      status:
        "Problem with downloading starter project gone: its repository, revision or folder does not exist",
    });
  });

  test("are not fetched on when the client leaves", async () => {
    const client = new AbortController();
    const answer = get("endless", { signal: client.signal });
    await asked.promise;
    client.abort();
    await expect(answer).rejects.toThrow();
    await left.promise;
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });

  test("come to clients with large cookies", async () => {
    const headers = { cookie: "a".repeat(HEADER_KIB) };
    expect((await get("whole", { headers })).status).toBe(202);
  });
});
