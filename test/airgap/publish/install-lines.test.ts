import { expect, test } from "bun:test";
import { installLines } from "../../../src/airgap/publish/install-lines.ts";

test("installLines() names the image that was pushed, for kubectl and the chart", () => {
  const lines = installLines({
    at: "registry.internal:5000/mirror",
    tag: "0123456789ab",
    publicUrl: "https://devfiles.internal",
  }).join("\n");
  const image = "registry.internal:5000/mirror/devfile-index";
  expect(lines).toContain(`--image=${image}:0123456789ab`);
  expect(lines).toContain(`'*=${image}:0123456789ab'`);
  expect(lines).toContain(`--set devfileIndex.image=${image} --set devfileIndex.tag=0123456789ab`);
  expect(lines).toContain("DEVREG_PUBLIC_URL=https://devfiles.internal");
});

test("installLines() quotes what a bundle says of its address, so that no shell runs it", () => {
  const lines = (publicUrl: string) =>
    installLines({ at: "registry.internal:5000", tag: "latest", publicUrl }).join("\n");
  expect(lines("https://x/$(id);`id`'&id")).toContain(
    " 'DEVREG_PUBLIC_URL=https://x/$(id);`id`'\\''&id'",
  );
});
