import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { utf8 } from "../../src/bytes.ts";
import { fetchProject, zipTree } from "../../src/generator/fetch/index.ts";
import { openFetchCache } from "../../src/generator/index.ts";
import {
  type Fetching,
  fetchGitProject,
  importFiles,
  openFetching,
  treeLines,
} from "../support/git-fetching.ts";
import { type GitHttpServer, startGitHttpServer } from "../support/git-http-server.ts";
import { initRepository } from "../support/git-repository.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";

const NOW = () => new Date("2026-01-01T00:00:00Z");

let root: TemporaryFolder;
let fetching: Fetching;
let server: GitHttpServer;
beforeAll(async () => {
  root = await temporaryFolder();
  fetching = await openFetching();
  server = startGitHttpServer(root.path);
  await initRepository(join(root.path, "project"));
});
afterAll(async () => {
  await server.stop();
  await fetching[Symbol.asyncDispose]();
  await root.remove();
});

let cache: TemporaryFolder;
beforeEach(async () => {
  cache = await temporaryFolder();
  importFiles(join(root.path, "project"), { "a.txt": "one" });
});
afterEach(() => cache.remove());

/** Fetching as another run with the same folder would do it. */
async function cached(): Promise<Fetching> {
  const layer = await openFetchCache(join(cache.path, "kept"), NOW);
  return { ...fetching, send: layer(fetching.send) };
}

async function fetchTwice(change: () => Promise<void> | void = () => undefined) {
  const url = `${server.url}/project`;
  const one = treeLines(await fetchGitProject(url, await cached()));
  await change();
  const before = server.answers.length;
  const two = treeLines(await fetchGitProject(url, await cached()));
  return { one, two, sent: server.answers.length - before };
}

describe("openFetchCache()", () => {
  test("keeps the pack of a commit for the next run", async () => {
    const { one, two, sent } = await fetchTwice();
    expect(two).toEqual(one);
    // References are asked for, the pack is not.
    expect(sent).toBe(1);
  });

  test("sees at once that a branch moved on", async () => {
    const { one, two, sent } = await fetchTwice(() => {
      importFiles(join(root.path, "project"), { "a.txt": "two" });
    });
    expect(two).not.toEqual(one);
    expect(sent).toBe(2);
  });

  test("fetches again what is damaged in the folder, or gone", async () => {
    const kept = join(cache.path, "kept", "sha256");
    const damaged = await fetchTwice(async () => {
      for (const name of await readdir(kept)) await writeFile(join(kept, name), "damage");
    });
    expect(damaged.two).toEqual(damaged.one);
    expect(damaged.sent).toBe(2);
    const answers = join(cache.path, "kept", "answers");
    const broken = await fetchTwice(async () => {
      for (const name of await readdir(answers)) await writeFile(join(answers, name), "{");
    });
    expect(broken.two).toEqual(broken.one);
  });

  test("does not keep the refusal of a commit", async () => {
    const missing = "1".repeat(40);
    const deps = await cached();
    for (let run = 0; run < 2; run++) {
      const before = server.requests.length;
      const failed = fetchGitProject(`${server.url}/project`, deps, { revision: missing });
      await expect(failed).rejects.toMatchObject({ code: "NOT_FOUND" });
      expect(server.requests.length).toBeGreaterThan(before + 1);
    }
    for (const name of await readdir(join(cache.path, "kept", "sha256"))) {
      const bytes = await readFile(join(cache.path, "kept", "sha256", name), "latin1");
      expect(bytes).not.toContain("not our ref");
    }
  });

  test("asks for an archive only whether it changed", async () => {
    const statuses: number[] = [];
    const entry = { path: "a.txt", mode: "file", bytes: utf8("one") } as const;
    const zip = zipTree({ entries: [entry], totalBytes: 3 });
    using archives = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: (request) => {
        const fresh = request.headers.get("if-none-match") === '"v1"';
        statuses.push(fresh ? 304 : 200);
        const headers = { etag: '"v1"', "content-type": "application/zip" };
        return fresh
          ? new Response(null, { status: 304, headers })
          : new Response(zip, { headers });
      },
    });
    const location = `${archives.url.href}a.zip`;
    for (let run = 0; run < 2; run++) {
      const { provenance } = await fetchProject({ kind: "zip", location }, await cached());
      expect(provenance.kind).toBe("zip");
    }
    expect(statuses).toEqual([200, 304]);
  });

  test("leaves tokens and what was asked for with one out of the folder", async () => {
    const account = { username: "u", password: "secret-token" };
    const closed = startGitHttpServer(root.path, { account });
    try {
      const deps = { ...(await cached()), credentials: () => account };
      await fetchGitProject(`${closed.url}/project`, deps);
      for (const folder of ["sha256", "answers"]) {
        for (const name of await readdir(join(cache.path, "kept", folder))) {
          const text = await readFile(join(cache.path, "kept", folder, name), "latin1");
          expect(text).not.toContain("secret-token");
          expect(text).not.toContain(btoa("u:secret-token"));
        }
      }
      const stranger = fetchGitProject(`${closed.url}/project`, await cached());
      await expect(stranger).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    } finally {
      await closed.stop();
    }
  });
});
