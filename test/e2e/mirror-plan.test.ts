import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { MirrorLock } from "../../src/airgap/index.ts";
import { utf8 } from "../../src/bytes.ts";
import { createTransportPool } from "../../src/net/index.ts";
import { describe as describeContent, hexOf, OCI_INDEX } from "../../src/oci-client/index.ts";
import type { RemoteRegistry } from "../../src/oci-client/remote/index.ts";
import { type Finished, runDevreg } from "../support/devreg.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { importFiles } from "../support/git-fetching.ts";
import { type GitHttpServer, startGitHttpServer } from "../support/git-http-server.ts";
import { git, initRepository } from "../support/git-repository.ts";
import { devfileText } from "../support/registry-repository.ts";
import { openRemote } from "../support/remote.ts";
import { attachTo, multiPlatformImage, platformImage, pushImage } from "../support/sample-image.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";

// Whole processes and their peers on a busy machine.
setDefaultTimeout(60_000);

const TWO = ["linux/amd64", "linux/arm64"];
const GO = multiPlatformImage("go", TWO);
const TOOLS = platformImage("linux/amd64", ["tools"]);

let work: TemporaryFolder;
let server: GitHttpServer;
let peer: DockerRegistry;
let remote: RemoteRegistry;
const closing = new AsyncDisposableStack();

beforeAll(async () => {
  work = await temporaryFolder();
  closing.defer(() => work.remove());
  server = startGitHttpServer(join(work.path, "git"));
  closing.defer(() => server.stop());
  peer = await startDockerRegistry();
  closing.defer(() => peer.stop());
  const pool = createTransportPool({ userAgent: "devreg-tests" });
  closing.defer(() => pool.close());
  remote = openRemote(peer.host, { send: pool.send });
  await pushImages();
  await repository("app", { "main.go": "package main\n" });
  await repository("registry", stackFiles());
});
afterAll(() => closing.disposeAsync());

/** An image of two platforms with all that may hang on it, and one of a single platform. */
async function pushImages(): Promise<void> {
  const go = remote.repository("devfile/go");
  await pushImage(go, "1.22", GO);
  const { sbom } = await attachTo(go, GO);
  const { digest } = GO.root.descriptor;
  // The registry has no API for referrers: who pushes one names it in an index under a tag.
  const manifests = [{ ...sbom.root.descriptor, artifactType: "application/spdx+json" }];
  const index = utf8(JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }));
  await go.tag(describeContent(OCI_INDEX, index), digest.replace(":", "-"), index);
  await pushImage(remote.repository("tools"), "latest", TOOLS);
}

function at(name: string): string {
  return join(work.path, "git", name);
}

async function repository(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  await initRepository(at(name));
  importFiles(at(name), files);
}

function stackFiles(more = ""): Record<string, string> {
  const components = [
    "components:",
    `  - {name: go, container: {image: "${peer.host}/devfile/go:1.22"}}`,
    `  - {name: tools, container: {image: "${peer.host}/tools"}}`,
    "  - {name: build, image: {imageName: go-app, dockerfile: {uri: Dockerfile}}}",
    "  - {name: deploy, kubernetes: {uri: deploy.yaml}}",
    "starterProjects:",
    `  - {name: app, git: {remotes: {origin: "${server.url}/app"}}}`,
  ];
  const rest = `${components.join("\n")}\n${more}`;
  return {
    "stacks/go/devfile.yaml": devfileText({ icon: '"data:x"' }, rest),
    "stacks/go/Dockerfile": `FROM ${peer.host}/devfile/go:1.22 AS build\nFROM scratch\nCOPY --from=build /a /a\n`,
    "stacks/go/deploy.yaml":
      "kind: Pod\napiVersion: v1\nspec: {containers: [{name: a, image: go-app}]}\n",
    "stacks/plain/devfile.yaml": devfileText({ name: "plain", icon: '"data:x"' }),
  };
}

function plan(...words: readonly string[]): Promise<Finished> {
  return runDevreg(["mirror", "plan", ...words], { cwd: work.path });
}

const registryUrl = () => `${server.url}/registry`;
const readText = (name: string) => readFileSync(join(work.path, name), "utf8");
const readLock = (name: string): MirrorLock => JSON.parse(readText(name));
const commitOf = (name: string) => git(at(name), ["rev-parse", "main"]).trim();
const imageAt = (name: string) => `${peer.host}/${name}`;

