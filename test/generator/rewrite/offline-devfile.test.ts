import { describe, expect, test } from "bun:test";
import {
  findStarterSources,
  type OfflinePlan,
  offlineDevfile,
  rerenderDevfile,
} from "../../../src/generator/rewrite/index.ts";

const ICON = "https://registry.example.com/icons/0f.svg";
const PLAN: OfflinePlan = {
  folder: "stacks/go/1.1.0",
  publicUrl: "https://registry.example.com/",
  starters: new Set(["web", "zipped"]),
};

const DEVFILE = `schemaVersion: 2.2.0
metadata:
  name: go # the stack
  icon: https://icons.example.org/go.svg
starterProjects:
  - name: web
    # where it comes from
    git:
      remotes:
        origin: "https://git.example.org/web.git"
      checkoutFrom:
        revision: 1.10
    subDir: app
  - name: zipped
    attributes: {kept: true}
    zip:
      location: 'https://zips.example.org/z.zip'
`;

const OFFLINE = `schemaVersion: 2.2.0
metadata:
  name: go # the stack
  attributes:
    devreg.dev/origin: '{"metadata.icon":"https://icons.example.org/go.svg"}'
  icon: ${ICON}
starterProjects:
  - name: web
    # where it comes from
    attributes:
      devreg.dev/origin: '{"git":{"remotes":{"origin":"https://git.example.org/web.git"},"checkoutFrom":{"revision":"1.10"}},"subDir":"app"}'
    zip:
      location: https://registry.example.com/stacks/go/1.1.0/web-offline.zip
  - name: zipped
    attributes: {devreg.dev/origin: '{"zip":{"location":"https://zips.example.org/z.zip"}}', kept: true}
    zip:
      location: 'https://registry.example.com/stacks/go/1.1.0/zipped-offline.zip'
`;

