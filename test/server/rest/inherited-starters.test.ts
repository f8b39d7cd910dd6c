import { describe, expect, test } from "bun:test";
import { utf8 } from "../../../src/bytes.ts";
import type { IndexEntry } from "../../../src/generator/index.ts";
import type { StarterRequest } from "../../../src/server/index.ts";
import { jsonOf } from "../../support/json-of.ts";
import { sampleBuild } from "../../support/sample-build.ts";
import { servedApp } from "../../support/served-app.ts";

const PUBLIC_URL = "https://devfiles.example/registry";

/** How children refer to their parent → whether it is this registry's own. */
const REFERENCES: Readonly<Record<string, readonly [parent: string, isOurs: boolean]>> = {
  default: ["{id: base}", true],
  exact: ["{id: base, version: 1.0.0}", true],
  latest: ["{id: base, version: latest}", true],
  public: ["{id: base, registryUrl: 'https://registry.devfile.io/'}", true],
  ours: [`{id: base, registryUrl: '${PUBLIC_URL}'}`, true],
  uri: [`{uri: '${PUBLIC_URL}/devfiles/base/1.0.0'}`, true],
  relative: ["{uri: ../../base/1.0.0/devfile.yaml}", true],
  quoted: ['{"id": "base"}', true],
  grandchild: ["{id: default}", true],
  elsewhere: ["{id: base, registryUrl: 'https://other.example'}", false],
  outside: ["{uri: 'https://git.example/devfile.yaml'}", false],
  climbing: ["{uri: ../../../../../etc/passwd}", false],
  escaped: ["{uri: '..%2f..%2f..%2fetc/passwd'}", false],
  cluster: ["{kubernetes: {name: base}}", false],
  version: ["{id: base, version: 9.9.9}", false],
  nobody: ["{id: nothing}", false],
  itself: ["{id: itself}", false],
};

function stack(name: string): IndexEntry {
  return {
    name,
    type: "stack",
    versions: [
      {
        version: "1.0.0",
        default: true,
        links: { self: `devfile-catalog/${name}:1.0.0` },
        resources: ["devfile.yaml"],
      },
    ],
  };
}

const BASE = `schemaVersion: 2.2.0
metadata: {name: base}
starterProjects:
  - name: app
    git: {remotes: {origin: https://git.example/app.git}}
  - name: offline
    git: {remotes: {origin: https://git.example/offline.git}}
  - name: beside
    zip: {location: beside.zip}
`;

const children = Object.entries(REFERENCES).map(
  ([name, [parent]]) =>
    [
      `stacks/${name}/1.0.0/devfile.yaml`,
      `schemaVersion: 2.2.0\nmetadata: {name: ${name}}\nparent: ${parent}\n`,
    ] as const,
);
const build = await sampleBuild({
  index: [stack("base"), stack("own"), ...Object.keys(REFERENCES).map(stack)],
  info: false,
  files: {
    "stacks/base/1.0.0/devfile.yaml": BASE,
    "stacks/base/1.0.0/offline-offline.zip": "offline zip",
    "stacks/base/1.0.0/beside.zip": "zip beside",
    "stacks/own/1.0.0/devfile.yaml": `schemaVersion: 2.2.0
parent:
  id: base
  starterProjects:
    - name: offline
      subDir: web
    - name: app
      git: {checkoutFrom: {revision: v2}}
`,
    "stacks/own/1.0.0/offline-offline.zip": "offline zip of the child",
    "stacks/own/1.0.0/beside.zip": "has nothing to do with it",
    ...Object.fromEntries(children),
  },
});
const asked: StarterRequest[] = [];
const { get } = await servedApp({
  build,
  config: { publicUrl: PUBLIC_URL },
  deps: {
    starters: {
      open: async (request) => {
        asked.push(request);
        return utf8("fetched");
      },
    },
  },
});

function starter(entry: string, project: string): Promise<Response> {
  return get(`/devfiles/${entry}/starter-projects/${project}`);
}

describe("starter projects of parents", () => {
  test.each(Object.entries(REFERENCES))("by %s", async (name, [, isOurs]) => {
    const offline = await starter(name, "offline");
    expect(offline.status).toBe(isOurs ? 202 : 404);
    if (!isOurs) {
      expect(await jsonOf(offline)).toEqual({
        status: `the starter project named offline does not exist in the ${name} devfile`,
      });
      return;
    }
    expect(await offline.text()).toBe("offline zip");
    expect(await (await starter(`${name}/1.0.0`, "beside")).text()).toBe("zip beside");
    expect(await (await starter(name, "app")).text()).toBe("fetched");
    expect((await starter(name, "nothing")).status).toBe(404);
  });

  test("are those of the child where it overrides them", async () => {
    expect(await (await starter("own", "offline")).text()).toBe("offline zip of the child");
    expect(await (await starter("own", "beside")).text()).toBe("zip beside");
    await starter("own", "app");
    expect(asked.at(-1)?.project.source).toEqual({
      kind: "git",
      remotes: { origin: "https://git.example/app.git" },
      checkoutFrom: { revision: "v2" },
    });
  });

  test("are not listed in the index, which is as the Go tools make it", async () => {
    const [entry] = await jsonOf(await get("/v2index?name=default"));
    expect(entry.versions[0]).not.toHaveProperty("starterProjects");
  });
});

describe("the page of a stack", () => {
  test.each(["default", "ours"])("lists them: %s", async (name) => {
    const page = await (await get(`/viewer/devfiles/Community/${name}`)).text();
    for (const project of ["app", "offline", "beside"]) {
      expect(page).toContain(`devfiles/${name}/1.0.0/starter-projects/${project}"`);
    }
  });

  test.each([
    ["default", 3],
    ["uri", 3],
    ["relative", 3],
    // Overriding a project does not make it one's own; its parent is where it comes from.
    ["own", 3],
    ["grandchild", 3],
    ["base", 0],
    ["elsewhere", 0],
  ])("says which parent they come from: %s", async (name, count) => {
    const page = await (await get(`/viewer/devfiles/Test/${name}`)).text();
    const link =
      '<a href="../../../viewer/devfiles/test/base?devfile-version=1.0.0">base 1.0.0</a>';
    expect(page.split(`from parent ${link}`)).toHaveLength(count + 1);
    expect(page.split("from parent")).toHaveLength(count + 1);
  });
});
