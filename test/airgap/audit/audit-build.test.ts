import { describe, expect, test } from "bun:test";
import { type AuditOptions, auditBuild } from "../../../src/airgap/audit/index.ts";
import { utf8 } from "../../../src/bytes.ts";
import {
  type Build,
  formatIndex,
  gzipStored,
  type IndexEntry,
  MemoryBuildFiles,
  packTar,
} from "../../../src/generator/index.ts";
import { sampleImage } from "../../support/sample-lock.ts";

const STACK: IndexEntry = {
  name: "go",
  type: "stack",
  icon: "https://icons.example/go.svg",
  supportUrl: "https://support.example",
  versions: [{ version: "1.0.0", links: { self: "devfile-catalog/go:1.0.0" } }],
};

const DEVFILE = `schemaVersion: 2.2.0
metadata:
  name: go
  website: https://go.example
  icon: https://icons.example/go.svg
  alpha.deployment-manifest: https://old.example/deploy.yaml
  attributes:
    alpha.build-dockerfile: https://raw.example/Dockerfile
    alpha.deployment-manifest: https://devfiles.internal/documents/x/deploy.yaml
    devreg.dev/origin: '{"metadata.icon":"https://kept.example/i.svg"}'
parent:
  uri: https://parents.example/devfile.yaml
  registryUrl: https://devfiles.internal
starterProjects:
  - name: git
    git:
      remotes:
        origin: https://github.example/org/app.git
  - name: scp
    git:
      remotes:
        origin: git@Github.example:org/app.git
  - name: zip
    zip:
      location: https://devfiles.internal:443/stacks/go/1.0.0/zip-offline.zip
  - name: beside
    zip:
      location: beside-offline.zip
components:
  - name: run
    container:
      image: quay.io/devfile/udi:ubi9
      env:
        - name: MIRROR
          value: see https://proxy.example/go, or http://localhost:8080
      args: [--init-image, quay.io/other/tool:1.0]
  - name: deploy
    kubernetes:
      uri: https://manifests.example/deploy.yaml
  - name: build
    image:
      imageName: go-image:latest
      dockerfile:
        git:
          remotes:
            origin: ssh://git@gitlab.example/org/build.git
`;

function buildOf(
  index: readonly IndexEntry[],
  files: Readonly<Record<string, string | Uint8Array>>,
): Build {
  const entries = Object.entries(files).map(
    ([path, content]) => [path, typeof content === "string" ? utf8(content) : content] as const,
  );
  return {
    index,
    indexBytes: formatIndex(index),
    info: undefined,
    files: new MemoryBuildFiles(entries),
  };
}

async function audit(build: Build, options: Partial<AuditOptions> = {}) {
  const found = await auditBuild(build, { allow: [], exclude: [], ...options });
  const shown = (list: readonly { file: string; pointer: string; text: string }[]) =>
    list.map(({ file, pointer, text }) => `${file}${pointer}: ${text}`);
  return { ...found, shown };
}

const BUILD = buildOf([STACK], { "stacks/go/1.0.0/devfile.yaml": DEVFILE });