describe("offlineDevfile()", () => {
  test("turns starter projects into zips at the registry and keeps what they were", () => {
    const { text, changes, left } = offlineDevfile(DEVFILE, { ...PLAN, icon: ICON });
    expect(text).toBe(OFFLINE);
    expect(left).toEqual([]);
    expect(changes.map(({ kind, path, restOnly }) => [kind, path, restOnly])).toEqual([
      ["starter", "starterProjects[0].zip.location", false],
      ["starter", "starterProjects[1].zip.location", false],
      ["icon", "metadata.icon", false],
    ]);
    expect(changes[2]?.origin).toBe("https://icons.example.org/go.svg");
  });

  test("changes nothing the second time, and reports the same", () => {
    const plan = { ...PLAN, icon: ICON };
    const first = offlineDevfile(DEVFILE, plan);
    expect(offlineDevfile(first.text, plan)).toEqual(first);
  });

  test("keeps the first original when addresses change once more", () => {
    const again = offlineDevfile(OFFLINE, {
      ...PLAN,
      publicUrl: "http://other:8080",
      icon: "data:,",
    });
    expect(again.changes.map(({ origin }) => origin)).toEqual(
      offlineDevfile(DEVFILE, { ...PLAN, icon: ICON }).changes.map(({ origin }) => origin),
    );
    expect(again.text).toContain("http://other:8080/stacks/go/1.1.0/web-offline.zip");
  });

  test("addresses zips beside the devfile without a public URL, and says who understands that", () => {
    const { folder, starters } = PLAN;
    const { text, changes } = offlineDevfile(DEVFILE, { folder, starters });
    expect(text).toContain("location: web-offline.zip\n");
    expect(text).toContain("icon: https://icons.example.org/go.svg\n");
    expect(changes.every(({ restOnly }) => restOnly)).toBe(true);
  });

  test("leaves what the build does not have and says so", () => {
    const { text, changes, left } = offlineDevfile(DEVFILE, { ...PLAN, starters: new Set() });
    expect(text).toBe(DEVFILE);
    expect(changes).toEqual([]);
    expect(left.map(({ path }) => path)).toEqual([
      "starterProjects[0]",
      "starterProjects[1]",
      "metadata.icon",
    ]);
  });

  test("rewrites starter projects that the devfile overrides of its parent", () => {
    const text =
      "schemaVersion: 2.2.0\nparent:\n  id: go\n  starterProjects:\n  - name: web\n    git:\n      remotes: {origin: u}\n";
    const { text: offline } = offlineDevfile(text, PLAN);
    expect(offline).toContain("    zip:\n      location: https://registry.example.com/stacks/go/");
  });

  test("knows the github source of schema version 2.0.0 and attributes without value", () => {
    const text =
      "schemaVersion: 2.0.0\nstarterProjects:\n- name: web\n  attributes:\n  github:\n    remotes: {origin: u}\n";
    expect(offlineDevfile(text, PLAN).text).toBe(
      "schemaVersion: 2.0.0\nstarterProjects:\n- name: web\n  attributes:\n" +
        `    devreg.dev/origin: '{"github":{"remotes":{"origin":"u"}}}'\n` +
        "  zip:\n    location: https://registry.example.com/stacks/go/1.1.0/web-offline.zip\n",
    );
  });

  test("escapes what an address cannot hold, and refuses a name no file can have", () => {
    const text = "schemaVersion: 2.2.0\nstarterProjects: [{name: a b, git: {remotes: {o: u}}}]\n";
    const plan = { ...PLAN, starters: new Set(["a b", "../x"]) };
    expect(offlineDevfile(text, plan).text).toContain("/stacks/go/1.1.0/a%20b-offline.zip");
    expect(() => offlineDevfile(text.replace("a b", "../x"), plan)).toThrow("that of a file");
  });

  test("lets parents be ids at the registry", () => {
    const text =
      "schemaVersion: 2.2.0\nmetadata: {name: x}\nparent:\n  uri: https://example.org/devfile.yaml # base\n";
    const parents = [{ path: ["parent"], id: "go", version: "1.4.0" }];
    const { text: offline, changes } = offlineDevfile(text, { ...PLAN, parents });
    expect(offline).toBe(
      "schemaVersion: 2.2.0\n" +
        `metadata: {attributes: {devreg.dev/origin: '{"parent":{"uri":"https://example.org/devfile.yaml"}}'}, name: x}\n` +
        "parent:\n  id: go\n  version: 1.4.0\n  registryUrl: https://registry.example.com # base\n",
    );
    expect(changes[0]?.origin).toEqual({ uri: "https://example.org/devfile.yaml" });
    expect(offlineDevfile(offline, { ...PLAN, parents }).text).toBe(offline);
  });

  test("makes metadata to keep the parent of a devfile that has none", () => {
    const text = "schemaVersion: 2.2.0\nparent:\n  id: go\n  registryUrl: https://example.org\n";
    const { text: offline } = offlineDevfile(text, {
      ...PLAN,
      parents: [{ path: ["parent"], id: "go" }],
    });
    expect(offline).toContain('{"parent":{"id":"go","registryUrl":"https://example.org"}}');
    expect(offline).toContain("  registryUrl: https://registry.example.com\n");
  });

  test("leaves a parent without public URL, or whose version its schema cannot name", () => {
    const text = "schemaVersion: 2.1.0\nparent:\n  uri: https://example.org/devfile.yaml\n";
    const parents = [{ path: ["parent"], id: "go", version: "1.4.0" }];
    const { publicUrl: _, ...local } = PLAN;
    for (const plan of [PLAN, local]) {
      const result = offlineDevfile(text, { ...plan, parents });
      expect(result.text).toBe(text);
      expect(result.left).toHaveLength(1);
    }
  });

  test("refuses an attribute of its name that it did not write", () => {
    const text = OFFLINE.replace(/devreg.dev\/origin: '\{"git.*'/, "devreg.dev/origin: mine");
    expect(() => offlineDevfile(text, PLAN)).toThrow('Cannot read "starterProjects[0].attributes');
  });
});

