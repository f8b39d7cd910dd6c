import { describe, expect, test } from "bun:test";
import { DevregError, type ErrorCode } from "../../src/errors.ts";
import {
  type PublishOptions,
  packIndexArtifact,
  packStackArtifacts,
  publishBuild,
} from "../../src/generator/index.ts";
import { silentLogger } from "../../src/log.ts";
import {
  type Descriptor,
  MemoryRegistry,
  type Registry,
  type Repository,
} from "../../src/oci-client/index.ts";
import { noProgress } from "../../src/progress.ts";
import { GO_STACK, type SampleBuildParts, sampleBuild } from "../support/sample-build.ts";

const OPTIONS: PublishOptions = { log: silentLogger, progress: noProgress };
const COMMIT = "0123456789abcdef0123456789abcdef01234567";

async function artifactsOf(parts: SampleBuildParts = {}) {
  const build = await sampleBuild(parts);
  const stacks = await packStackArtifacts(build);
  return { stacks, index: await packIndexArtifact(build, stacks) };
}

/** A registry in memory that records what is asked of it and may fail on request. */
function recordingRegistry(fail: (call: string) => ErrorCode | undefined = () => undefined) {
  const calls: string[] = [];
  const inner = new MemoryRegistry();
  const record = (call: string) => {
    calls.push(call);
    const code = fail(call);
    if (code !== undefined) throw new DevregError(code, `Cannot ${call}: it was to fail`);
  };
  const repository = (name: string): Repository => {
    const target = inner.repository(name);
    return {
      exists: async (node: Descriptor) => {
        record(`exists ${name}`);
        return target.exists(node);
      },
      push: async (node, content) => {
        record(`push ${name}`);
        return target.push(node, content);
      },
      tag: async (node, tag, content) => {
        record(`tag ${name}:${tag}`);
        return target.tag(node, tag, content);
      },
      resolve: async (reference) => {
        record(`resolve ${name}:${reference}`);
        return target.resolve(reference);
      },
      fetch: (node, options) => target.fetch(node, options),
      resolveBlob: (digest) => target.resolveBlob(digest),
      tags: () => target.tags(),
      referrers: (subject) => target.referrers(subject),
    };
  };
  const registry: Registry = { repository, repositories: () => inner.repositories() };
  return { registry, calls, inner };
}

