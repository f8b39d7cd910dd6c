import { describe, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import {
  REQUESTS_UNDER_WAY,
  SERVED_UNPACKINGS,
  SERVED_UNPACKINGS_WAITING,
} from "../../src/api-limits.ts";
import { utf8 } from "../../src/bytes.ts";
import { type Build, type IndexEntry, packTar } from "../../src/generator/index.ts";
import { jsonOf } from "../support/json-of.ts";
import { SAMPLE_FILES, sampleBuild } from "../support/sample-build.ts";
import { servedApp } from "../support/served-app.ts";

const STARTER = `schemaVersion: 2.2.0
starterProjects:
  - name: far
    zip: {location: https://zips.example/far.zip}
`;

describe("many requests at once", () => {
  test("are bounded, and what makes some wait keeps nobody from the rest", async () => {
    const far = Promise.withResolvers<void>();
    const { get, send } = await servedApp({
      build: await sampleBuild({
        files: { ...SAMPLE_FILES, "stacks/go/2.0.0/devfile.yaml": STARTER },
      }),
      deps: {
        starters: {
          open: async () => {
            await far.promise;
            return utf8("a zip");
          },
        },
      },
    });
    const waiting = Array.from({ length: REQUESTS_UNDER_WAY }, () =>
      get("/devfiles/go/starter-projects/far"),
    );
    const refused = await get("/devfiles/go/starter-projects/other");
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(refused.headers.get("cache-control")).toBe("no-store");
    expect(await jsonOf(refused)).toEqual({
      status: "too many requests for this are being answered",
    });
    for (const path of [
      "/health",
      "/readyz",
      "/index",
      "/viewer",
      "/v2/_catalog",
      "/devfiles/go",
    ]) {
      expect([path, (await get(path)).status]).toEqual([path, 200]);
    }
    // What is wrong with a request is said whoever else asks.
    expect((await send("POST", "/devfiles/go/starter-projects/far")).status).toBe(405);
    far.resolve();
    for (const response of await Promise.all(waiting)) expect(response.status).toBe(202);
    expect((await get("/devfiles/go/starter-projects/far")).status).toBe(202);
  });

  test("are refused below /v2 in the words of OCI", async () => {
    const behind = Promise.withResolvers<void>();
    const inner = (await servedApp()).generation.registry;
    const { get } = await servedApp({
      deps: {
        registry: {
          repositories: () => inner.repositories(),
          repository: (name) => {
            const repository = inner.repository(name);
            const resolve: typeof repository.resolve = async (reference) => {
              await behind.promise;
              return await repository.resolve(reference);
            };
            return { ...repository, resolve };
          },
        },
      },
    });
    const path = "/v2/devfile-catalog/go/manifests/latest";
    const waiting = Array.from({ length: REQUESTS_UNDER_WAY }, () => get(path));
    const refused = await get(path);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect((await jsonOf(refused)).errors[0].code).toBe("UNAVAILABLE");
    expect((await get("/v2/")).status).toBe(200);
    behind.resolve();
    for (const response of await Promise.all(waiting)) expect(response.status).toBe(404);
  });
});

describe("many archives at once", () => {
  const count = SERVED_UNPACKINGS + SERVED_UNPACKINGS_WAITING + 1;
  const names = Array.from({ length: count }, (_, at) => `stack-${at}`);

  /** A build whose archives can be read when the test says. */
  async function slowBuild() {
    const tar = gzipSync(
      await packTar([{ name: "./notes.txt", executable: false, bytes: utf8("notes") }]),
    );
    const build = await sampleBuild({
      index: names.map(stack),
      info: false,
      files: Object.fromEntries(
        names.map((name) => [`stacks/${name}/1.0.0/devfile.yaml`, "schemaVersion: 2.2.0\n"]),
      ),
    });
    const isArchive = (path: string) => path.endsWith("/archive.tar");
    const open = Promise.withResolvers<void>();
    const reading = { now: 0, most: 0 };
    const slow: Build = {
      ...build,
      files: {
        paths: () => build.files.paths(),
        list: (folder) => build.files.list(folder),
        stat: async (path) =>
          isArchive(path) ? { size: tar.byteLength } : await build.files.stat(path),
        read: async (path) => {
          if (!isArchive(path)) return await build.files.read(path);
          reading.now += 1;
          reading.most = Math.max(reading.most, reading.now);
          await open.promise;
          reading.now -= 1;
          return tar;
        },
      },
    };
    return { build: slow, open, reading };
  }

  test("are unpacked a few at a time; one too many is asked to come back", async () => {
    const { build, open, reading } = await slowBuild();
    const { get } = await servedApp({ build });
    const answers = names.map((name) => get(`/devfiles/${name}/1.0.0/notes.txt`));
    const refused = await Promise.race(answers);
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(await jsonOf(refused)).toEqual({ status: "too many requests for this are waiting" });
    expect(reading.most).toBe(SERVED_UNPACKINGS);
    open.resolve();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBe(count - 1);
    expect(reading.most).toBe(SERVED_UNPACKINGS);
  });
});

function stack(name: string): IndexEntry {
  const links = { self: `devfile-catalog/${name}:1.0.0` };
  const version = { version: "1.0.0", default: true, links, resources: ["devfile.yaml"] };
  return { name, type: "stack", versions: [version] };
}
