import { describe, expect, test } from "bun:test";
import { utf8 } from "../../../src/bytes.ts";
import type { IndexEntry } from "../../../src/generator/index.ts";
import type { StarterRequest } from "../../../src/server/index.ts";
import { sampleBuild } from "../../support/sample-build.ts";
import { SINCE, servedApp } from "../../support/served-app.ts";

const STARTERS = `schemaVersion: 2.2.0
metadata: {name: app}
starterProjects:
  - name: offline
    git: {remotes: {origin: https://git.example/offline.git}}
  - name: beside
    zip: {location: ./beside.zip}
  - name: online
    git: {remotes: {origin: https://git.example/online.git}}
  - name: 'q"uote'
    zip: {location: beside.zip}
`;

const INDEX: readonly IndexEntry[] = [
  {
    name: "app",
    type: "stack",
    versions: [
      version("app", "1.10.0", "2.2.0"),
      { ...version("app", "1.9.0", "2.1.0"), default: true },
      version("app", "1.0.0", "2.0.0"),
    ],
  },
  { name: "group/nested", type: "stack", versions: [version("nested", "1.0.0", "2.0.0")] },
  {
    name: "group",
    type: "stack",
    versions: [{ ...version("group", "1.0.0", "2.0.0"), default: true }],
  },
  { name: "hello", type: "sample" },
  { name: "many", type: "sample", versions: [{ version: "2.0.0", default: true }] },
  { name: "remote", type: "sample" },
  {
    name: "hidden",
    type: "stack",
    versions: [{ ...version("hidden", "1.0.0", "2.0.0"), default: true }],
  },
];

function version(stack: string, number: string, schemaVersion: string) {
  return {
    version: number,
    schemaVersion,
    links: { self: `devfile-catalog/${stack}:${number}` },
    resources: [],
  };
}

const build = await sampleBuild({
  index: INDEX,
  info: false,
  files: {
    "stacks/app/1.10.0/devfile.yaml": "# newest\r\n",
    "stacks/app/1.9.0/devfile.yaml": STARTERS,
    "stacks/app/1.9.0/notes.txt": "some notes",
    "stacks/app/1.9.0/1.0.0": "a file named like a version",
    "stacks/app/1.9.0/offline-offline.zip": "offline zip",
    "stacks/app/1.9.0/beside.zip": "zip beside",
    "stacks/app/1.0.0/devfile.yaml": "# oldest\n",
    "stacks/nested/1.0.0/devfile.yaml": "# nested\n",
    "stacks/group/1.0.0/devfile.yaml": "# group\n",
    "samples/hello/devfile.yaml": "# hello\n",
    "samples/many/2.0.0/devfile.yaml": "# many\n",
    "stacks/hidden/1.0.0/.devfile.yaml": "# hidden\n",
  },
});
const { get, send } = await servedApp({ build });

