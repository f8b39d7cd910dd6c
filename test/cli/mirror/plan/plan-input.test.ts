import { describe, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatLock } from "../../../../src/airgap/lock-file.ts";
import { type PlanInputConfig, readPlanInput } from "../../../../src/cli/mirror/plan/plan-input.ts";
import { testEdge } from "../../../support/edge.ts";
import { failureOf } from "../../../support/remote.ts";
import { sampleLock } from "../../../support/sample-lock.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const NONE: PlanInputConfig = {
  lock: undefined,
  config: undefined,
  platform: [],
  platformMode: "strip",
  noReferrers: false,
  exclude: [],
  include: [],
  base: undefined,
};

/** Reads the input in a folder with a lock and a mirror.yaml. */
async function read(operands: readonly string[], config: Partial<PlanInputConfig> = {}) {
  await using folder = await temporaryFolder();
  const files = {
    "mirror.lock.json": formatLock(
      sampleLock({
        platforms: ["linux/amd64", "linux/arm64/v8"],
        platformMode: "sparse",
        referrers: false,
        include: ["go"],
        rules: "extraImages: [quay.io/x/y:1]\n",
      }),
    ),
    "folder.lock.json": formatLock(sampleLock({ sources: [{}] })),
    "mirror.yaml": "extraImages: [quay.io/z:1]\n",
  };
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(join(folder.path, name), bytes);
  }
  return await readPlanInput(testEdge([], {}, folder.path), { ...NONE, ...config }, operands);
}

describe("readPlanInput()", () => {
  test("takes repositories and flags, with a base of its own", async () => {
    expect(await read([".", "https://git.example/x"], { exclude: ["java*"] })).toMatchObject({
      sources: [".", "https://git.example/x"],
      platforms: [],
      referrers: true,
      exclude: ["java*"],
      base: { kind: "image", image: "gcr.io/distroless/base-nossl-debian12:latest" },
    });
  });

  test("reads a lock in place of repositories: their commits, and all that it says", async () => {
    const input = await read(["mirror.lock.json"]);
    expect(input).toMatchObject({
      sources: [`https://git.example/registry#${"1".repeat(40)}`],
      platforms: [
        { os: "linux", architecture: "amd64" },
        { os: "linux", architecture: "arm64", variant: "v8" },
      ],
      platformMode: "sparse",
      referrers: false,
      include: ["go"],
      exclude: ["java-*"],
      rulesText: "extraImages: [quay.io/x/y:1]\n",
      base: { kind: "image", image: "gcr.io/base:latest" },
    });
    expect(input.rules.extraImages).toMatchObject([{ image: "quay.io/x/y:1" }]);
    expect(input.pinned?.images).toHaveLength(2);
  });

  test("lets flags say otherwise than a lock", async () => {
    const input = await read(["."], {
      lock: "mirror.lock.json",
      platform: [{ os: "linux", architecture: "s390x" }],
      exclude: ["x"],
      include: ["y"],
      config: "mirror.yaml",
      base: "none",
    });
    expect(input).toMatchObject({
      sources: ["."],
      platforms: [{ architecture: "s390x" }],
      platformMode: "strip",
      exclude: ["x"],
      include: ["y"],
      rulesText: "extraImages: [quay.io/z:1]\n",
      base: { kind: "none" },
    });
  });

  test("makes no image from a lock without a base, and looks into no layout", async () => {
    const lock = "mirror.lock.json";
    const { base: _, ...without } = sampleLock();
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, lock), formatLock(without));
    const edge = testEdge([], {}, folder.path);
    expect((await readPlanInput(edge, { ...NONE, lock }, ["."])).base).toEqual({ kind: "none" });
    const layout = { ...NONE, base: "oci:base" };
    const { base } = await readPlanInput(edge, layout, ["."]);
    expect(base).toEqual({ kind: "layout", text: "oci:base" });
  });

  test.each([
    ["a lock of a folder", ["folder.lock.json"], {}, "FOLDER --lock folder.lock.json"],
    ["a lock among others", [".", "mirror.lock.json"], {}, "with --lock FILE"],
    ["two locks", ["mirror.lock.json"], { lock: "mirror.lock.json" }, "with --lock FILE"],
    ["included images", ["."], { include: ["quay.io/*"] }, "extraImages in mirror.yaml"],
  ] as const)("refuses %s", async (_, operands, config, hint) => {
    const error = await failureOf(read(operands, config));
    expect(error.code).toBe("USAGE");
    expect(error.hint).toContain(hint);
  });

  test("says which file is not there", async () => {
    const error = await failureOf(read(["."], { config: "other.yaml" }));
    expect(error.message).toBe('Cannot read "other.yaml": there is no such file');
  });
});