describe("rerenderDevfile()", () => {
  test("changes the addresses of the registry and nothing else, and back", () => {
    const moved = rerenderDevfile(OFFLINE, {
      folder: PLAN.folder,
      from: "https://registry.example.com",
      to: "http://10.0.0.1:8080/base",
      icon: "http://10.0.0.1:8080/base/icons/0f.svg",
    });
    expect(moved).toBe(
      OFFLINE.replaceAll("https://registry.example.com", "http://10.0.0.1:8080/base"),
    );
    const back = { folder: PLAN.folder, to: PLAN.publicUrl, icon: ICON };
    expect(rerenderDevfile(moved, back)).toBe(OFFLINE);
  });

  test("makes them files beside the devfile and addresses again", () => {
    const local = rerenderDevfile(OFFLINE, { folder: PLAN.folder, to: undefined });
    expect(local).toContain("location: 'zipped-offline.zip'");
    expect(rerenderDevfile(local, { folder: PLAN.folder, to: PLAN.publicUrl })).toBe(OFFLINE);
  });

  test("leaves what was not rewritten, or points at another public URL than the one named", () => {
    const plan = { folder: PLAN.folder, from: "https://elsewhere.example", to: "http://new" };
    expect(rerenderDevfile(OFFLINE, plan)).toBe(OFFLINE);
    expect(rerenderDevfile(DEVFILE, { ...plan, icon: "x" })).toBe(DEVFILE);
  });

  test("moves parents along", () => {
    const text =
      "schemaVersion: 2.2.0\nmetadata: {name: x}\nparent:\n  id: go\n  registryUrl: https://example.org\n";
    const plan = { ...PLAN, parents: [{ path: ["parent"], id: "go" }] };
    const offline = offlineDevfile(text, plan).text;
    const moved = rerenderDevfile(offline, { folder: PLAN.folder, to: "http://new/" });
    expect(moved).toBe(offline.replace("https://registry.example.com", "http://new"));
  });
});

describe("findStarterSources()", () => {
  test("gives what the author wrote, before and after rewriting", () => {
    const sources = findStarterSources(DEVFILE);
    expect(sources).toEqual([
      {
        name: "web",
        path: "starterProjects[0]",
        line: 6,
        column: 5,
        git: {
          remotes: { origin: "https://git.example.org/web.git" },
          checkoutFrom: { revision: "1.10" },
        },
        subDir: "app",
      },
      {
        name: "zipped",
        path: "starterProjects[1]",
        line: 14,
        column: 5,
        zip: "https://zips.example.org/z.zip",
      },
    ]);
    const unplaced = (text: string) =>
      findStarterSources(text).map(({ line: _, column: __, ...source }) => source);
    expect(unplaced(OFFLINE)).toEqual(unplaced(DEVFILE));
  });

  test("gives other projects, too, and those that a parent's are overridden by", () => {
    const project = (name: string) =>
      `- {name: ${name}, git: {remotes: {origin: "https://git.example.org/${name}"}}}`;
    const text = [
      "schemaVersion: 2.2.0",
      "metadata: {name: x}",
      `parent:\n  id: go\n  projects:\n    ${project("parents")}`,
      `projects:\n  ${project("own")}`,
      `dependentProjects:\n  ${project("beside")}`,
      "",
    ].join("\n");
    expect(findStarterSources(text).map(({ path }) => path)).toEqual([
      "projects[0]",
      "dependentProjects[0]",
      "parent.projects[0]",
    ]);
    const plan = { ...PLAN, starters: new Set(["parents", "own", "beside"]) };
    expect(offlineDevfile(text, plan).text).not.toContain("git: {");
  });

  test("refuses what is no devfile", () => {
    expect(() => findStarterSources("a: [")).toThrow('Cannot read "devfile.yaml"');
  });
});