describe("GET /devfiles/…", () => {
  test.each([
    ["/devfiles/app", STARTERS],
    ["/devfiles/app/default", STARTERS],
    ["/devfiles/app/1.9.0", STARTERS],
    ["/devfiles/app/1.0.0", "# oldest\n"],
    ["/devfiles/app/latest", "# newest\r\n"],
    ["/devfiles/app/latest?maxSchemaVersion=2.1", STARTERS],
    ["/devfiles/app/latest?minSchemaVersion=2.0&maxSchemaVersion=2.0", "# oldest\n"],
    // Ranges bound latest alone.
    ["/devfiles/app?maxSchemaVersion=2.0", STARTERS],
    ["/devfiles/app/1.10.0?maxSchemaVersion=2.0", "# newest\r\n"],
    // Names with slashes: the longest wins.
    ["/devfiles/group", "# group\n"],
    ["/devfiles/group/1.0.0", "# group\n"],
    ["/devfiles/group/nested/1.0.0", "# nested\n"],
    ["/devfiles/hello", "# hello\n"],
    ["/devfiles/hello/latest", "# hello\n"],
    ["/devfiles/many", "# many\n"],
    ["/devfiles/many/2.0.0", "# many\n"],
    ["/devfiles/hidden", "# hidden\n"],
  ])("%s gives the exact bytes", async (path, expected) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("last-modified")).toBe(SINCE.toUTCString());
    expect(await response.text()).toBe(expected);
  });

  test.each([
    ["/devfiles/app/1.9.0/nothing.txt", "there is no such file"],
    ["/devfiles/app/nothing.txt", "version: nothing.txt not found in stack app"],
    ["/devfiles/nothing", "the devfile of nothing didn't exist"],
    ["/devfiles/nothing/1.0.0", "the devfile of nothing didn't exist"],
    ["/devfiles/nothing/starter-projects/x", "the devfile of nothing didn't exist"],
    ["/devfiles/app/9.9.9", "version: 9.9.9 not found in stack app"],
    ["/devfiles/app/9.9.9/devfile.yaml", "version: 9.9.9 not found in stack app"],
    ["/devfiles/app/latest?minSchemaVersion=2.3", "the devfile of app didn't exist"],
    ["/devfiles/group/nested", "version: default not found in stack group/nested"],
    // The project of a sample that is not part of the build is somewhere else.
    ["/devfiles/remote", "the devfile of remote didn't exist"],
  ])("%s is not found", async (path, status) => {
    const response = await get(path);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ status });
  });

  test("gives files beside a devfile; what could be a version is one", async () => {
    const notes = await get("/devfiles/app/1.9.0/notes.txt");
    expect(notes.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(await notes.text()).toBe("some notes");
    expect(await (await get("/devfiles/app/notes.txt")).text()).toBe("some notes");
    expect(await (await get("/devfiles/app/1.0.0")).text()).toBe("# oldest\n");
    expect(await (await get("/devfiles/app/default/1.0.0")).text()).toBe(
      "a file named like a version",
    );
  });

  test("redirects a slash at the end, keeping the query", async () => {
    const response = await get("/devfiles/app/latest/?maxSchemaVersion=2.1");
    expect(response.status).toBe(301);
    expect(response.headers.get("location")).toBe("/devfiles/app/latest?maxSchemaVersion=2.1");
    expect((await get("/devfiles/")).status).toBe(404);
  });

  test("refuses a wrong schema version", async () => {
    expect((await get("/devfiles/app/latest?minSchemaVersion=two")).status).toBe(400);
  });

  test("answers HEAD and conditions", async () => {
    const head = await send("HEAD", "/devfiles/app");
    expect(head.headers.get("content-length")).toBe(String(STARTERS.length));
    const tag = head.headers.get("etag") ?? "";
    expect((await get("/devfiles/app", { "if-none-match": tag })).status).toBe(304);
  });

  test("gives the flat index at the address Che falls back to", async () => {
    const response = await get("/devfiles/index.json");
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await response.json()).toEqual(await (await get("/index")).json());
  });
});

describe("GET /devfiles/…/starter-projects/…", () => {
  test.each([
    ["/devfiles/app/starter-projects/offline", "offline zip", "offline.zip"],
    ["/devfiles/app/default/starter-projects/offline", "offline zip", "offline.zip"],
    ["/devfiles/app/1.9.0/starter-projects/beside", "zip beside", "beside.zip"],
    ["/devfiles/app/1.9.0/starter-projects/q%22uote", "zip beside", "q_uote.zip"],
  ])("%s", async (path, content, name) => {
    const response = await get(path);
    expect(response.status).toBe(202);
    expect(response.headers.get("content-type")).toBe("application/zip");
    expect(response.headers.get("content-disposition")).toBe(`attachment; filename="${name}"`);
    expect(await response.text()).toBe(content);
  });

  test("does not know a project that the devfile does not name", async () => {
    const response = await get("/devfiles/app/starter-projects/nothing");
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      status: "the starter project named nothing does not exist in the app devfile",
    });
  });

  test("says that the build does not carry a project", async () => {
    const response = await get("/devfiles/app/starter-projects/online");
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      error: "this build does not carry the starter project",
      status: "Problem with downloading starter project online: this build does not carry it",
    });
  });

  test("asks the source for what the build does not carry", async () => {
    const asked: StarterRequest[] = [];
    const starters = {
      open: async (request: StarterRequest) => {
        asked.push(request);
        return utf8("fetched");
      },
    };
    const app = await servedApp({ build, deps: { starters } });
    const response = await app.get("/devfiles/app/starter-projects/online");
    expect(response.status).toBe(202);
    expect(await response.text()).toBe("fetched");
    await app.get("/devfiles/app/starter-projects/offline");
    expect(asked.map(({ project }) => project)).toEqual([
      {
        name: "online",
        source: {
          kind: "git",
          remotes: { origin: "https://git.example/online.git" },
          checkoutFrom: {},
        },
      },
    ]);
  });
});
