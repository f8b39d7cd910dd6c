import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDevreg, type Serving, startServe } from "../support/devreg.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { runProgram } from "../support/program.ts";

// Whole processes and their peers on a busy machine.
setDefaultTimeout(60_000);

const EXAMPLE = join(import.meta.dir, "../../examples/registry");
const work = mkdtempSync(join(tmpdir(), "devreg-e2e-clients-"));
const build = join(work, "build");

interface LayerDescriptor {
  readonly digest: string;
  readonly annotations: Readonly<Record<string, string>>;
}

beforeAll(async () => {
  const made = await runDevreg(["generate", EXAMPLE, "-o", build, "--no-network"]);
  expect(made.stderr + made.stdout).toContain("0 errors");
  expect(made.code).toBe(0);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** Copies a stack with skopeo and compares each layer with the file of the build it was made of. */
async function pullAndCompare(url: string, stack: string, version: string): Promise<string[]> {
  const target = mkdtempSync(join(work, "pull-"));
  const host = url.replace("http://", "");
  await runProgram([
    "skopeo",
    "copy",
    "--src-tls-verify=false",
    `docker://${host}/devfile-catalog/${stack}:${version}`,
    `dir:${target}`,
  ]);
  const manifest = JSON.parse(readFileSync(join(target, "manifest.json"), "utf8"));
  return manifest.layers.map((layer: LayerDescriptor) => {
    const title = layer.annotations["org.opencontainers.image.title"] ?? "";
    const pulled = readFileSync(join(target, layer.digest.replace("sha256:", "")));
    expect(`sha256:${createHash("sha256").update(pulled).digest("hex")}`).toBe(layer.digest);
    expect(pulled.equals(readFileSync(join(build, "stacks", stack, version, title)))).toBe(true);
    return title;
  });
}

function clientSuite(
  name: string,
  start: () => Promise<{ url: string; stop(): Promise<unknown> }>,
) {
  describe(`clients of serve, ${name}`, () => {
    let server: { url: string; stop(): Promise<unknown> };
    beforeAll(async () => {
      server = await start();
    });
    afterAll(async () => {
      await server.stop();
    });

    test("skopeo copies stacks with byte-equal layers", async () => {
      const titles = await pullAndCompare(server.url, "go-service", "1.1.0");
      expect(titles).toEqual(["archive.tar", "devfile.yaml", "logo.svg"]);
    });

    test("skopeo inspects a stack and lists its tags", async () => {
      const host = server.url.replace("http://", "");
      const inspected = await runProgram([
        "skopeo",
        "inspect",
        "--raw",
        "--tls-verify=false",
        `docker://${host}/devfile-catalog/node-api:3.0.1`,
      ]);
      expect(JSON.parse(inspected).config.mediaType).toBe(
        "application/vnd.devfileio.devfile.config.v2+json",
      );
      const tags = await runProgram([
        "skopeo",
        "list-tags",
        "--tls-verify=false",
        `docker://${host}/devfile-catalog/go-service`,
      ]);
      expect(JSON.parse(tags).Tags.sort()).toEqual(["1.0.0", "1.1.0"]);
    });

    test("curl reads the index, compressed and not, and revalidates it", async () => {
      const plain = await runProgram(["curl", "-sS", `${server.url}/v2index/all`]);
      const unpacked = await runProgram([
        "curl",
        "-sS",
        "--compressed",
        `${server.url}/v2index/all`,
      ]);
      expect(unpacked).toBe(plain);
      expect(plain).toBe(readFileSync(join(build, "index.json"), "utf8"));
      const head = await runProgram(["curl", "-sSI", `${server.url}/v2index/all`]);
      const etag = /^etag: (.*)$/im.exec(head)?.[1]?.trim() ?? "";
      const again = await runProgram([
        "curl",
        "-sS",
        "-o",
        "/dev/null",
        "-w",
        "%{http_code} %{size_download}",
        "-H",
        `If-None-Match: ${etag}`,
        `${server.url}/v2index/all`,
      ]);
      expect(again).toBe("304 0");
    });

    test("curl follows / to a page or the index as Accept says", async () => {
      const page = await runProgram(["curl", "-sSL", "-H", "Accept: text/html", `${server.url}/`]);
      expect(page.startsWith("<!DOCTYPE html>")).toBe(true);
      const index = await runProgram(["curl", "-sSL", `${server.url}/`]);
      expect(JSON.parse(index)).toBeArray();
    });

    test("a devfile arrives as it was written", async () => {
      const text = await runProgram(["curl", "-sS", `${server.url}/devfiles/python-web`]);
      expect(text).toBe(readFileSync(join(EXAMPLE, "stacks/python-web/devfile.yaml"), "utf8"));
    });
  });
}

clientSuite("from memory", () => startServe([build]));
clientSuite("a registry repository", () => startServe([EXAMPLE, "--no-network"]));
clientSuite("in front of docker-registry", async () => {
  const peer: DockerRegistry = await startDockerRegistry();
  const server: Serving = await startServe([build, "--registry", peer.host]);
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      await peer.stop();
    },
  };
});
