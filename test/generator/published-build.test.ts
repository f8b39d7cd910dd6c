import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { utf8 } from "../../src/bytes.ts";
import {
  type Build,
  type IndexArtifact,
  packIndexArtifact,
  packStackArtifacts,
  publishBuild,
  readPublishedBuild,
  readPublishedGeneration,
  rerenderBuild,
  type StackArtifacts,
} from "../../src/generator/index.ts";
import { makeOffline } from "../../src/generator/offline/index.ts";
import { packTar } from "../../src/generator/package-stack-archive.ts";
import { silentLogger } from "../../src/log.ts";
import { createTransportPool } from "../../src/net/index.ts";
import {
  ANNOTATION_TITLE,
  buildManifest,
  type Descriptor,
  describe as describeBytes,
  type MemoryRegistry,
  type ReadonlyRegistry,
} from "../../src/oci-client/index.ts";
import { noProgress } from "../../src/progress.ts";
import { startDockerRegistry } from "../support/docker-registry.ts";
import { type OfflineContents, offlineDeps, svg } from "../support/offline-deps.ts";
import {
  devfileText,
  generateFiles,
  type RepositoryFiles,
  stackText,
} from "../support/registry-repository.ts";
import { failureOf, openRemote } from "../support/remote.ts";
import { SAMPLE_FILES, sampleBuild } from "../support/sample-build.ts";

// A registry is started, on a machine that may be busy.
setDefaultTimeout(60_000);

const [ONE, TWO] = ["https://one.internal", "http://two.internal:8080/registry"];
const REMOTE = "https://git.example/web.git";
const ICON = "https://web.example/go.svg";
const DOCUMENT = "https://web.example/Dockerfile";
const STARTER = `starterProjects:\n  - name: web\n    git:\n      remotes:\n        origin: ${REMOTE}\n`;
const FILES: RepositoryFiles = {
  "stacks/go/stack.yaml": stackText("  - version: 1.0.0\n    default: true\n  - version: 2.0.0"),
  "stacks/go/1.0.0/devfile.yaml": devfileText({ icon: ICON }, STARTER),
  "stacks/go/1.0.0/docker/Dockerfile": "FROM scratch\n",
  "stacks/go/1.0.0/meta.yaml": "for people\n",
  "stacks/go/1.0.0/logo.svg": svg("logo"),
  "stacks/go/2.0.0/devfile.yaml": devfileText({ version: "2.0.0", icon: ICON }),
  "stacks/flat/devfile.yaml": devfileText(
    { name: "flat", icon: ICON },
    `parent:\n  id: go\nattributes:\n  alpha.build-dockerfile: ${DOCUMENT}\n`,
  ),
  "stacks/Odd/devfile.yaml": devfileText({ name: "Odd", icon: ICON }),
  "samples/hello/devfile.yaml": devfileText({ name: "hello", icon: ICON }),
  "extraDevfileEntries.yaml": [
    "samples:",
    "  - name: hello",
    "    displayName: Hello",
    "    description: Says it",
    "    tags: [Go]",
    "    projectType: go",
    "    language: Go",
    `    icon: ${ICON}`,
    "    git:",
    "      remotes:",
    `        origin: ${REMOTE}`,
    "",
  ].join("\n"),
};
const CONTENTS: OfflineContents = {
  projects: { [REMOTE]: { f: "x" } },
  icons: { [ICON]: svg("go") },
  devfiles: { [DOCUMENT]: "FROM scratch\n" },
};

async function offlineBuild(publicUrl?: string): Promise<Build> {
  const deps = offlineDeps(CONTENTS, publicUrl === undefined ? {} : { publicUrl });
  const { build } = await generateFiles(FILES, {
    force: true,
    offline: (content) => makeOffline(content, deps),
  });
  if (build === undefined) throw new Error("a forced build is there");
  return build;
}

async function packed(build: Build): Promise<{
  registry: MemoryRegistry;
  stacks: StackArtifacts;
  index: IndexArtifact;
  digests: string[];
}> {
  const stacks = await packStackArtifacts(build);
  const index = await packIndexArtifact(build, stacks);
  for (const { repository, tag, descriptor } of stacks.artifacts) {
    await stacks.registry.repository(repository).tag(descriptor, tag);
  }
  const all = [...stacks.artifacts.map(({ descriptor }) => descriptor), index.descriptor];
  return { registry: stacks.registry, stacks, index, digests: all.map(({ digest }) => digest) };
}