describe("auditBuild()", () => {
  test("lists every reference that a client follows out of the allowed hosts", async () => {
    const { findings } = await audit(BUILD, { publicUrl: "https://devfiles.internal/base" });
    const found = findings.map(({ kind, pointer, host }) => `${kind} ${pointer} ${host}`).sort();
    expect(found).toEqual([
      "component /components/1/kubernetes/uri manifests.example",
      "component /components/2/image/dockerfile/git/remotes/origin gitlab.example",
      "document /metadata/alpha.deployment-manifest old.example",
      "document /metadata/attributes/alpha.build-dockerfile raw.example",
      "icon /0/icon icons.example",
      "icon /metadata/icon icons.example",
      "image /components/0/container/image quay.io",
      "parent /parent/uri parents.example",
      "starter /starterProjects/0/git/remotes/origin github.example",
      "starter /starterProjects/1/git/remotes/origin github.example",
    ]);
    expect(findings.every(({ hint }) => hint !== "")).toBe(true);
    const icon = findings.find(({ pointer }) => pointer === "/metadata/icon");
    expect(icon).toMatchObject({ line: 5, file: "stacks/go/1.0.0/devfile.yaml" });
  });

  test("lists apart what may be an image and what nothing classifies, and counts links", async () => {
    const { possible, others, links, shown } = await audit(BUILD);
    expect(shown(possible)).toEqual([
      "stacks/go/1.0.0/devfile.yaml/components/0/container/args/1: quay.io/other/tool:1.0",
    ]);
    expect(shown(others)).toEqual([
      "stacks/go/1.0.0/devfile.yaml/components/0/container/env/0/value: https://proxy.example/go",
    ]);
    expect(links).toBe(2);
  });

  test("finds nothing where all hosts are allowed", async () => {
    const hosts = ["icons", "old", "raw", "parents", "github", "manifests", "gitlab", "proxy"];
    const allow = [...hosts.map((name) => `${name}.example`), "quay.io", "devfiles.internal"];
    const { findings, possible, others, allowed, inside } = await audit(BUILD, { allow });
    expect([findings, possible, others]).toEqual([[], [], []]);
    expect(allowed).toEqual([...allow].sort());
    expect(inside).toBeGreaterThan(10);
  });

  test("tells hosts apart by their ports", async () => {
    const devfile = "metadata:\n  name: a\n  icon: http://icons.example:8080/i.svg\n";
    const build = buildOf([], { "stacks/a/1/devfile.yaml": devfile });
    expect((await audit(build, { allow: ["icons.example"] })).findings).toHaveLength(1);
    expect((await audit(build, { allow: ["icons.example:8080"] })).findings).toEqual([]);
  });

  test("keeps what was left out on purpose apart", async () => {
    const { findings, excluded, shown } = await audit(BUILD, {
      exclude: ["*ithub.example*org/*", "quay.io/*"],
      allow: ["icons.example", "devfiles.internal"],
    });
    expect(findings.map(({ kind }) => kind)).not.toContain("starter");
    expect(shown(excluded)).toContain(
      "stacks/go/1.0.0/devfile.yaml/components/0/container/image: quay.io/devfile/udi:ubi9",
    );
    for (const pattern of ["go", "go@1.*"]) {
      const byName = await audit(BUILD, { exclude: [pattern], allow: ["icons.example"] });
      expect(byName.findings).toEqual([]);
    }
  });

  test("takes the patterns that a mirror leaves images out by", async () => {
    for (const pattern of ["quay.io/devfile/udi", "quay.io/devfile/udi:ubi9", "*/devfile/udi"]) {
      const { findings } = await audit(BUILD, { exclude: [pattern] });
      expect(findings.map(({ kind }) => kind)).not.toContain("image");
    }
    const devfile = "components: [{name: a, container: {image: 'nginx:1.27'}}]\n";
    const short = buildOf([STACK], { "stacks/go/1.0.0/devfile.yaml": devfile });
    const { excluded, shown } = await audit(short, { exclude: ["docker.io/library/nginx"] });
    expect(shown(excluded)).toEqual([expect.stringContaining("image: nginx:1.27")]);
  });

  test("takes images of a bundle as renamed when it is loaded", async () => {
    const { findings, mirrored } = await audit(BUILD, {
      lock: { images: [sampleImage("quay.io/devfile/udi:ubi9")] },
    });
    expect(findings.map(({ kind }) => kind)).not.toContain("image");
    expect(mirrored).toBe(1);
  });

  test("leaves repositories of samples to clients", async () => {
    const sample: IndexEntry = {
      name: "hello",
      type: "sample",
      git: { remotes: { origin: "https://github.example/hello.git" } },
      versions: [{ version: "1", git: { url: "https://git.internal/hello.git" } }],
      links: { self: "devfile-catalog/hello:1", web: "https://links.example/hello" },
    };
    const devfile = `metadata: {name: hello}
projects:
  - name: a
    git: {remotes: {origin: "https://github.example/a.git"}}
  - name: b
    zip: {location: "https://zips.example/b.zip"}
`;
    const build = buildOf([sample], { "samples/hello/devfile.yaml": devfile });
    const found = await audit(build, { allow: ["git.internal"] });
    expect(found.shown(found.clientSideGit)).toEqual([
      "index.json/0/git/remotes/origin: https://github.example/hello.git",
      "samples/hello/devfile.yaml/projects/0/git/remotes/origin: https://github.example/a.git",
    ]);
    expect(found.findings.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      "index-link https://links.example/hello",
      "starter https://zips.example/b.zip",
    ]);
  });

  test("looks into archives and documents, and says what it did not look into", async () => {
    const archive = gzipStored(
      await packTar([
        {
          name: "./docker/Dockerfile",
          bytes: utf8(
            "FROM quay.io/base/go:1\nRUN true\nRUN curl -L https://dl.example/x.tgz | tar x\n",
          ),
        },
        { name: "./readme.md", bytes: utf8("https://docs.example") },
      ]),
    );
    const build = buildOf([], {
      "stacks/go/1.0.0/devfile.yaml": "metadata: {name: go}\n",
      "stacks/go/1.0.0/archive.tar": archive,
      "stacks/go/1.0.0/logo.svg": "<svg/>",
      "documents/00/deploy": "url: https://in-manifest.example/\n",
    });
    const { findings, others, unread, shown } = await audit(build);
    expect(findings).toMatchObject([
      { kind: "image", file: "stacks/go/1.0.0/docker/Dockerfile", line: 1, host: "quay.io" },
    ]);
    expect(shown(others)).toEqual([
      "documents/00/deployline:1: https://in-manifest.example/",
      "stacks/go/1.0.0/docker/Dockerfileline:3: https://dl.example/x.tgz",
    ]);
    expect(unread).toEqual(["stacks/go/1.0.0/logo.svg", "stacks/go/1.0.0/readme.md"]);
  });

  test("tells hosts behind variables, and files that are no YAML", async () => {
    const devfile = "metadata: {name: v}\nparent:\n  uri: 'https://{{host}}/devfile.yaml'\n";
    const build = buildOf([], {
      "stacks/v/1/devfile.yaml": devfile,
      "stacks/broken/1/devfile.yaml": "a: [",
    });
    const { findings, notes } = await audit(build, { allow: ["devfiles.internal"] });
    expect(findings).toMatchObject([{ kind: "parent", host: "" }]);
    expect(notes.join("\n")).toContain("stacks/broken/1/devfile.yaml");
  });
});
