import { describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { unzipSync } from "fflate";
import type { Build, GenerateResult } from "../../../src/generator/index.ts";
import { type MakeOfflineOptions, makeOffline } from "../../../src/generator/offline/index.ts";
import { readStackArchive } from "../../../src/generator/stack-archive.ts";
import { type OfflineContents, offlineDeps, svg } from "../../support/offline-deps.ts";
import {
  devfileText,
  generateFiles,
  type RepositoryFiles,
  stackText,
  tellingLines,
} from "../../support/registry-repository.ts";

const PUBLIC = "https://devfiles.internal/registry";
/** An icon that needs nothing from anywhere. */
const HELD = "data:,nothing";

function gitStarter(name: string, remote: string, more = "", revision = ""): string {
  const checkout = revision === "" ? "" : `      checkoutFrom:\n        revision: ${revision}\n`;
  return `  - name: ${name}\n    git:\n${checkout}      remotes:\n        origin: ${remote}\n${more}`;
}

async function offline(
  files: RepositoryFiles,
  contents: OfflineContents,
  options: Partial<MakeOfflineOptions> & { readonly force?: boolean } = {},
) {
  const { force = false, ...more } = options;
  const deps = offlineDeps(contents, more);
  const result = await generateFiles(files, {
    force,
    offline: (content) => makeOffline(content, deps),
  });
  return { ...result, asked: deps.asked };
}

function built({ build, report }: GenerateResult): Build {
  if (build === undefined) throw new Error(JSON.stringify(report.findings, null, 2));
  return build;
}

async function textIn(build: Build, path: string): Promise<string> {
  return Buffer.from(await build.files.read(path)).toString();
}

async function unzipped(build: Build, path: string): Promise<Record<string, string>> {
  const files = unzipSync(await build.files.read(path));
  return Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString()]),
  );
}

/** The stack "go" without stack.yaml, with these starter projects. */
function goWith(starters: string, metadata = {}): RepositoryFiles {
  const text = devfileText({ icon: HELD, ...metadata }, `starterProjects:\n${starters}`);
  return { "stacks/go/devfile.yaml": text };
}

