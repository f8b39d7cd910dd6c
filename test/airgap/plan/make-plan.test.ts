import { describe, expect, test } from "bun:test";
import { formatLock } from "../../../src/airgap/lock-file.ts";
import type { MirrorPlan, PlanOptions } from "../../../src/airgap/plan/index.ts";
import { DevregError } from "../../../src/errors.ts";
import type { Build } from "../../../src/generator/index.ts";
import { MemoryRegistry, type ReadonlyRegistry } from "../../../src/oci-client/index.ts";
import { planOf } from "../../support/mirroring.ts";
import { devfileText, generateFiles } from "../../support/registry-repository.ts";
import { failureOf } from "../../support/remote.ts";
import type { SampleGraph } from "../../support/sample-content.ts";
import {
  attachTo,
  multiPlatformImage,
  platformImage,
  pushImage,
} from "../../support/sample-image.ts";

const TWO = ["linux/amd64", "linux/arm64"];
const AMD64 = [{ os: "linux", architecture: "amd64" }];

/** A build whose stacks have one container for each image. */
async function buildOf(stacks: Readonly<Record<string, readonly string[]>>): Promise<Build> {
  const files = Object.entries(stacks).map(([name, images]) => {
    const components = images.map(
      (image, at) => `  - {name: c${at}, container: {image: "${image}"}}`,
    );
    const rest = components.length === 0 ? "" : `components:\n${components.join("\n")}\n`;
    const text = devfileText({ name, icon: '"data:x"' }, rest);
    return [`stacks/${name}/devfile.yaml`, text];
  });
  const { build } = await generateFiles(Object.fromEntries(files));
  if (build === undefined) throw new Error("the sample is valid");
  return build;
}

/** Registries in memory, by host, which remember what they were asked for. */
class Hosts {
  readonly asked: string[] = [];
  readonly #hosts = new Map<string, MemoryRegistry>();

  at(host: string): MemoryRegistry {
    const known = this.#hosts.get(host) ?? new MemoryRegistry();
    this.#hosts.set(host, known);
    return known;
  }

  async push(name: string, tag: string, image: SampleGraph): Promise<void> {
    const slash = name.indexOf("/");
    await pushImage(this.at(name.slice(0, slash)).repository(name.slice(slash + 1)), tag, image);
  }

  readonly source = (host: string): ReadonlyRegistry => {
    const registry = this.#hosts.get(host);
    if (registry === undefined) {
      throw new DevregError("NETWORK", `Cannot reach "${host}": no such host`);
    }
    const { asked } = this;
    return {
      repositories: () => registry.repositories(),
      repository: (name) => {
        const repository = registry.repository(name);
        const resolve = repository.resolve.bind(repository);
        repository.resolve = (reference) => {
          asked.push(`${host}/${name} ${reference}`);
          return resolve(reference);
        };
        return repository;
      },
    };
  };
}

const plan = (build: Build, { source }: Hosts, options: Partial<PlanOptions> = {}) =>
  planOf({ build, source }, options);

const planned = ({ images }: MirrorPlan) => images.map(({ locked }) => locked.image);
const failed = ({ failures }: MirrorPlan) =>
  failures.map(({ image, error }) => [image, error instanceof DevregError ? error.code : "?"]);

