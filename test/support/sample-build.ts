import { utf8 } from "../../src/bytes.ts";
import {
  type Build,
  type BuildInfo,
  buildInfo,
  formatIndex,
  type IndexEntry,
  MemoryBuildFiles,
  packStackArtifacts,
  type RegistryIndex,
} from "../../src/generator/index.ts";

/** What a sample build is made of; what is left out has a default. */
export interface SampleBuildParts {
  readonly index?: RegistryIndex;
  /** Path → text. */
  readonly files?: Readonly<Record<string, string>>;
  readonly sources?: BuildInfo["sources"];
  /** False for a build as the Go tools leave it. */
  readonly info?: boolean;
}

/** A stack with two versions, the older one with an archive. */
export const GO_STACK: IndexEntry = {
  name: "go",
  displayName: "Go Runtime",
  type: "stack",
  tags: ["Go"],
  versions: [
    {
      version: "2.0.0",
      default: true,
      links: { self: "devfile-catalog/go:2.0.0" },
      resources: ["devfile.yaml", "logo.svg"],
    },
    {
      version: "1.0.0",
      links: { self: "devfile-catalog/go:1.0.0" },
      resources: ["archive.tar", "devfile.yaml", "meta.yaml"],
    },
  ],
};

/** A stack of one version, whose name differs from its folder's. */
export const PYTHON_STACK: IndexEntry = {
  name: "python-web",
  displayName: "Python",
  type: "stack",
  tags: ["Python"],
  icon: "https://icons.example/python.svg",
  versions: [
    {
      version: "3.1.0",
      default: true,
      links: { self: "devfile-catalog/python:3.1.0" },
      resources: ["devfile.yaml", "flask-offline.zip", "python.vsx"],
    },
  ],
};

/** A sample with a devfile of its own. */
export const SAMPLE: IndexEntry = {
  name: "hello",
  displayName: "Hello",
  type: "sample",
  git: { remotes: { origin: "https://git.example/hello.git" } },
};

const INDEX: RegistryIndex = [GO_STACK, PYTHON_STACK, SAMPLE];

/** The files behind the default index. */
export const SAMPLE_FILES: Readonly<Record<string, string>> = {
  "stacks/go/2.0.0/devfile.yaml": "schemaVersion: 2.2.0\nmetadata:\n  name: go\n",
  "stacks/go/2.0.0/logo.svg": "<svg/>",
  "stacks/go/1.0.0/devfile.yaml": "schemaVersion: 2.1.0\nmetadata:\n  name: go\n",
  "stacks/go/1.0.0/archive.tar": "an archive",
  "stacks/go/1.0.0/meta.yaml": "kept out of the registry",
  "stacks/python/3.1.0/devfile.yaml": "schemaVersion: 2.2.0\nmetadata:\n  name: python\n",
  "stacks/python/3.1.0/flask-offline.zip": "a zip",
  "stacks/python/3.1.0/python.vsx": "an extension",
  "samples/hello/devfile.yaml": "schemaVersion: 2.2.0\nmetadata:\n  name: hello\n",
  "icons/0a.svg": "<svg/>",
};

/** Makes a small build in memory. */
export async function sampleBuild(parts: SampleBuildParts = {}): Promise<Build> {
  const index = parts.index ?? INDEX;
  const files = Object.entries(parts.files ?? SAMPLE_FILES);
  const bare: Build = {
    index,
    indexBytes: formatIndex(index),
    info: undefined,
    files: new MemoryBuildFiles(files.map(([path, text]) => [path, utf8(text)])),
  };
  if (parts.info === false) return bare;
  const { artifacts } = await packStackArtifacts(bare);
  const sources = parts.sources ?? [];
  const icons = { "https://icons.example/python.svg": "0a.svg" };
  return {
    ...bare,
    info: buildInfo({ index, sources, toolVersion: "0.0.1", artifacts, icons, iconsMissing: 0 }),
  };
}
