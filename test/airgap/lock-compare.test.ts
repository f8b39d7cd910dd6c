import { describe, expect, test } from "bun:test";
import type { MirrorLock } from "../../src/airgap/lock.ts";
import { compareLocks } from "../../src/airgap/lock-compare.ts";
import { formatLock } from "../../src/airgap/lock-file.ts";
import { sampleImage, sampleLock, sampleOccurrence } from "../support/sample-lock.ts";

const lines = (was: MirrorLock, now: MirrorLock) =>
  compareLocks(was, now).map(({ kind, what, name, text }) => `${kind} ${what} ${name} ${text}`);

const golang = sampleImage("quay.io/devfile/golang:1.22");
const udi = sampleImage("quay.io/devfile/udi:latest");

describe("compareLocks()", () => {
  test("finds nothing between equal locks", () => {
    expect(compareLocks(sampleLock(), sampleLock())).toEqual([]);
  });

  test("tells images that came, went and moved", () => {
    const other = sampleImage("quay.io/other:1", "", "stacks/x/1.0.0/devfile.yaml");
    const moved = sampleImage(udi.image, "moved");
    expect(lines(sampleLock(), sampleLock({ images: [moved, other] }))).toEqual([
      `removed image ${golang.image} is not mirrored any more`,
      `changed image ${udi.image} was ${udi.digest}, is ${moved.digest}`,
      `added image ${other.image} is new: ${other.digest}`,
      "changed place stacks/go/1.0.0/devfile.yaml names images in another way, or at other places",
      "added place stacks/x/1.0.0/devfile.yaml names images now",
    ]);
  });

  test("tells platforms and referrers of an image that stayed", () => {
    const images = [golang, { ...udi, referrers: [], platforms: {} }];
    expect(lines(sampleLock(), sampleLock({ images }))).toEqual([
      `changed image ${udi.image} has changed: platforms, referrers`,
    ]);
  });

  test("tells commits, checksums, the base and settings", () => {
    const now = sampleLock({
      sources: [{ url: "https://git.example/registry", commit_hash: "9".repeat(40) }],
      platforms: ["linux/amd64"],
      exclude: [],
      projects: [{ url: "https://git.example/app", revision: "main", commit_hash: "8".repeat(40) }],
      files: [{ url: "https://www.example/i.svg", sha256: "7".repeat(64), size: 10 }],
    });
    const { base: _, ...withoutBase } = now;
    expect(lines(sampleLock(), withoutBase)).toEqual([
      'changed setting exclude was ["java-*"], is []',
      'changed setting platforms was [], is ["linux/amd64"]',
      `changed source 1: https://git.example/registry was ${"1".repeat(40)} of 2024-01-01T00:00:00Z, is ${"9".repeat(40)}`,
      "removed base gcr.io/base:latest is not mirrored any more",
      `changed project https://git.example/app#main was commit ${"2".repeat(40)}, is commit ${"8".repeat(40)}`,
      `changed file https://www.example/i.svg was sha256:${"3".repeat(64)}, is sha256:${"7".repeat(64)}`,
    ]);
  });

  test("tells what was added and removed of other things", () => {
    const now = sampleLock({ projects: [], files: [], sources: [{}], rules: "x" });
    expect(lines(sampleLock(), now)).toEqual([
      'added setting rules is now "x"',
      "added source 1: a folder is a new registry repository: no known commit",
      "removed source 1: https://git.example/registry is not used any more",
      "removed project https://git.example/app#main is not used any more",
      "removed file https://www.example/i.svg is not used any more",
    ]);
  });

  test("finds something wherever the bytes differ", () => {
    const { image: _, ...reference } = sampleOccurrence(
      "kubedock:1",
      "stacks/k/1.0.0/devfile.yaml",
    );
    const variants: readonly Partial<MirrorLock>[] = [
      { images: [{ ...golang, bytes: 1 }, udi] },
      { images: [{ ...golang, mediaType: "other" }, udi] },
      { images: [{ ...golang, leftOut: ["linux/s390x"] }, udi] },
      { images: [{ ...golang, signatureTags: {} }, udi] },
      { images: [golang, { ...udi, occurrences: [] }] },
      { references: [] },
      { references: [{ ...reference, class: "ignored", reason: "excluded" }] },
      { platformMode: "sparse" },
      { referrers: false },
      { include: ["go"] },
    ];
    for (const parts of variants) {
      const now = sampleLock(parts);
      expect(formatLock(now)).not.toEqual(formatLock(sampleLock()));
      expect(compareLocks(sampleLock(), now)).not.toEqual([]);
    }
  });
});