describe("makeOffline() on starter projects", () => {
  const REMOTE = "https://git.example/examples.git";

  test("stores each folder of a repository that is fetched once", async () => {
    const names = Array.from({ length: 33 }, (_, at) => `part-${at}`);
    const starters = names.map((name) => gitStarter(name, REMOTE, `    subDir: deep/${name}\n`));
    const project = Object.fromEntries(names.map((name) => [`deep/${name}/who`, name]));
    const result = await offline(goWith(starters.join("")), { projects: { [REMOTE]: project } });
    const build = built(result);
    expect(result.asked).toEqual([REMOTE]);
    for (const name of names) {
      expect(await unzipped(build, `stacks/go/${name}-offline.zip`)).toEqual({
        [`${name}/who`]: name,
      });
    }
    expect(build.index[0]?.versions?.[0]?.resources).toContain("part-32-offline.zip");
    expect(await textIn(build, "stacks/go/devfile.yaml")).not.toMatch(/^ +(subDir|git):/m);
  });

  test("fetches two revisions of a repository apart", async () => {
    const starters = gitStarter("a", REMOTE, "", "v1") + gitStarter("b", REMOTE, "", "v2");
    const projects = { [`${REMOTE}#v1`]: { f: "one" }, [`${REMOTE}#v2`]: { f: "two" } };
    const result = await offline(goWith(starters), { projects });
    expect(result.asked.sort()).toEqual([`${REMOTE}#v1`, `${REMOTE}#v2`]);
    expect(await unzipped(built(result), "stacks/go/b-offline.zip")).toEqual({ "b/f": "two" });
  });

  test("serves versions whatever their digits: 1.10.0 and 2.33.0", async () => {
    const starters = `starterProjects:\n${gitStarter("web", REMOTE)}`;
    const version = (number: string) => devfileText({ icon: HELD, version: number }, starters);
    const result = await offline(
      {
        "stacks/go/stack.yaml": stackText(
          "  - version: 2.33.0\n    default: true\n  - version: 1.10.0",
          "name: go",
        ).replace("icon: logo.svg", "icon: https://web.example/go.svg"),
        "stacks/go/2.33.0/devfile.yaml": version("2.33.0"),
        "stacks/go/1.10.0/devfile.yaml": version("1.10.0"),
      },
      { projects: { [REMOTE]: { f: "x" } }, icons: { "https://web.example/go.svg": svg("go") } },
      { publicUrl: PUBLIC },
    );
    const build = built(result);
    for (const number of ["1.10.0", "2.33.0"]) {
      const folder = `stacks/go/${number}`;
      expect(await unzipped(build, `${folder}/web-offline.zip`)).toEqual({ "web/f": "x" });
      const text = await textIn(build, `${folder}/devfile.yaml`);
      expect(text).toContain(`location: ${PUBLIC}/${folder}/web-offline.zip`);
    }
  });

  test("changes nothing else of a devfile: images, comments and order stay", async () => {
    const rest = [
      "components:",
      "  - name: tools   # do not touch",
      "    container: {image: 'quay.io/a/b:1.10', memoryLimit: 1Gi}",
      "starterProjects:",
      "  # the only one",
      gitStarter("web", REMOTE).trimEnd(),
      "commands: []",
      "",
    ].join("\n");
    const text = devfileText({ icon: HELD }, rest);
    const result = await offline(
      { "stacks/go/devfile.yaml": text },
      { projects: { [REMOTE]: { f: "x" } } },
      { publicUrl: PUBLIC },
    );
    const lines = (await textIn(built(result), "stacks/go/devfile.yaml")).split("\n");
    const old = text.split("\n");
    expect(old.filter((line) => !lines.includes(line))).toEqual([
      "    git:",
      "      remotes:",
      `        origin: ${REMOTE}`,
    ]);
    const added = lines.filter((line) => !old.includes(line)).map((line) => line.trim());
    expect(added).toEqual([
      "attributes:",
      expect.stringMatching(/^devreg\.dev\/origin: .*git\.example/),
      "zip:",
      `location: ${PUBLIC}/stacks/go/web-offline.zip`,
    ]);
  });

  test("records the digest and the commit of every archive", async () => {
    const build = built(
      await offline(goWith(gitStarter("web", REMOTE)), { projects: { [REMOTE]: { f: "x" } } }),
    );
    const path = "stacks/go/web-offline.zip";
    const sha256 = createHash("sha256")
      .update(await build.files.read(path))
      .digest("hex");
    expect(build.info?.offline).toEqual({
      restOnly: 1,
      parents: { registry: 0, flattened: 0 },
      documents: 0,
      documentFiles: {},
      projects: { [path]: { sha256, url: REMOTE, commit_hash: "c".repeat(40) } },
    });
  });

  test("says what could not be fetched, and where it is named", async () => {
    const result = await offline(goWith(gitStarter("web", REMOTE)), {});
    expect(result.build).toBeUndefined();
    expect(tellingLines(result)).toEqual([
      "error starter-unreachable stacks/go/devfile.yaml:10 starterProjects[0]",
    ]);
  });

  test("leaves a stack version out by force, and counts it", async () => {
    const files = {
      ...goWith(gitStarter("web", REMOTE)),
      "stacks/py/devfile.yaml": devfileText({ name: "py", icon: HELD }),
    };
    const { build, report } = await offline(files, {}, { force: true });
    expect(build?.index.map(({ name }) => name)).toEqual(["py"]);
    expect(report.leftOut).toEqual(["stacks/go"]);
    expect(await build?.files.paths()).toEqual(["stacks/py/devfile.yaml"]);
  });

  test("takes the archive that lies beside the devfile already", async () => {
    const starter = "  - name: web\n    zip:\n      location: web-offline.zip\n";
    const files = { ...goWith(starter), "stacks/go/web-offline.zip": "an archive" };
    const result = await offline(files, {}, { publicUrl: PUBLIC });
    expect(result.asked).toEqual([]);
    expect(await textIn(built(result), "stacks/go/web-offline.zip")).toBe("an archive");
    expect(await textIn(built(result), "stacks/go/devfile.yaml")).toContain(
      `location: ${PUBLIC}/stacks/go/web-offline.zip`,
    );
  });

  test("gives relative addresses without a public URL, and counts them", async () => {
    const build = built(
      await offline(goWith(gitStarter("a", REMOTE) + gitStarter("b", REMOTE)), {
        projects: { [REMOTE]: { f: "x" } },
      }),
    );
    expect(await textIn(build, "stacks/go/devfile.yaml")).toContain("location: a-offline.zip");
    expect(build.info?.offline?.restOnly).toBe(2);
  });

  test("gives the same bytes again, whatever comes first", async () => {
    const remotes = Array.from({ length: 12 }, (_, at) => `https://git.example/${at}.git`);
    const starters = remotes.map((remote, at) => gitStarter(`s${at}`, remote)).join("");
    const projects = Object.fromEntries(remotes.map((remote) => [remote, { f: remote }]));
    const contents = async (projects: OfflineContents["projects"]) => {
      const build = built(await offline(goWith(starters), { projects: projects ?? {} }));
      const paths = await build.files.paths();
      const files = await Promise.all(paths.map((path) => build.files.read(path)));
      return [paths, files, build.info?.offline];
    };
    const backwards = Object.fromEntries(Object.entries(projects).reverse());
    expect(await contents(backwards)).toEqual(await contents(projects));
  });
});