describe("makePlan()", () => {
  test("looks each image up once, and locks its digest, platforms and what refers to it", async () => {
    const hosts = new Hosts();
    const image = multiPlatformImage("udi", TWO);
    await hosts.push("quay.io/devfile/udi", "latest", image);
    const { sbom, signature } = await attachTo(
      hosts.at("quay.io").repository("devfile/udi"),
      image,
    );
    const name = "quay.io/devfile/udi:latest";
    const made = await plan(await buildOf({ go: [name], python: [name, name] }), hosts);
    const { digest, mediaType, size } = image.root.descriptor;
    expect(made.lock.images).toMatchObject([
      {
        image: name,
        ...{ digest, mediaType, size, mirrored: digest },
        referrers: [{ digest: sbom.root.descriptor.digest, subject: digest }],
        signatureTags: { [`${digest.replace(":", "-")}.sig`]: signature.root.descriptor.digest },
        occurrences: [
          { file: "stacks/go/devfile.yaml", pointer: "/components/0/container/image" },
          { file: "stacks/python/devfile.yaml", pointer: "/components/0/container/image" },
          { file: "stacks/python/devfile.yaml", pointer: "/components/1/container/image" },
        ],
      },
    ]);
    expect(Object.keys(made.lock.images[0]?.platforms ?? {})).toEqual(TWO);
    expect(hosts.asked.filter((each) => each === "quay.io/devfile/udi latest")).toHaveLength(1);
    expect(made.failures).toEqual([]);
  });

  test("leaves what refers to images behind when told", async () => {
    const hosts = new Hosts();
    const image = platformImage("linux/amd64", ["x"]);
    await hosts.push("quay.io/a/b", "1", image);
    await attachTo(hosts.at("quay.io").repository("a/b"), image);
    const made = await plan(await buildOf({ go: ["quay.io/a/b:1"] }), hosts, { referrers: false });
    expect(made.lock.images).toMatchObject([{ referrers: [], signatureTags: {} }]);
    expect(made.lock.referrers).toBe(false);
  });

  test("goes on when images fail, and says where they are named", async () => {
    const hosts = new Hosts();
    await hosts.push("quay.io/good/one", "1", platformImage("linux/amd64", ["x"]));
    const denied: ReadonlyRegistry = {
      repositories: () => hosts.at("none").repositories(),
      repository: () => {
        throw new DevregError("UNAUTHORIZED", "Cannot talk to the registry: denied");
      },
    };
    const build = await buildOf({
      go: ["quay.io/good/one:1", "quay.io/good/gone:1", "nowhere.example/x:1"],
      python: ["secret.example/x:1"],
    });
    const sources = (host: string) => (host === "secret.example" ? denied : hosts.source(host));
    const made = await plan(build, hosts, { sources });
    expect(planned(made)).toEqual(["quay.io/good/one:1"]);
    expect(failed(made)).toEqual([
      ["nowhere.example/x:1", "NETWORK"],
      ["quay.io/good/gone:1", "NOT_FOUND"],
      ["secret.example/x:1", "UNAUTHORIZED"],
    ]);
    expect(made.failures[2]?.occurrences).toMatchObject([{ file: "stacks/python/devfile.yaml" }]);
  });

  test("takes planned digests, and tells which tags moved since", async () => {
    const hosts = new Hosts();
    const first = platformImage("linux/amd64", ["first"]);
    const second = platformImage("linux/amd64", ["second"]);
    await hosts.push("quay.io/a/moved", "1", first);
    await hosts.push("quay.io/a/kept", "1", first);
    const stacks = { go: ["quay.io/a/moved:1", "quay.io/a/kept:1"] };
    const before = await plan(await buildOf(stacks), hosts);
    await hosts.push("quay.io/a/moved", "1", second);
    await hosts.push("quay.io/a/added", "1", second);
    const same = await plan(await buildOf(stacks), hosts, { pinned: before.lock });
    expect(formatLock(same.lock)).toEqual(formatLock(before.lock));
    expect(same.moved).toEqual([
      {
        image: "quay.io/a/moved:1",
        planned: first.root.descriptor.digest,
        now: second.root.descriptor.digest,
      },
    ]);
    const build = await buildOf({ go: [...stacks.go, "quay.io/a/added:1"] });
    const more = await plan(build, hosts, { pinned: before.lock });
    expect(more.lock.images.map(({ digest }) => digest)).toEqual([
      second.root.descriptor.digest,
      first.root.descriptor.digest,
      first.root.descriptor.digest,
    ]);
  });

  test("tells tags and digests that are gone", async () => {
    const hosts = new Hosts();
    const image = platformImage("linux/amd64", ["x"]);
    const other = platformImage("linux/amd64", ["y"]);
    await hosts.push("quay.io/a/b", "1", image);
    const build = await buildOf({ go: ["quay.io/a/b:1"] });
    const before = await plan(build, hosts);
    const later = new Hosts();
    await later.push("quay.io/a/b", "2", image);
    expect((await plan(build, later, { pinned: before.lock })).moved).toEqual([
      { image: "quay.io/a/b:1", planned: image.root.descriptor.digest, now: undefined },
    ]);
    const replaced = new Hosts();
    await replaced.push("quay.io/a/b", "1", other);
    const [failure] = (await plan(build, replaced, { pinned: before.lock })).failures;
    expect(String(failure?.error)).toContain(`is gone; the tag is ${other.root.descriptor.digest}`);
  });

  test("leaves out images by patterns with a slash, and says so", async () => {
    const hosts = new Hosts();
    await hosts.push("quay.io/a/b", "1", platformImage("linux/amd64", ["x"]));
    const build = await buildOf({ go: ["quay.io/a/b:1", "nowhere.example/x/y:1"] });
    const exclude = ["nowhere.example/*", "go"];
    const made = await plan(build, hosts, { exclude });
    expect(planned(made)).toEqual(["quay.io/a/b:1"]);
    expect(made.failures).toEqual([]);
    expect(made.lock.exclude).toEqual(["go", "nowhere.example/*"]);
    expect(made.lock.references).toMatchObject([
      {
        text: "nowhere.example/x/y:1",
        class: "ignored",
        reason: 'excluded by "nowhere.example/*"',
      },
    ]);
    expect(made.lock.references[0]?.image).toBeUndefined();
  });

  test("takes the platforms asked for, and fails images that have none of them", async () => {
    const hosts = new Hosts();
    const image = multiPlatformImage("both", TWO);
    await hosts.push("quay.io/a/both", "1", image);
    await hosts.push("quay.io/a/arm", "1", platformImage("linux/arm64", ["x"]));
    const build = await buildOf({ go: ["quay.io/a/both:1", "quay.io/a/arm:1"] });
    const made = await plan(build, hosts, { platforms: AMD64 });
    expect(made.lock.platforms).toEqual(["linux/amd64"]);
    const [both] = made.lock.images;
    expect(Object.keys(both?.platforms ?? {})).toEqual(["linux/amd64"]);
    expect(both?.digest).toBe(image.root.descriptor.digest);
    expect(both?.mirrored).not.toBe(image.root.descriptor.digest);
    expect(failed(made)).toEqual([["quay.io/a/arm:1", "NOT_FOUND"]]);
    const sparse = await plan(build, hosts, { platforms: AMD64, platformMode: "sparse" });
    expect(sparse.lock.images[0]?.mirrored).toBe(image.root.descriptor.digest);
    expect(sparse.lock.platformMode).toBe("sparse");
  });

  test("counts images that only the offline build names", async () => {
    const hosts = new Hosts();
    for (const name of ["own", "parent"]) {
      await hosts.push(`quay.io/a/${name}`, "1", platformImage("linux/amd64", [name]));
    }
    const authored = await buildOf({ go: ["quay.io/a/own:1"] });
    const offline = await buildOf({ go: ["quay.io/a/parent:1", "quay.io/a/own:1"] });
    const made = await plan(authored, hosts, { offline });
    expect(planned(made)).toEqual(["quay.io/a/own:1", "quay.io/a/parent:1"]);
    const [own, parent] = made.lock.images;
    expect(own?.occurrences).toMatchObject([{ pointer: "/components/0/container/image" }]);
    expect(parent?.occurrences).toMatchObject([
      {
        pointer: "/components/0/container/image",
        reason: expect.stringContaining("the offline devfile alone"),
      },
    ]);
  });

  test("plans without an offline registry image when its base cannot be had", async () => {
    const hosts = new Hosts();
    const base = multiPlatformImage("base", TWO);
    await hosts.push("gcr.io/d/base", "latest", base);
    const build = await buildOf({ go: [] });
    const made = await plan(build, hosts, { base: "gcr.io/d/base" });
    expect(made.lock.base).toMatchObject({ image: "gcr.io/d/base:latest", occurrences: [] });
    expect(made.base?.graph.root).toEqual(base.root.descriptor);
    const without = await plan(build, hosts, { base: "nowhere.example/base" });
    expect(without.lock.base).toBeUndefined();
    expect(String(without.baseFailure)).toContain('Cannot reach "nowhere.example"');
    expect(without.failures).toEqual([]);
  });

  test("gives the same lock twice", async () => {
    const hosts = new Hosts();
    for (const name of ["a", "b", "c"]) {
      const image = multiPlatformImage(name, TWO);
      await hosts.push(`quay.io/x/${name}`, "1", image);
      await attachTo(hosts.at("quay.io").repository(`x/${name}`), image);
    }
    const stacks = { go: ["quay.io/x/b:1", "quay.io/x/a:1"], rust: ["quay.io/x/c:1"] };
    const locks = [];
    for (let run = 0; run < 2; run += 1)
      locks.push((await plan(await buildOf(stacks), hosts)).lock);
    const [one, two] = locks.map(formatLock);
    expect(one).toEqual(two);
  });

  test("ends when it is told to stop", async () => {
    const hosts = new Hosts();
    const build = await buildOf({ go: ["quay.io/a/b:1"] });
    const stopped = plan(build, hosts, { signal: AbortSignal.abort() });
    expect((await failureOf(stopped)).code).toBe("ABORTED");
  });
});
