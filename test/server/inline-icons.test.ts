import { expect, test } from "bun:test";
import { INLINE_ICON_CACHE_BYTES } from "../../src/api-limits.ts";
import type { BuildFiles } from "../../src/generator/index.ts";
import { InlineIcons } from "../../src/server/inline-icons.ts";
import { PYTHON_STACK, sampleBuild } from "../support/sample-build.ts";

const ICON = "icons/0a.svg";

test("an icon that has another size than was promised breaks the answer off, once", async () => {
  const build = await sampleBuild();
  // Too large to be kept, so that it is read each time.
  let sizeBytes = INLINE_ICON_CACHE_BYTES;
  const files: BuildFiles = {
    paths: () => build.files.paths(),
    list: (folder) => build.files.list(folder),
    stat: (path) => build.files.stat(path),
    read: async (path) => (path === ICON ? new Uint8Array(sizeBytes) : build.files.read(path)),
  };
  const icons = new InlineIcons({ ...build, files });
  const icon = await icons.of(PYTHON_STACK);
  expect((await icon?.open())?.byteLength).toBe(icon?.size);
  sizeBytes += 3;
  await expect(icon?.open()).rejects.toMatchObject({ code: "SIZE_MISMATCH" });
  const again = await icons.of(PYTHON_STACK);
  expect((await again?.open())?.byteLength).toBe(again?.size);
});