describe("makeOffline() on icons", () => {
  const ICON = "https://web.example/go.svg";

  test("addresses them at the public URL, in devfiles and index", async () => {
    const files = { "stacks/go/devfile.yaml": devfileText({ icon: ICON }) };
    const build = built(
      await offline(files, { icons: { [ICON]: svg("go") } }, { publicUrl: PUBLIC }),
    );
    const name = build.info?.icons[ICON];
    expect(await textIn(build, `icons/${name}`)).toBe(svg("go"));
    expect(build.index[0]?.icon).toBe(`${PUBLIC}/icons/${name}`);
    expect(build.index[0]?.versions?.[0]?.icon).toBe(`${PUBLIC}/icons/${name}`);
    expect(await textIn(build, "stacks/go/devfile.yaml")).toContain(
      `icon: ${PUBLIC}/icons/${name}`,
    );
  });

  test("holds them in data: addresses without a public URL, also files beside the devfile", async () => {
    const files = {
      "stacks/go/devfile.yaml": devfileText({ icon: "logo.svg" }),
      "stacks/go/logo.svg": svg("logo"),
    };
    const build = built(await offline(files, {}));
    const data = `data:image/svg+xml;base64,${Buffer.from(svg("logo")).toString("base64")}`;
    expect(build.index[0]?.icon).toBe(data);
    expect(await textIn(build, "stacks/go/devfile.yaml")).toContain(`icon: ${data}`);
  });

  test("makes an icon that is not there an error", async () => {
    const result = await offline({ "stacks/go/devfile.yaml": devfileText({ icon: ICON }) }, {});
    expect(result.build).toBeUndefined();
    expect(tellingLines(result)).toEqual([
      "error icon-unreachable stacks/go/devfile.yaml:3 metadata",
    ]);
  });
});

describe("makeOffline() on parents", () => {
  const PARENT = (reference: string) =>
    devfileText({ name: "child", icon: HELD }, `parent:\n${reference}`);
  const OWN = { "stacks/go/devfile.yaml": devfileText({ icon: HELD }, "commands: []\n") };

  test("lets one that the registry has be an id at the public URL, without network", async () => {
    for (const reference of [
      "  id: go\n  registryUrl: https://registry.devfile.io\n",
      `  id: go\n  registryUrl: ${PUBLIC}/\n`,
      "  id: go\n",
      "  uri: https://registry.devfile.io/devfiles/go\n",
    ]) {
      const files = { ...OWN, "stacks/child/devfile.yaml": PARENT(reference) };
      const result = await offline(files, {}, { publicUrl: PUBLIC });
      const text = await textIn(built(result), "stacks/child/devfile.yaml");
      expect(text).toContain(`registryUrl: ${PUBLIC}\n`);
      expect(text).toContain("  id: go\n");
      expect(result.asked).toEqual([]);
      expect(result.build?.info?.offline?.parents).toEqual({ registry: 1, flattened: 0 });
    }
  });

  test("makes one from elsewhere part of the devfile, with its starter projects", async () => {
    const uri = "https://web.example/base.yaml";
    const remote = "https://git.example/base.git";
    const base = devfileText(
      { name: "base", icon: HELD },
      `starterProjects:\n${gitStarter("base", remote)}`,
    );
    const files = { "stacks/child/devfile.yaml": PARENT(`  uri: ${uri}\n`) };
    const contents = { devfiles: { [uri]: base }, projects: { [remote]: { f: "x" } } };
    const build = built(await offline(files, contents, { publicUrl: PUBLIC }));
    const text = await textIn(build, "stacks/child/devfile.yaml");
    expect(text).not.toMatch(/^parent:/m);
    expect(text).toContain(`${PUBLIC}/stacks/child/base-offline.zip`);
    expect(await unzipped(build, "stacks/child/base-offline.zip")).toEqual({ "base/f": "x" });
    expect(build.info?.offline?.parents).toEqual({ registry: 0, flattened: 1 });
  });

  test("brings the files that lay beside what became part of a devfile", async () => {
    const component = (uri: string) => `  - name: ${uri[0]}\n    kubernetes:\n      uri: ${uri}\n`;
    const base = `components:\n${component("deploy.yaml")}${component("k/s.yaml")}`;
    const files = {
      "stacks/go/devfile.yaml": devfileText({ icon: HELD }, base),
      "stacks/go/deploy.yaml": "of the parent",
      "stacks/go/k/s.yaml": "also of the parent",
      "stacks/child/devfile.yaml": PARENT("  id: go\n"),
      "stacks/child/deploy.yaml": "of the child",
    };
    const build = built(await offline(files, {}, { parents: "flatten" }));
    const archive = await readStackArchive([
      { name: "archive.tar", bytes: await build.files.read("stacks/child/archive.tar") },
    ]);
    const found = archive.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()]);
    expect(found).toEqual([
      ["./deploy.yaml", "of the child"],
      ["./k/s.yaml", "also of the parent"],
    ]);
    expect(build.index[0]?.versions?.[0]?.resources).toEqual(["archive.tar", "devfile.yaml"]);
  });

  test("fetches one that this registry does not have from its own", async () => {
    const url = "https://registry.devfile.io/devfiles/java/1.2.0";
    const reference = "  id: java\n  version: 1.2.0\n  registryUrl: https://registry.devfile.io\n";
    const files = { "stacks/child/devfile.yaml": PARENT(reference) };
    const devfiles = { [url]: devfileText({ name: "java", icon: HELD }) };
    const result = await offline(files, { devfiles }, { publicUrl: PUBLIC });
    expect(built(result).info?.offline?.parents).toEqual({ registry: 0, flattened: 1 });
    expect(result.asked).toEqual([url]);
  });

  test("leaves out by force what needs something left out", async () => {
    const files = {
      ...goWith(gitStarter("web", "https://git.example/gone.git")),
      "stacks/child/devfile.yaml": PARENT("  id: go\n"),
      "stacks/other/devfile.yaml": devfileText({ name: "other", icon: HELD }),
    };
    const { report, build } = await offline(files, {}, { publicUrl: PUBLIC, force: true });
    expect(report.leftOut).toEqual(["stacks/child", "stacks/go"]);
    expect(report.findings.map(({ rule }) => rule)).toContain("parent-left-out");
    expect(build?.index.map(({ name }) => name)).toEqual(["other"]);
  });

  test("makes one that is nowhere an error at its line", async () => {
    const files = { "stacks/child/devfile.yaml": PARENT("  uri: https://web.example/x.yaml\n") };
    const result = await offline(files, {});
    expect(result.build).toBeUndefined();
    expect(tellingLines(result)[0]).toMatch(
      /^error parent-unreachable stacks\/child\/devfile.yaml:\d+ parent$/,
    );
  });
});

