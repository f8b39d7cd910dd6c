import { utf8 } from "../../src/bytes.ts";
import {
  type Build,
  formatIndex,
  MemoryBuildFiles,
  type RegistryIndex,
} from "../../src/generator/index.ts";

const DEVFILE = `schemaVersion: 2.2.0
metadata:
  name: go
  version: 1.1.0
starterProjects:
  - name: go-starter
    git:
      remotes:
        origin: https://git.example/go-starter.git
`;

const INDEX: RegistryIndex = [
  {
    name: "go",
    displayName: "Go & friends",
    description: "A <fast> language",
    type: "stack",
    tags: ["Go", "Web"],
    icon: "https://icons.example/go.svg",
    projectType: "Go",
    language: "Go",
    provider: "Example",
    versions: [
      {
        version: "1.1.0",
        schemaVersion: "2.2.0",
        default: true,
        description: "A <fast> language",
        tags: ["Go"],
        architectures: ["amd64", "arm64"],
        links: { self: "devfile-catalog/go:1.1.0" },
        commandGroups: { run: true, build: true, debug: false, deploy: false, test: false },
        resources: ["devfile.yaml"],
        starterProjects: ["go-starter"],
        lastModified: "2025-03-01T10:00:00Z",
      },
      {
        version: "1.0.0",
        schemaVersion: "2.1.0",
        links: { self: "devfile-catalog/go:1.0.0" },
        resources: ["devfile.yaml"],
        lastModified: "2024-03-01T10:00:00Z",
      },
    ],
    lastModified: "2025-03-01T10:00:00Z",
  },
  {
    name: "hello",
    displayName: "Hello",
    type: "sample",
    tags: ["Java"],
    git: { remotes: { origin: "https://git.example/hello.git" } },
    lastModified: "0001-01-01T00:00:00Z",
  },
];

/** The small registry that the recordings were made of, as a build of the Go tools would hold it. */
export const PARITY_BUILD: Build = {
  index: INDEX,
  indexBytes: formatIndex(INDEX),
  info: undefined,
  files: new MemoryBuildFiles([
    ["stacks/go/1.1.0/devfile.yaml", utf8(DEVFILE)],
    ["stacks/go/1.0.0/devfile.yaml", utf8("schemaVersion: 2.1.0\nmetadata:\n  name: go\n")],
    ["samples/hello/devfile.yaml", utf8("schemaVersion: 2.2.0\nmetadata:\n  name: hello\n")],
  ]),
};
