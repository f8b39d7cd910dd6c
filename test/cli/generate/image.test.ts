import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../src/cli/index.ts";
import { createCopier, createLayout, MemoryRepository } from "../../../src/oci-client/index.ts";
import { AMD64, ARM64, pushBaseIndex } from "../../airgap/image/base-images.ts";
import { testEdge } from "../../support/edge.ts";
import { devfileText } from "../../support/registry-repository.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";

const EXAMPLE = join(import.meta.dir, "../../../examples/registry");
let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await temporaryFolder();
  const memory = new MemoryRepository();
  const root = await pushBaseIndex(memory, [AMD64, ARM64]);
  const layout = await createLayout(join(folder.path, "base"));
  const target = layout.repository("base");
  await createCopier().copyGraph(memory, target, root, { tag: "1" });
  const elf = Buffer.alloc(1000);
  elf.write("\u007fELF\u0002\u0001\u0001", "latin1");
  elf.writeUInt16LE(62, 18);
  await Bun.write(join(folder.path, "devreg"), elf);
});
afterAll(() => folder.remove());

async function generate(...flags: readonly string[]) {
  const argv = ["generate", EXAMPLE, "--no-network", ...flags];
  const edge = testEdge(argv, {}, folder.path);
  return { code: await run(edge), out: edge.out(), err: edge.err() };
}

const BASE = ["--base", "oci:base:base:1"];
const AMD64_BINARY = ["--binary", "linux/amd64=devreg"];

describe("devreg generate --image", () => {
  test("writes the image and nothing else, and tells what it left out", async () => {
    const { code, out } = await generate("--image", "oci:one:1.0", ...BASE, ...AMD64_BINARY);
    expect(code).toBe(0);
    expect(out).toMatch(/^image oci:one:1\.0 for linux\/amd64: sha256:[0-9a-f]{64}$/m);
    expect(out).toContain("image without linux/arm64/v8: there is no executable for it\n");
    expect(out).not.toContain("wrote");
    expect(existsSync(join(folder.path, "build"))).toBe(false);
  });

  test("writes the folder too when it is named", async () => {
    const flags = ["--image", "docker-archive:image.tar", "-o", "out", "--format", "json"];
    const platform = ["--platform", "linux/amd64"];
    const { code, out } = await generate(...flags, ...platform, ...BASE, ...AMD64_BINARY);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      output: "out",
      image: { name: "docker-archive:image.tar", platforms: ["linux/amd64"], leftOut: [] },
    });
    expect(existsSync(join(folder.path, "out/index.json"))).toBe(true);
  });

  test("writes nothing with --check", async () => {
    const { code, out } = await generate("--check", "--image", "oci:checked", ...BASE);
    expect([code, out.includes("wrote nothing")]).toEqual([0, true]);
    expect(existsSync(join(folder.path, "checked"))).toBe(false);
  });

  test("exits 2 when a platform that was asked for is not in the image", async () => {
    const platforms = ["--platform", "linux/amd64", "--platform", "linux/s390x"];
    const { code, out } = await generate(
      ...["--image", "oci:two", ...platforms, ...BASE, ...AMD64_BINARY],
    );
    expect(code).toBe(2);
    expect(out).toContain("image without linux/s390x: the base image does not have it\n");
  });

  test.each([
    ["run from source", ["--image", "oci:x", ...BASE], "no devreg executable is known"],
    [
      "an executable of another machine",
      ["--image", "oci:x", ...BASE, "--binary", "linux/arm64=devreg"],
      "it is for linux/amd64",
    ],
    [
      "--binary in another form",
      ["--image", "oci:x", ...BASE, "--binary", "devreg"],
      "OS/ARCH=FILE",
    ],
    ["a base that is not there", ["--image", "oci:x", "--base", "oci:base:2"], '"2"'],
    ["a base in a registry", ["--image", "oci:x", "--base", "quay.io/a/b"], "--no-network forbids"],
    ["a registry", ["--image", "quay.io/a/b", ...BASE], 'Cannot reach "quay.io/a/b:latest"'],
    ["an archive of any platform", ["--image", "docker-archive:x", ...BASE], "--platform OS/ARCH"],
    ["no image at all", ["--image", "b", ...BASE], 'Cannot read reference "b"'],
  ])("exits 1 and says why: %s", async (_, flags, message) => {
    const binary = flags.includes("--binary") || message.includes("known") ? [] : AMD64_BINARY;
    const { code, out, err } = await generate(...flags, ...binary);
    expect(code).toBe(1);
    expect(out).toBe("");
    expect(err).toContain(message);
    expect(existsSync(join(folder.path, "x"))).toBe(false);
  });

  test("says that it is the base that cannot be reached, and what to do", async () => {
    await Bun.write(join(folder.path, "mine/stacks/go/devfile.yaml"), devfileText());
    const flags = ["--image", "oci:x", "--base", "127.0.0.1:1/team/base", ...AMD64_BINARY];
    const edge = testEdge(["generate", "mine", ...flags], {}, folder.path);
    expect(await run(edge)).toBe(5);
    expect(edge.err()).toContain('Cannot fetch base image "127.0.0.1:1/team/base:latest": Cannot');
    expect(edge.err()).toContain("Hint: Name a base on this machine: --base oci:DIR[:TAG]");
  });
});