/** Writes a folder with one stack whose only container has this image, and plans it. */
async function planOne(image: string): Promise<Finished> {
  const name = `one-${image.replaceAll(/\W/g, "-")}`;
  const rest = `components:\n  - {name: a, container: {image: "${image}"}}\n`;
  await Bun.write(
    join(work.path, name, "stacks/go/devfile.yaml"),
    devfileText({ icon: '"data:x"' }, rest),
  );
  return plan(name, "--base", "none", "-o", `${name}.json`);
}

describe("devreg mirror plan", () => {
  test("locks images, what hangs on them, commits and places; twice the same bytes", async () => {
    for (const output of ["one.json", "two.json"]) {
      const run = await plan(registryUrl(), "--base", imageAt("tools"), "-o", output);
      expect(run).toMatchObject({ code: 0 });
      expect(run.stdout).toContain(`wrote ${output}\n`);
    }
    expect(readText("two.json")).toBe(readText("one.json"));
    const lock = readLock("one.json");
    expect(lock.sources).toMatchObject([{ url: registryUrl(), commit_hash: commitOf("registry") }]);
    expect(lock.projects).toEqual([{ url: `${server.url}/app`, commit_hash: commitOf("app") }]);
    const { digest } = GO.root.descriptor;
    const [go, tools] = lock.images;
    expect(go).toMatchObject({ image: imageAt("devfile/go:1.22"), digest, mirrored: digest });
    expect(Object.keys(go?.platforms ?? {})).toEqual(TWO);
    expect(go?.referrers).toMatchObject([
      { subject: digest, artifactType: "application/spdx+json" },
    ]);
    expect(Object.keys(go?.signatureTags ?? {})).toEqual([`sha256-${hexOf(digest)}.sig`]);
    expect(go?.occurrences.map(({ file, pointer }) => `${file} ${pointer}`)).toEqual([
      "stacks/go/Dockerfile line:1",
      "stacks/go/devfile.yaml /components/0/container/image",
    ]);
    expect(tools).toMatchObject({
      image: imageAt("tools:latest"),
      digest: TOOLS.root.descriptor.digest,
      platforms: { "linux/amd64": TOOLS.root.descriptor.digest },
    });
    expect(lock.base).toMatchObject({ image: imageAt("tools:latest"), occurrences: [] });
    expect(lock.references.map(({ text, class: its }) => `${its} ${text}`)).toContain(
      "build-output go-app",
    );
  });

  test("shows a table with sizes and totals, as text and as JSON", async () => {
    const text = await plan(registryUrl(), "--base", "none");
    expect(text.stdout).toMatch(/^IMAGE +PLATFORMS +REFERRERS +SIZE +NAMED BY\n/);
    expect(text.stdout).toMatch(
      /devfile\/go:1\.22 +linux\/amd64,linux\/arm64 +2 +[\d.]+ KiB +2 places\n/,
    );
    expect(text.stdout).toContain("note: there will be no offline registry image: it has no base");
    expect(text.stdout).toMatch(
      /2 images with .* \(what they share counted once\), 1 project with/,
    );
    expect(text.stdout).toContain("wrote mirror.lock.json\n");
    const json = await plan(registryUrl(), "--base", "none", "--format", "json");
    expect(JSON.parse(json.stdout)).toMatchObject({
      exitCode: 0,
      output: "mirror.lock.json",
      images: [{ image: imageAt("devfile/go:1.22") }, { image: imageAt("tools:latest") }],
      totals: { projects: 1 },
      failures: [],
    });
  });

  test("fetches manifests alone, no layers", async () => {
    const layers = GO.below.filter(({ descriptor }) => descriptor.mediaType.includes(".layer."));
    for (const { descriptor } of layers) {
      const hex = hexOf(descriptor.digest);
      await rm(join(peer.dir, "docker/registry/v2/blobs/sha256", hex.slice(0, 2), hex), {
        recursive: true,
        force: true,
      });
    }
    expect(await plan(registryUrl(), "--base", "none")).toMatchObject({ code: 0 });
    await pushImage(remote.repository("devfile/go"), "1.22", GO);
  });

  test("takes platforms, and leaves out images and stacks", async () => {
    const flags = ["--platform", "linux/amd64", "--exclude", "*/tools", "--exclude", "plain"];
    const run = await plan(registryUrl(), "--base", "none", "-o", "less.json", ...flags);
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout).toContain("excluded: stack plain");
    const lock = readLock("less.json");
    expect(lock.images.map(({ platforms }) => Object.keys(platforms))).toEqual([["linux/amd64"]]);
    expect(lock.images[0]?.mirrored).not.toBe(GO.root.descriptor.digest);
    expect(lock.exclude).toEqual(["*/tools", "plain"]);
    expect(lock.references.map(({ reason }) => reason)).toContain('excluded by "*/tools"');
  });

  test("finds drift of tags and commits, and plans a lock again as it is", async () => {
    const planned = [registryUrl(), "--base", "none", "-o", "drift.json"];
    expect(await plan(...planned)).toMatchObject({ code: 0 });
    const before = readText("drift.json");
    const check = ["--base", "none", "--check", "drift.json"];
    expect(await plan(registryUrl(), ...check)).toMatchObject({ code: 0 });
    const moved = platformImage("linux/amd64", ["other tools"]);
    await pushImage(remote.repository("tools"), "latest", moved);
    const former = commitOf("registry");
    importFiles(at("registry"), { ...stackFiles(), "README.md": "more\n" });
    const formerApp = commitOf("app");
    importFiles(at("app"), { "main.go": "package other\n" });
    const drifted = await plan(registryUrl(), ...check);
    expect(drifted).toMatchObject({ code: 5 });
    const [was, is] = [TOOLS, moved].map(({ root }) => root.descriptor.digest);
    expect(drifted.stdout).toContain(
      `differs: image ${imageAt("tools:latest")} was ${was}, is ${is}`,
    );
    expect(drifted.stdout).toContain(`differs: source 1: ${registryUrl()} was ${former} of `);
    expect(drifted.stdout).toContain(
      `differs: project ${server.url}/app was commit ${formerApp}, is commit ${commitOf("app")}`,
    );
    expect(drifted.stdout).toContain("wrote nothing\n");
    const again = await plan("drift.json", "-o", "again.json");
    expect(again).toMatchObject({ code: 0 });
    expect(readText("again.json")).toBe(before);
    expect(again.stdout).toContain(`note: "${imageAt("tools:latest")}" is ${is} now; ${was} is`);
    await pushImage(remote.repository("tools"), "latest", TOOLS);
  });

  test("goes on when an image is not there, and says where it is named", async () => {
    importFiles(at("registry"), {
      ...stackFiles(),
      "stacks/plain/devfile.yaml": devfileText(
        { name: "plain", icon: '"data:x"' },
        `components:\n  - {name: a, container: {image: "${imageAt("gone:1")}"}}\n`,
      ),
    });
    const run = await plan(registryUrl(), "--base", "none", "-o", "failed.json");
    expect(run).toMatchObject({ code: 2 });
    expect(run.stdout).toContain(`failed: ${imageAt("gone:1")}: Cannot find`);
    expect(run.stdout).toContain(
      "  named by stacks/plain/devfile.yaml /components/0/container/image\n",
    );
    expect(readLock("failed.json").images).toHaveLength(2);
    importFiles(at("registry"), stackFiles());
  });

  test("leaves out a stack whose starter project is gone, and ends with 2", async () => {
    const starter = `  - {name: gone, git: {remotes: {origin: "${server.url}/gone"}}}\n`;
    importFiles(at("registry"), stackFiles(starter));
    const run = await plan(registryUrl(), "--base", "none", "-o", "starter.json");
    expect(run).toMatchObject({ code: 2 });
    expect(run.stdout).toContain("[starter-unreachable]");
    expect(run.stdout).toContain("left out: stack go 1.0.0\n");
    expect(readLock("starter.json").images).toEqual([]);
    const without = await plan(registryUrl(), "--base", "none", "--exclude", "go@1.*");
    expect(without).toMatchObject({ code: 0 });
    expect(without.stdout).not.toContain("starter-unreachable");
    const none = await plan(registryUrl(), "--base", "none", "--include", "go");
    expect(none).toMatchObject({ code: 5 });
    expect(none.stderr).toContain("every stack and sample needs what could not be fetched");
    importFiles(at("registry"), stackFiles());
  });

  test("refuses a repository with errors, unless forced", async () => {
    await Bun.write(join(work.path, "broken/stacks/go/devfile.yaml"), "schemaVersion: 2.2.0\n");
    const refused = await plan("broken", "--base", "none");
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toContain("Cannot use registry repository");
  });

  test("tells denied from unreachable when no image can be had", async () => {
    const account = { username: "ada", password: "a-secret" };
    const closed = await startDockerRegistry({ auth: account });
    try {
      expect(await planOne(`${closed.host}/x/y:1`)).toMatchObject({ code: 4 });
    } finally {
      await closed.stop();
    }
    const nowhere = await planOne(`${closed.host}/x/z:1`);
    expect(nowhere).toMatchObject({ code: 5 });
    expect(nowhere.stdout).toContain(`failed: ${closed.host}/x/z:1`);
  });
});
