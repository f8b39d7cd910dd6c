import { expect, test } from "bun:test";
import { installLines } from "../../../src/airgap/publish/install-lines.ts";

test("installLines() names the image that was pushed, for kubectl and the chart", () => {
  const lines = installLines({
    at: "registry.internal:5000/mirror",
    tag: "0123456789ab",
    publicUrl: "https://devfiles.internal",
    items: [],
  }).join("\n");
  const image = "registry.internal:5000/mirror/devfile-index";
  expect(lines).toContain(`--image=${image}:0123456789ab`);
  expect(lines).toContain(`'*=${image}:0123456789ab'`);
  expect(lines).toContain(`--set devfileIndex.image=${image} --set devfileIndex.tag=0123456789ab`);
  expect(lines).toContain("DEVREG_PUBLIC_URL=https://devfiles.internal");
});

test("installLines() quotes what a bundle says of its address, so that no shell runs it", () => {
  const lines = (publicUrl: string) =>
    installLines({ at: "registry.internal:5000", tag: "latest", publicUrl, items: [] }).join("\n");
  expect(lines("https://x/$(id);`id`'&id")).toContain(
    " 'DEVREG_PUBLIC_URL=https://x/$(id);`id`'\\''&id'",
  );
});

test("installLines() restarts what runs an image whose name stays the same", () => {
  const lines = installLines({ at: "registry.internal:5000", tag: "latest", items: [] });
  expect(lines).toContain("  kubectl rollout restart deployment/devfile-registry");
  expect(lines.join("\n")).not.toContain("kubectl set image");
});

test("installLines() gives the chart its other images, and says which are not mirrored", () => {
  const chart = (...names: readonly string[]) => {
    const items = names.map((name) => ({
      ...{ name, state: "done" as const },
      target: `registry.internal:5000/${name}`,
    }));
    return installLines({ at: "registry.internal:5000", tag: "0123456789ab", items }).join("\n");
  };
  const lines = chart("quay.io/devfile/oci-registry:next", "quay.io/devfile/registry-viewer:1.2");
  const at = "registry.internal:5000/quay.io/devfile";
  expect(lines).toContain(`--set ociRegistry.image=${at}/oci-registry --set ociRegistry.tag=next`);
  expect(lines).toContain(`--set registryViewer.image=${at}/registry-viewer`);
  expect(lines).toEndWith("--set registryViewer.tag=1.2");
  expect(chart("quay.io/devfile/oci-registry:next")).toEndWith(
    "its pods also run quay.io/devfile/registry-viewer, not mirrored: see extraImages of mirror.yaml",
  );
});