describe("makeOffline() on samples", () => {
  const REMOTE = "https://git.example/group/basic.git";
  const FILES = {
    "stacks/go/devfile.yaml": devfileText({ icon: HELD }),
    "extraDevfileEntries.yaml": [
      "schemaVersion: 1.0.0",
      "samples:",
      "  - name: basic",
      "    displayName: Basic",
      "    icon: https://web.example/basic.svg",
      "    versions:",
      "      - version: 1.0.0",
      "        schemaVersion: 2.2.0",
      "        default: true",
      "        git: {revision: main, remotes: {origin: https://git.example/group/basic.git}}",
      "",
    ].join("\n"),
    "samples/basic/1.0.0/devfile.yaml": devfileText({ name: "basic", icon: HELD }),
  };
  const CONTENTS = {
    projects: { [`${REMOTE}#main`]: { "main.go": "package main" } },
    icons: { "https://web.example/basic.svg": svg("basic") },
  };

  test("stores the project; the index keeps its git", async () => {
    const build = built(await offline(FILES, CONTENTS, { publicUrl: PUBLIC }));
    const path = "samples/basic/1.0.0/basic-offline.zip";
    expect(await unzipped(build, path)).toEqual({ "basic/main.go": "package main" });
    const sample = build.index.find(({ name }) => name === "basic");
    expect(sample?.versions?.[0]?.git).toEqual({ remotes: { origin: REMOTE }, revision: "main" });
    expect(sample?.icon).toStartWith(`${PUBLIC}/icons/`);
    expect(await build.files.paths()).toContain("samples/basic/1.0.0/devfile.yaml");
  });

  test("points the index at a git base when there is one", async () => {
    const options = { publicUrl: PUBLIC, gitBase: "https://git.internal/mirror" };
    const build = built(await offline(FILES, CONTENTS, options));
    const sample = build.index.find(({ name }) => name === "basic");
    expect(sample?.versions?.[0]?.git?.remotes).toEqual({
      origin: "https://git.internal/mirror/group/basic.git",
    });
  });

  test("leaves a sample out by force when its project is not there", async () => {
    const { icons } = CONTENTS;
    const { build, report } = await offline(FILES, { icons }, { publicUrl: PUBLIC, force: true });
    expect(report.leftOut).toEqual(["samples/basic/1.0.0"]);
    expect(build?.index.map(({ name }) => name)).toEqual(["go"]);
    expect(await build?.files.paths()).not.toContain("samples/basic/1.0.0/devfile.yaml");
  });
});
