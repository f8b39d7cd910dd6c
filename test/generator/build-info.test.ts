import { describe, expect, test } from "bun:test";
import { utf8 } from "../../src/bytes.ts";
import {
  buildInfo,
  formatBuildInfo,
  newestCommitTime,
  packStackArtifacts,
  parseBuildInfo,
} from "../../src/generator/index.ts";
import { sampleBuild } from "../support/sample-build.ts";

describe("buildInfo()", () => {
  test("counts the entries and names each stack artifact", async () => {
    const build = await sampleBuild();
    const { artifacts } = await packStackArtifacts(build);
    const digests = artifacts.map(({ descriptor }) => descriptor.digest);
    const info = buildInfo({
      index: build.index,
      sources: [
        { url: "b", commit_time: "2024-05-02T08:00:00Z" },
        { url: "a", commit_time: "2023-12-31T23:59:59Z" },
        { url: "c" },
      ],
      toolVersion: "0.0.1",
      artifacts,
      icons: { "https://b.example/i": "0a.svg", "https://a.example/i": "0a.svg" },
      iconsMissing: 2,
    });
    expect(info).toEqual({
      format: "1.0",
      tool: { name: "devreg", version: "0.0.1" },
      sources: info.sources,
      commit_time: "2024-05-02T08:00:00Z",
      counts: {
        stacks: 2,
        stackVersions: 3,
        samples: 1,
        sampleVersions: 1,
        icons: 1,
        iconsMissing: 2,
      },
      stacks: {
        "go:1.0.0": String(digests[1]),
        "go:2.0.0": String(digests[0]),
        "python:3.1.0": String(digests[2]),
      },
      icons: { "https://a.example/i": "0a.svg", "https://b.example/i": "0a.svg" },
    });
    expect(Object.keys(info.icons)).toEqual(["https://a.example/i", "https://b.example/i"]);
  });

  test("is written and read back the same", async () => {
    const { info } = await sampleBuild({ sources: [{ url: ".", commit_hash: "0".repeat(40) }] });
    if (info === undefined) throw new Error("a sample build has a record");
    expect(parseBuildInfo(formatBuildInfo(info))).toEqual(info);
  });
});

describe("newestCommitTime()", () => {
  test("is undefined when no source has a time", () => {
    expect(newestCommitTime([])).toBeUndefined();
    expect(newestCommitTime([{ url: "." }])).toBeUndefined();
  });
});

describe("parseBuildInfo()", () => {
  const refused: readonly (readonly [string, string, string])[] = [
    ["what is not JSON", "{", "INPUT_INVALID"],
    ["another document", "[]", "INPUT_INVALID"],
    ["a record that lacks parts", '{"format":"1.0"}', "INPUT_INVALID"],
    [
      "a newer major format",
      '{"format":"2","tool":{"name":"devreg","version":"3.0.0"},"new":true}',
      "UNSUPPORTED",
    ],
  ];
  for (const [title, text, code] of refused) {
    test(`refuses ${title}`, () => {
      expect(() => parseBuildInfo(utf8(text))).toThrow(expect.objectContaining({ code }));
    });
  }

  test("reads a newer minor format", async () => {
    const { info } = await sampleBuild();
    const newer = { ...info, format: "1.7", added: true };
    expect(parseBuildInfo(utf8(JSON.stringify(newer))).format).toBe("1.7");
  });
});
