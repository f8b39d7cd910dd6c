import { describe, expect, test } from "bun:test";
import type { ImageOccurrence } from "../../../src/airgap/occurrence.ts";
import { wantedImages } from "../../../src/airgap/plan/wanted-images.ts";
import { sampleOccurrence } from "../../support/sample-lock.ts";

const found = (...occurrences: ImageOccurrence[]) => ({ occurrences, findings: [] });
const other = (text: string, its: "build-output" | "templated"): ImageOccurrence => {
  const { image: _, ...rest } = sampleOccurrence(text);
  return { ...rest, class: its };
};

describe("wantedImages()", () => {
  test("gathers the places of each image, sorted", () => {
    const a = sampleOccurrence("quay.io/a:1", "stacks/b/devfile.yaml");
    const b = sampleOccurrence("quay.io/a:1", "stacks/a/devfile.yaml");
    const c = sampleOccurrence("docker.io/library/nginx:1", "stacks/a/devfile.yaml");
    const { images, others } = wantedImages(found(a, b, c), found(), []);
    expect([...images]).toEqual([
      ["docker.io/library/nginx:1", [c]],
      ["quay.io/a:1", [b, a]],
    ]);
    expect(others).toEqual([]);
  });

  test("takes from the offline build only what its author does not name", () => {
    const own = [sampleOccurrence("quay.io/a:1"), other("go:latest", "build-output")];
    const moved = own.map((each) => ({ ...each, pointer: "/components/7/container/image" }));
    const parent = [sampleOccurrence("quay.io/p:1"), other("{{x}}", "templated")];
    const { images, others } = wantedImages(found(...own), found(...moved, ...parent), []);
    expect([...images.keys()]).toEqual(["quay.io/a:1", "quay.io/p:1"]);
    expect(images.get("quay.io/a:1")).toEqual(own.slice(0, 1));
    expect(images.get("quay.io/p:1")?.[0]?.reason).toContain("the offline devfile alone");
    expect(others.map(({ text }) => text).sort()).toEqual(["go:latest", "{{x}}"]);
  });

  test("excludes by the name with and without tag, and leaves stack patterns alone", () => {
    const names = ["quay.io/a/b:1", "quay.io/a/c:1", "quay.io/x/y:1"];
    const all = found(...names.map((name) => sampleOccurrence(name)));
    const kept = (...exclude: string[]) => [...wantedImages(all, found(), exclude).images.keys()];
    expect(kept("quay.io/a/b")).toEqual(names.slice(1));
    expect(kept("quay.io/a/b:1")).toEqual(names.slice(1));
    expect(kept("quay.io/a/b:2")).toEqual(names);
    expect(kept("quay.io/*")).toEqual([]);
    expect(kept("*/y", "*:1")).toEqual(names.slice(0, 2));
  });
});
