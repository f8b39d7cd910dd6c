import type { IndexEntry, RegistryIndex } from "../../src/generator/index.ts";

/** A stack with three versions that differ in everything one can filter by. */
export const NODE: IndexEntry = {
  name: "nodejs",
  displayName: "Node.js  Runtime",
  description: "JavaScript on the server",
  type: "stack",
  tags: ["Node.js", "Express"],
  icon: "https://icons.example/node.svg",
  projectType: "Node.js",
  language: "JavaScript",
  provider: "Red Hat",
  supportUrl: "https://example.com/support",
  attributes: { "alpha.build-context": ".", other: 1 },
  versions: [
    {
      version: "2.2.0",
      schemaVersion: "2.2.0",
      description: "Newest",
      tags: ["Node.js", "Express", "Preview"],
      icon: "https://icons.example/node-2.svg",
      links: { self: "devfile-catalog/nodejs:2.2.0" },
      commandGroups: { build: true, debug: true, deploy: false, run: true, test: false },
      deploymentScopes: { innerloop: true, outerloop: false },
      resources: ["archive.tar", "devfile.yaml"],
      starterProjects: ["express"],
      lastModified: "2025-06-01T23:59:59Z",
    },
    {
      version: "2.1.1",
      schemaVersion: "2.1.0",
      default: true,
      description: "Proven",
      tags: ["Node.js"],
      architectures: ["amd64"],
      links: { self: "devfile-catalog/nodejs:2.1.1" },
      commandGroups: { build: true, debug: false, deploy: false, run: true, test: true },
      resources: ["devfile.yaml"],
      starterProjects: ["plain"],
      lastModified: "2025-05-31T22:00:00-05:00",
    },
    {
      version: "1.0.0",
      schemaVersion: "2.0.0",
      description: "Old",
      tags: ["Node.js"],
      architectures: ["amd64", "arm64"],
      links: { self: "devfile-catalog/nodejs:1.0.0" },
      resources: ["devfile.yaml"],
      lastModified: "2024-01-01T00:00:00Z",
    },
  ],
};

/** A deprecated stack for one architecture. */
export const GO: IndexEntry = {
  name: "go",
  displayName: "Go Runtime",
  description: "Go",
  type: "stack",
  tags: ["Go"],
  architectures: ["arm64"],
  language: "Go",
  versions: [
    {
      version: "1.2.0",
      schemaVersion: "2.2.2",
      default: true,
      tags: ["Go", "Deprecated"],
      architectures: ["arm64"],
      links: { self: "devfile-catalog/go:1.2.0" },
      resources: ["devfile.yaml"],
      lastModified: "2026-01-01T00:00:00Z",
    },
  ],
};

/** A stack whose versions have no default. */
export const UNDECIDED: IndexEntry = {
  name: "undecided",
  type: "stack",
  tags: ["Odd"],
  versions: [{ version: "1.0.0", schemaVersion: "2.0.0" }],
};

/** A sample without versions. */
export const PLAIN_SAMPLE: IndexEntry = {
  name: "node-sample",
  displayName: "Node sample",
  type: "sample",
  tags: ["Node.js"],
  language: "JavaScript",
  git: {
    remotes: { origin: "https://git.example/samples/node.git" },
    url: "https://git.example/samples/node.git",
    remoteName: "origin",
    subDir: "web",
    revision: "main",
  },
  lastModified: "2025-06-15T12:00:00Z",
};

/** A sample with versions, in different repositories. */
export const VERSIONED_SAMPLE: IndexEntry = {
  name: "quarkus-sample",
  displayName: "Quarkus sample",
  type: "sample",
  tags: ["Java"],
  versions: [
    {
      version: "2.0.0",
      schemaVersion: "2.2.0",
      git: { remotes: { upstream: "https://git.example/quarkus-two.git" } },
    },
    {
      version: "1.0.0",
      schemaVersion: "2.1.0",
      default: true,
      git: { remotes: { origin: "https://git.example/quarkus-one.git" } },
    },
  ],
};

/** An index in which every filter tells entries or versions apart. */
export const FILTER_INDEX: RegistryIndex = [NODE, GO, UNDECIDED, PLAIN_SAMPLE, VERSIONED_SAMPLE];

/** A file for every resource of the index, each holding its own path. */
export const FILTER_FILES: Readonly<Record<string, string>> = Object.fromEntries(
  FILTER_INDEX.filter(({ type }) => type === "stack").flatMap(({ name, versions = [] }) =>
    versions.flatMap(({ version, resources = ["devfile.yaml"] }) =>
      resources.map((file) => {
        const path = `stacks/${name}/${version}/${file}`;
        return [path, `# ${path}\n`];
      }),
    ),
  ),
);