async function filesOf({ files }: Build): Promise<Record<string, string>> {
  const entries = (await files.paths()).map(async (path) => {
    const bytes = await files.read(path);
    expect((await files.stat(path))?.size).toBe(bytes.byteLength);
    const slash = path.lastIndexOf("/");
    expect(await files.list(path.slice(0, slash))).toContain(path.slice(slash + 1));
    return [path, Buffer.from(bytes).toString("latin1")] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** What a record says, but for the version that is not told. */
function infoOf({ info }: Build) {
  return info && { ...info, tool: undefined };
}

describe("readPublishedBuild()", () => {
  for (const [what, make] of [
    ["for a public URL", () => offlineBuild(ONE)],
    ["without a public URL", () => offlineBuild()],
    ["moved to another public URL", async () => rerenderBuild(await offlineBuild(ONE), TWO)],
    ["moved to its first public URL", async () => rerenderBuild(await offlineBuild(), TWO)],
  ] as const) {
    test(`gives an offline build ${what} back, and packs it the same`, async () => {
      const build = await make();
      const { registry, digests } = await packed(build);
      const read = await readPublishedBuild(registry);
      expect(await filesOf(read)).toEqual(await filesOf(build));
      const paths = await read.files.paths();
      expect(paths).toContain("stacks/flat/devfile.yaml");
      expect(paths).toContain("stacks/Odd/devfile.yaml");
      expect(paths).toContain("stacks/go/1.0.0/meta.yaml");
      expect(
        paths.filter((path) => /^documents\/[0-9a-f]{64}\/Dockerfile$/.test(path)),
      ).toHaveLength(1);
      expect(Buffer.from(read.indexBytes)).toEqual(Buffer.from(build.indexBytes));
      expect(infoOf(read)).toEqual(infoOf(build));
      expect((await packed(read)).digests).toEqual(digests);
    });
  }

  test("gives an ordinary build back, and packs it the same", async () => {
    const build = await sampleBuild({ sources: [{ url: "https://git.example/registry.git" }] });
    const { registry, digests } = await packed(build);
    const read = await readPublishedBuild(registry);
    const { "stacks/go/1.0.0/meta.yaml": _, ...carried } = await filesOf(build);
    expect(await filesOf(read)).toEqual(carried);
    expect(infoOf(read)).toEqual(infoOf(build));
    expect((await packed(read)).digests).toEqual(digests);
  });

  test("gives a build of the Go tools back without a record, and packs it the same", async () => {
    const { registry, digests } = await packed(await sampleBuild({ info: false }));
    const read = await readPublishedBuild(registry);
    expect(read.info).toBeUndefined();
    expect((await packed(read)).digests).toEqual(digests);
  });

  test("reads from a registry as it does from memory, below a prefix too", async () => {
    const registry = await startDockerRegistry();
    const pool = createTransportPool({ userAgent: "devreg-tests" });
    try {
      const build = await offlineBuild(ONE);
      const stacks = await packStackArtifacts(build);
      const index = await packIndexArtifact(build, stacks);
      const target = openRemote(`${registry.host}/a/prefix`, { send: pool.send });
      const quiet = { log: silentLogger, progress: noProgress };
      const { failures } = await publishBuild(stacks, index, target, quiet);
      expect(failures).toEqual([]);
      const read = await readPublishedBuild(target);
      expect(await filesOf(read)).toEqual(await filesOf(build));
      expect((await packed(read)).digests).toEqual((await packed(build)).digests);
      const { code } = await faultOf(openRemote(registry.host, { send: pool.send }));
      expect(code).toBe("NOT_FOUND");
    } finally {
      await pool.close();
      await registry.stop();
    }
  });

  test("asks for no stack version that is known, and gives the artifacts of all", async () => {
    const build = await sampleBuild();
    const { registry, index, stacks } = await packed(build);
    const asked: string[] = [];
    const counting: ReadonlyRegistry = {
      repositories: () => registry.repositories(),
      repository: (name) => {
        const inner = registry.repository(name);
        const resolve = (reference: string) => {
          asked.push(name);
          return inner.resolve(reference);
        };
        return {
          resolve,
          exists: (target) => inner.exists(target),
          fetch: (target) => inner.fetch(target),
          resolveBlob: (digest) => inner.resolveBlob(digest),
          tags: () => inner.tags(),
          referrers: (subject) => inner.referrers(subject),
        };
      },
    };
    const known = (repository: string, digest: string) =>
      stacks.artifacts.find(
        ({ repository: name, descriptor }) =>
          name === repository && name.endsWith("/go") && descriptor.digest === digest,
      )?.descriptor;
    const read = await readPublishedGeneration(counting, { known });
    expect(read.artifacts).toEqual(stacks.artifacts);
    expect(read.index).toEqual(index.descriptor);
    expect(read.rejected).toEqual([]);
    expect(asked).toEqual(["devreg/index", "devfile-catalog/python"]);
  });

  test("moves an offline build to another public URL as the build itself is moved", async () => {
    const build = await offlineBuild();
    const { registry } = await packed(build);
    const moved = await rerenderBuild(await readPublishedBuild(registry), TWO);
    expect(await filesOf(moved)).toEqual(await filesOf(await rerenderBuild(build, TWO)));
  });

  test("reads a generation by its tag or digest, and another repository", async () => {
    const { registry, index } = await packed(await sampleBuild());
    const { digest } = index.descriptor;
    expect((await readPublishedBuild(registry, { tag: digest })).index).toHaveLength(3);
    const { message, code } = await faultOf(registry, { tag: "gone", repository: "other/index" });
    expect(code).toBe("NOT_FOUND");
    expect(message).toContain('"other/index:gone"');
  });
});

const faultOf = (...where: Parameters<typeof readPublishedBuild>) =>
  failureOf(readPublishedBuild(...where));

describe("readPublishedBuild() refuses", () => {
  let build: Build;
  beforeAll(async () => {
    build = await sampleBuild();
  });

  /** Publishes an index artifact with parts of its own. */
  async function publish(
    config: object,
    layers: readonly (readonly [title: string, type: string, bytes: Uint8Array])[],
    type = "application/vnd.devreg.index.v1+json",
  ): Promise<ReadonlyRegistry> {
    const { registry } = await packed(build);
    const target = registry.repository("devreg/index");
    const push = async (mediaType: string, bytes: Uint8Array, title?: string) => {
      const annotations = title === undefined ? undefined : { [ANNOTATION_TITLE]: title };
      const descriptor = describeBytes(mediaType, bytes, annotations);
      await target.push(descriptor, bytes);
      return descriptor;
    };
    const base = { format: "1.0", sources: [], counts: build.info?.counts, icons: {} };
    const record = { ...base, stacks: build.info?.stacks, ...config };
    const pushed: Descriptor[] = [];
    for (const [title, mediaType, bytes] of layers)
      pushed.push(await push(mediaType, bytes, title));
    const parts = { config: await push(type, utf8(JSON.stringify(record))), layers: pushed };
    const { descriptor, bytes } = buildManifest(parts);
    await target.tag(descriptor, "latest", bytes);
    return registry;
  }
  const json = () => ["index.json", "application/json", build.indexBytes] as const;
  const TAR = "application/vnd.devreg.files.v1.tar";

  test("a newer major format", async () => {
    const { code, message, hint } = await faultOf(await publish({ format: "2.0" }, [json()]));
    expect(code).toBe("UNSUPPORTED");
    expect(message).toContain("its format 2.0 is newer than 1.0");
    expect(hint).toContain("newer version");
  });

  test("another artifact, and one without its index", async () => {
    const other = await faultOf(await publish({}, [json()], "application/json"));
    expect([other.code, other.message]).toEqual([
      "INPUT_INVALID",
      'Cannot read "devreg/index:latest": it is no index of a registry that devreg published',
    ]);
    const { code, message } = await faultOf(await publish({}, []));
    expect([code, message]).toEqual([
      "INPUT_INVALID",
      'Cannot read "devreg/index:latest": it lacks "index.json"',
    ]);
  });

  test("a stack version that was not published with it, or is gone", async () => {
    const { "go:1.0.0": _, ...stacks } = build.info?.stacks ?? {};
    const lacking = await faultOf(await publish({ stacks }, [json()]));
    expect([lacking.code, lacking.message]).toEqual([
      "NOT_FOUND",
      'Cannot read "devfile-catalog/go:1.0.0", which the index names: it was not published with it',
    ]);
    const digest = `sha256:${"0".repeat(64)}`;
    const gone = await faultOf(
      await publish({ stacks: { ...stacks, "go:1.0.0": digest } }, [json()]),
    );
    expect(gone.code).toBe("NOT_FOUND");
    expect(gone.message).toContain(`${digest} is not in the registry`);
  });

  test("an artifact of another stack version, once its files are asked for", async () => {
    const stacks = { ...build.info?.stacks, "go:1.0.0": build.info?.stacks["go:2.0.0"] };
    const { files } = await readPublishedBuild(await publish({ stacks }, [json()]));
    expect(await files.list("stacks/go/1.0.0")).toEqual(["archive.tar", "devfile.yaml"]);
    expect(files.read("stacks/go/1.0.0/archive.tar")).rejects.toThrow('it lacks "archive.tar"');
    expect((await files.read("stacks/go/2.0.0/logo.svg")).byteLength).toBe(6);
  });

  for (const name of ["icons/../stacks/x", "../x", "samples/hello/devfile.yaml", "icons"]) {
    test(`a layer with a file at "${name}"`, async () => {
      const tar = await packTar([{ name, bytes: utf8("x") }]);
      const { code } = await faultOf(await publish({}, [json(), ["icons.tar", TAR, tar]]));
      expect(code).toBe("INPUT_INVALID");
    });
  }

  test("a layer that is no tar", async () => {
    const layers = [json(), ["icons.tar", TAR, utf8("x".repeat(1024))] as const];
    const { code, message } = await faultOf(await publish({}, layers));
    expect([code, message]).toEqual([
      "INPUT_INVALID",
      'Cannot read "devreg/index:latest icons.tar": it is no tar',
    ]);
  });

  test("files that no build has", async () => {
    const { files } = await readPublishedBuild(await publish({}, [json()]));
    expect(await files.stat("icons/0a.svg")).toBeUndefined();
    expect(await files.list("icons")).toEqual([]);
    expect(files.read("stacks/go/devfile.yaml")).rejects.toThrow("the build does not have it");
    const stacks = Object.keys(SAMPLE_FILES).filter((path) => /^stacks\/(?!.*meta)/.test(path));
    expect(await files.paths()).toEqual(stacks.sort());
  });
});
