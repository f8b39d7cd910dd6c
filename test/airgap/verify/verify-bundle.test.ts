import { beforeEach, describe, expect, test } from "bun:test";
import type { BundleRoot } from "../../../src/airgap/bundle/bundle-root.ts";
import { assignTargets } from "../../../src/airgap/target-paths.ts";
import { type VerifyLevel, verifyBundle, verifyTarget } from "../../../src/airgap/verify/index.ts";
import { streamOf, utf8 } from "../../../src/bytes.ts";
import type { Build } from "../../../src/generator/index.ts";
import {
  digestOf,
  type LayoutFiles,
  MemoryRegistry,
  type ReadonlyRegistry,
} from "../../../src/oci-client/index.ts";
import { type Damage, damagedRepository } from "../../support/damaged-repository.ts";
import { sampleBuild } from "../../support/sample-build.ts";
import { publishSample } from "../../support/sample-bundle.ts";
import { artifactOf, pushGraph } from "../../support/sample-content.ts";
import { sampleImage, sampleLock } from "../../support/sample-lock.ts";

const IMAGE = "quay.io/devfile/udi:ubi9";
const EXECUTABLE = utf8("an executable");
const image = artifactOf(["a layer"]);
const [config, layer] = image.below.map(({ descriptor }) => descriptor.digest);
const lock = sampleLock({
  images: [
    {
      ...sampleImage(IMAGE),
      mirrored: image.root.descriptor.digest,
      referrers: [],
      signatureTags: {},
    },
  ],
});

let registry: MemoryRegistry;
let build: Build;
let roots: BundleRoot[];

beforeEach(async () => {
  registry = new MemoryRegistry();
  build = await sampleBuild();
  const published = await publishSample(registry, build);
  roots = [{ name: IMAGE, descriptor: image.root.descriptor }, ...published];
  await put(registry, "quay.io/devfile/udi");
});

async function put(target: MemoryRegistry, name: string) {
  const repository = target.repository(name);
  await pushGraph(repository, image);
  await repository.tag(image.root.descriptor, "ubi9");
}

/** The registry, with damage in one repository. */
function damaged(name: string, damage: Damage): ReadonlyRegistry {
  return {
    repositories: () => registry.repositories(),
    repository: (asked) =>
      asked === name
        ? damagedRepository(registry.repository(asked), damage)
        : registry.repository(asked),
  };
}

function filesOf(content: Uint8Array | undefined): LayoutFiles {
  return {
    list: async () => [],
    stat: async () => undefined,
    open: async () => (content === undefined ? undefined : streamOf(content)),
  };
}

async function bundleProblems(
  level: VerifyLevel,
  parts: {
    from?: ReadonlyRegistry;
    executable?: Uint8Array | undefined;
    build?: () => Promise<Build>;
  } = {},
) {
  const executable = "executable" in parts ? parts.executable : EXECUTABLE;
  const { problems, checked } = await verifyBundle(
    {
      lock,
      roots,
      registry: parts.from ?? registry,
      files: filesOf(executable),
      executable: digestOf(EXECUTABLE),
      build: parts.build ?? (async () => build),
    },
    { level },
  );
  return { checked, problems: problems.map(({ what, problem }) => `${what}: ${problem}`) };
}

describe("verifyBundle()", () => {
  test("finds nothing wrong with a whole bundle", async () => {
    for (const level of ["tag", "graph", "blob"] as const) {
      const { problems, checked } = await bundleProblems(level);
      expect(problems).toEqual([]);
      expect(checked).toMatchObject({ images: 1, artifacts: 4 });
    }
  });

  test("names content of images and of other roots that is gone", async () => {
    if (layer === undefined) throw new Error("the sample has a layer");
    const without = damaged("quay.io/devfile/udi", { without: [layer] });
    expect((await bundleProblems("graph", { from: without })).problems).toEqual([
      `${IMAGE}: layer ${layer} is not there`,
    ]);
    const stack = damaged("devfile-catalog/go", { untagged: ["2.0.0"] });
    expect((await bundleProblems("tag", { from: stack })).problems).toEqual([
      'devfile-catalog/go:2.0.0: tag "2.0.0" is not there',
    ]);
    const [root] = roots.filter(({ name }) => name === "devfile-catalog/go:2.0.0");
    const gone = damaged("devfile-catalog/go", {
      without: [root?.descriptor.digest ?? config ?? layer],
    });
    expect((await bundleProblems("graph", { from: gone })).problems).toHaveLength(1);
  });

  test("tells a broken blob where it reads them", async () => {
    if (layer === undefined) throw new Error("the sample has a layer");
    const broken = damaged("quay.io/devfile/udi", { broken: [layer] });
    expect((await bundleProblems("graph", { from: broken })).problems).toEqual([]);
    expect((await bundleProblems("blob", { from: broken })).problems).toEqual([
      expect.stringContaining(`${IMAGE}: layer ${layer} cannot be read`),
    ]);
  });

  test("looks at the executable and at the registry of devfiles", async () => {
    expect((await bundleProblems("graph", { executable: undefined })).problems).toEqual([
      "devreg: is not beside the layout",
    ]);
    expect((await bundleProblems("blob", { executable: utf8("another") })).problems).toEqual([
      expect.stringMatching(/^devreg: has digest sha256:.*, the bundle names sha256:/),
    ]);
  });
});

describe("verifyTarget()", () => {
  const location = { registry: "registry.internal:5000", prefix: "team" };
  const targets = assignTargets([IMAGE], { prefix: "team" });

  async function targetProblems(
    level: VerifyLevel,
    at: ReadonlyRegistry,
    { registryImage = false, stacks = true } = {},
  ) {
    const { problems } = await verifyTarget(
      { lock, registry: at, location, targets, registryImage, stacks },
      { level },
    );
    return problems.map(({ what, problem }) => `${what}: ${problem}`);
  }

  test("finds images, index and stack versions below the prefix", async () => {
    expect(await targetProblems("blob", registry)).toEqual([]);
    expect(await targetProblems("graph", registry, { registryImage: true })).toEqual([
      "devfile-index:latest: is not there",
    ]);
  });

  test("asks for no stacks where there is no place for them", async () => {
    expect(await targetProblems("graph", new MemoryRegistry(), { stacks: false })).toEqual([
      `${IMAGE}: tag "ubi9" is not there`,
    ]);
  });

  test("names images, stack versions and an index that are not there", async () => {
    expect(await targetProblems("graph", new MemoryRegistry())).toEqual([
      "devreg/index:latest: is not there",
      `${IMAGE}: tag "ubi9" is not there`,
      expect.stringContaining("the registry of devfiles: Cannot"),
    ]);
    const stack = damaged("devfile-catalog/go", { untagged: ["1.0.0"] });
    expect(await targetProblems("tag", stack)).toEqual(["devfile-catalog/go:1.0.0: is not there"]);
  });
});
