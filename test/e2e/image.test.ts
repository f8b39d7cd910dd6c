import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCopier, createLayout, MemoryRepository } from "../../src/oci-client/index.ts";
import { pushBaseIndex, S390X } from "../airgap/image/base-images.ts";
import { devregBinary, runDevreg } from "../support/devreg.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { openNetworkNamespace } from "../support/network-namespace.ts";
import { runProgram } from "../support/program.ts";
import { until } from "../support/until.ts";

// Whole processes and their peers on a busy machine.
setDefaultTimeout(120_000);

const EXAMPLE = join(import.meta.dir, "../../examples/registry");
const HOST = { os: "linux", architecture: process.arch === "x64" ? "amd64" : process.arch };
const NAME = `${HOST.os}/${HOST.architecture}`;
/** What the distroless base image holds that the binary is linked to, beside the loader. */
const LIBRARIES = ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0"];

const work = mkdtempSync(join(tmpdir(), "devreg-e2e-image-"));
const base = join(work, "base");
/** A copy outside of any checkout, so that no commit made meanwhile shows in an image. */
const repository = join(work, "registry");
let registry: DockerRegistry;

/** Makes a base of two platforms whose file system holds the five libraries. */
beforeAll(async () => {
  cpSync(EXAMPLE, repository, { recursive: true });
  registry = await startDockerRegistry();
  const root = join(work, "base-root");
  for (const folder of ["proc", "lib", "lib64"]) mkdirSync(join(root, folder), { recursive: true });
  const libraries = await runProgram(["ldd", devregBinary()]);
  for (const library of LIBRARIES) {
    const path = new RegExp(`${library.replaceAll(".", "\\.")} => (\\S+)`).exec(libraries)?.[1];
    await runProgram(["cp", "-L", path ?? "", join(root, "lib", library)]);
  }
  const loader = /(\/\S*ld-linux\S*)/.exec(libraries)?.[1] ?? "";
  await runProgram(["cp", "-L", loader, join(root, loader.startsWith("/lib64") ? "lib64" : "lib")]);
  const tar = join(work, "base.tar");
  await runProgram(["tar", "-cf", tar, "-C", root, "."]);
  const memory = new MemoryRepository();
  const layer = new Uint8Array(readFileSync(tar));
  const pushed = await pushBaseIndex(memory, [HOST, S390X], { layer });
  const target = (await createLayout(base)).repository("team/base");
  await createCopier().copyGraph(memory, target, pushed, { tag: "1" });
});
afterAll(async () => {
  await registry.stop();
  rmSync(work, { recursive: true, force: true });
});

function generate(image: string, ...flags: readonly string[]) {
  const from = flags.includes("--base") ? [] : ["--base", `oci:${base}:team/base:1`];
  return runDevreg(["generate", repository, "--image", image, ...from, ...flags], { cwd: work });
}

async function inspect(...reference: readonly string[]) {
  return JSON.parse(await runProgram(["skopeo", "inspect", ...reference]));
}

function digestIn(out: string): string {
  return /(sha256:[0-9a-f]{64})$/m.exec(out)?.[1] ?? "";
}

/** Unpacks the image of this machine as an engine would. */
async function unpack(layout: string, root: string): Promise<void> {
  const copy = join(work, "unpacked-image");
  const from = ["skopeo", "copy", "--insecure-policy", "-q", `oci:${layout}:1.0`];
  await runProgram([...from, `dir:${copy}`]);
  const { layers } = JSON.parse(readFileSync(join(copy, "manifest.json"), "utf8"));
  mkdirSync(root);
  for (const { digest } of layers) {
    await runProgram(["tar", "-xpf", join(copy, digest.replace("sha256:", "")), "-C", root]);
  }
}

/** Puts a command into a read-only root, as an arbitrary uid of group 0, with nothing around it. */
function contained(root: string, command: readonly string[]): string[] {
  const script = [
    `mount --bind ${root} ${root}`,
    `mount -t proc proc ${root}/proc`,
    `mount -o remount,ro,bind ${root}`,
    `exec env -i /usr/sbin/chroot --userspec=123456:0 ${root} ${command.join(" ")}`,
  ].join(" && ");
  return ["unshare", "--mount", "--pid", "--fork", "sh", "-c", script];
}