describe("publishBuild()", () => {
  test("pushes every stack version and then the index", async () => {
    const { stacks, index } = await artifactsOf({ sources: [{ url: ".", commit_hash: COMMIT }] });
    const { registry, calls, inner } = recordingRegistry();
    const report = await publishBuild(stacks, index, registry, OPTIONS);
    expect(report).toMatchObject({ pushed: 3, unchanged: 0, index: "pushed", failures: [] });
    for (const { repository, tag, descriptor } of stacks.artifacts) {
      expect((await inner.repository(repository).resolve(tag))?.digest).toBe(descriptor.digest);
      expect(report.digests[`${repository}:${tag}`]).toBe(descriptor.digest);
    }
    const tags = calls.filter((call) => call.startsWith("tag "));
    expect(tags.slice(-2)).toEqual([`tag devreg/index:${COMMIT}`, "tag devreg/index:latest"]);
    const firstOfIndex = calls.findIndex((call) => call.includes("devreg/index"));
    const lastOfStacks = calls.findLastIndex((call) => call.includes("devfile-catalog"));
    expect(firstOfIndex).toBeGreaterThan(lastOfStacks);
  });

  test("writes nothing the second time and asks once per stack version", async () => {
    const { registry, calls } = recordingRegistry();
    const first = await artifactsOf();
    await publishBuild(first.stacks, first.index, registry, OPTIONS);
    calls.length = 0;
    const second = await artifactsOf();
    const report = await publishBuild(second.stacks, second.index, registry, OPTIONS);
    expect(report).toMatchObject({ pushed: 0, unchanged: 3, bytes: 0, index: "unchanged" });
    expect(calls.sort()).toEqual([
      "resolve devfile-catalog/go:1.0.0",
      "resolve devfile-catalog/go:2.0.0",
      "resolve devfile-catalog/python:3.1.0",
      "resolve devreg/index:latest",
    ]);
  });

  test("asks for nothing that is known to be there", async () => {
    const { registry, calls } = recordingRegistry();
    const { stacks, index } = await artifactsOf();
    await publishBuild(stacks, index, registry, OPTIONS);
    calls.length = 0;
    const isThere = ({ stack }: { readonly stack: string }) => stack === "go";
    const report = await publishBuild(stacks, index, registry, { ...OPTIONS, isThere });
    expect(report).toMatchObject({ pushed: 0, unchanged: 3 });
    expect(calls).toEqual(["resolve devfile-catalog/python:3.1.0", "resolve devreg/index:latest"]);
  });

  test("keeps an index back that is not wanted any more, once all else is there", async () => {
    const { registry, inner } = recordingRegistry();
    const { stacks, index } = await artifactsOf();
    const mayPutIndex = async () => {
      const found = await inner.repository("devfile-catalog/go").resolve("2.0.0");
      expect(found).toBeDefined();
      return false;
    };
    const report = await publishBuild(stacks, index, registry, { ...OPTIONS, mayPutIndex });
    expect(report).toMatchObject({ pushed: 3, index: "kept-back", failures: [] });
    expect(await inner.repository("devreg/index").resolve("latest")).toBeUndefined();
  });

  test("gives two registries the same digests", async () => {
    const reports = [];
    for (const registry of [new MemoryRegistry(), new MemoryRegistry()]) {
      const { stacks, index } = await artifactsOf();
      reports.push(await publishBuild(stacks, index, registry, OPTIONS));
    }
    expect(reports[1]?.digests).toEqual(reports[0]?.digests ?? {});
  });

  test("sends what two versions share once", async () => {
    const { registry, calls } = recordingRegistry();
    const { stacks, index } = await artifactsOf();
    await publishBuild(stacks, index, registry, OPTIONS);
    // Two devfiles, a logo, an archive and one config; manifests are stored with their tags.
    expect(calls.filter((call) => call === "push devfile-catalog/go")).toHaveLength(5);
  });

  test("finishes the others when one fails, and keeps the index back", async () => {
    const { registry, calls } = recordingRegistry((call) =>
      call === "tag devfile-catalog/go:2.0.0" ? "REGISTRY_RESPONSE" : undefined,
    );
    const { stacks, index } = await artifactsOf();
    const report = await publishBuild(stacks, index, registry, OPTIONS);
    expect(report).toMatchObject({ pushed: 2, unchanged: 0, index: "kept-back" });
    expect(report.failures.map(({ name }) => name)).toEqual(["devfile-catalog/go:2.0.0"]);
    expect(report.failures[0]?.error).toMatchObject({ code: "REGISTRY_RESPONSE" });
    expect(Object.keys(report.digests).sort()).toEqual([
      "devfile-catalog/go:1.0.0",
      "devfile-catalog/python:3.1.0",
    ]);
    expect(calls.filter((call) => call.includes("devreg/index"))).toEqual([]);
  });

  test("names what no registry can hold and publishes the rest, index included", async () => {
    const version = {
      version: "1.0.0",
      links: { self: "devfile-catalog/Odd:1.0.0" },
      resources: ["devfile.yaml"],
    };
    const odd = { name: "Odd", type: "stack", versions: [version] };
    const { stacks, index } = await artifactsOf({ index: [odd, GO_STACK] });
    const report = await publishBuild(stacks, index, new MemoryRegistry(), OPTIONS);
    expect(report).toMatchObject({ pushed: 2, failures: [], index: "pushed" });
    expect(report.rejected).toMatchObject([
      { name: "devfile-catalog/Odd:1.0.0", error: { code: "INPUT_INVALID" } },
    ]);
  });

  test("finishes what was broken off", async () => {
    let broken = true;
    const { registry, inner } = recordingRegistry((call) =>
      broken && call.startsWith("tag devfile-catalog/python") ? "REGISTRY_RESPONSE" : undefined,
    );
    const { stacks, index } = await artifactsOf();
    await publishBuild(stacks, index, registry, OPTIONS);
    broken = false;
    const report = await publishBuild(stacks, index, registry, OPTIONS);
    expect(report).toMatchObject({ pushed: 1, unchanged: 2, index: "pushed", failures: [] });
    expect((await inner.repository("devreg/index").resolve("latest"))?.digest).toBe(
      index.descriptor.digest,
    );
  });

  test("reports an index that fails", async () => {
    const { registry } = recordingRegistry((call) =>
      call.startsWith("push devreg/index") ? "UNAUTHORIZED" : undefined,
    );
    const { stacks, index } = await artifactsOf();
    const report = await publishBuild(stacks, index, registry, OPTIONS);
    expect(report).toMatchObject({ pushed: 3, index: "failed" });
    expect(report.failures.map(({ name }) => name)).toEqual(["devreg/index:latest"]);
  });

  test("stops asking a registry that cannot be reached, and reports all of it", async () => {
    const versions = Array.from({ length: 12 }, (_, at) => ({
      version: `1.0.${at}`,
      links: { self: `devfile-catalog/many:1.0.${at}` },
      resources: ["devfile.yaml"],
    }));
    const files = Object.fromEntries(
      versions.map(({ version }) => [`stacks/many/${version}/devfile.yaml`, version]),
    );
    const { stacks, index } = await artifactsOf({
      index: [{ name: "many", type: "stack", versions }],
      files,
    });
    const { registry, calls } = recordingRegistry(() => "NETWORK");
    const report = await publishBuild(stacks, index, registry, { ...OPTIONS, concurrency: 2 });
    expect(report.failures).toHaveLength(12);
    expect(report.index).toBe("kept-back");
    expect(calls.length).toBeLessThanOrEqual(4);
  });

  test("ends with ABORTED and leaves the index alone", async () => {
    const stop = new AbortController();
    const { registry, calls } = recordingRegistry(() => {
      stop.abort();
      return undefined;
    });
    const { stacks, index } = await artifactsOf();
    const running = publishBuild(stacks, index, registry, {
      ...OPTIONS,
      concurrency: 1,
      signal: stop.signal,
    });
    await expect(running).rejects.toMatchObject({ code: "ABORTED" });
    expect(calls.filter((call) => call.includes("devreg/index"))).toEqual([]);
  });
});