describe("devreg generate --image", () => {
  test("makes the same image twice, and leaves out what there is no executable for", async () => {
    const [one, two] = [join(work, "one"), join(work, "two")];
    const first = await generate(`oci:${one}:1.0`, "--no-network");
    expect(first.stderr).toBe("");
    expect(first.code).toBe(0);
    expect(first.stdout).toContain("image without linux/s390x: there is no executable for it\n");
    const second = await generate(`oci:${two}:1.0`, "--no-network");
    expect(digestIn(second.stdout)).toBe(digestIn(first.stdout));
    const seen = await inspect(`oci:${one}:1.0`);
    expect(seen).toMatchObject({ Os: "linux", Architecture: HOST.architecture });
    expect(readdirSync(work)).not.toContain("build");
  });

  test("runs as an arbitrary uid on a read-only root, without a network", async () => {
    const [layout, root] = [join(work, "run"), join(work, "run-root")];
    expect((await generate(`oci:${layout}:1.0`, "--no-network")).code).toBe(0);
    await unpack(layout, root);
    const installed = statSync(join(root, "usr/local/bin/devreg"));
    expect([installed.mode & 0o777, installed.size]).toEqual([
      0o755,
      statSync(devregBinary()).size,
    ]);
    const { config } = await inspect("--config", `oci:${layout}:1.0`);
    expect(config).toMatchObject({ User: "1001:0", WorkingDir: "/registry" });
    const network = await openNetworkNamespace();
    const child = Bun.spawn(network.inside(contained(root, config.Entrypoint)), {
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
    });
    try {
      const fetch = (path: string) =>
        runProgram(network.inside(["curl", "-sf", `http://127.0.0.1:8080${path}`]));
      await until("the image serves", async () => (await fetch("/health").catch(() => "")) !== "");
      const index = JSON.parse(await fetch("/v2index"));
      expect(index.map(({ name }: { name: string }) => name)).toContain("go-service");
      expect(await fetch("/devfiles/go-service")).toBe(
        readFileSync(join(EXAMPLE, "stacks/go-service/1.1.0/devfile.yaml"), "utf8"),
      );
    } finally {
      const inner = await runProgram(["pgrep", "-P", String(child.pid)]);
      process.kill(Number(inner.trim()), "SIGTERM");
      expect(await child.exited).toBe(0);
      await network.close();
    }
  });

  test("goes from registry to registry, with the digest that it has in a folder", async () => {
    const from = ["skopeo", "copy", "--insecure-policy", "-q", "--all", "--preserve-digests"];
    const insecure = "--dest-tls-verify=false";
    const near = `${registry.host}/team/base:1`;
    await runProgram([...from, insecure, `oci:${base}:team/base:1`, `docker://${near}`]);
    const image = `${registry.host}/team/devfile-index:1.0`;
    const pushed = await generate(image, "--base", near);
    expect(pushed.stderr).toBe("");
    expect(pushed.code).toBe(0);
    const again = await generate(image, "--base", near);
    expect(digestIn(again.stdout)).toBe(digestIn(pushed.stdout));
    const seen = await inspect("--tls-verify=false", `docker://${image}`);
    expect(seen.Digest).toBe(digestIn(pushed.stdout));
    const out = join(work, "out-of-registry");
    const pull = ["skopeo", "copy", "--insecure-policy", "-q", "--src-tls-verify=false"];
    await runProgram([...pull, `docker://${image}`, `dir:${out}`]);
    const layout = join(work, "beside");
    expect(digestIn((await generate(`oci:${layout}:1.0`)).stdout)).toBe(digestIn(pushed.stdout));
  });

  test("writes an archive for docker load", async () => {
    const file = join(work, "image.tar");
    const { code, stdout } = await generate(`docker-archive:${file}:devfile-index:1.0`);
    expect(code).toBe(0);
    expect(stdout).toContain(` for ${NAME}: sha256:`);
    const [listed] = JSON.parse(await runProgram(["tar", "-xOf", file, "manifest.json"]));
    expect(listed.RepoTags).toEqual(["docker.io/library/devfile-index:1.0"]);
    const { config } = await inspect("--config", `docker-archive:${file}`);
    expect(config.Entrypoint[0]).toBe("/usr/local/bin/devreg");
  });

  test("says that a base is not there", async () => {
    const { code, stderr } = await generate("oci:none", "--base", `${registry.host}/no/base:1`);
    expect(code).toBe(1);
    expect(stderr).toContain(`Cannot find base image "${registry.host}/no/base:1"`);
  });
});
