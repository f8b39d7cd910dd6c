import { describe, expect, test } from "bun:test";
import { NO_RULES, parseMirrorRules } from "../../../src/airgap/discover/index.ts";
import { rewriteImages } from "../../../src/airgap/rewrite-images/index.ts";
import { textOf, utf8 } from "../../../src/bytes.ts";
import {
  type Build,
  packStackArtifacts,
  readStackArchive,
  stackDigests,
} from "../../../src/generator/index.ts";
import { devfileText, generateFiles } from "../../support/registry-repository.ts";

const DEVFILE = "stacks/go/devfile.yaml";

async function buildOf(files: Readonly<Record<string, string>>): Promise<Build> {
  const { build, report } = await generateFiles(files, { force: true });
  if (build === undefined) throw new Error(JSON.stringify(report.findings));
  return build;
}

const devfileBuild = (rest: string, head = devfileText()) =>
  buildOf({ [DEVFILE]: `${head}${rest}`, "stacks/go/logo.svg": "<svg/>" });

const to = (host: string, rules = NO_RULES) => ({
  rename: (image: string) => (image.includes("/no/") ? undefined : `${host}/${image}`),
  pin: "written" as const,
  digestOf: () => undefined,
  rules,
});

/** Gives the devfile after its head. */
const devfileOf = async ({ files }: Build) =>
  textOf(await files.read(DEVFILE)).slice(devfileText().length);

async function contents({ files }: Build): Promise<Record<string, string>> {
  const all: Record<string, string> = {};
  for (const path of await files.paths()) all[path] = textOf(await files.read(path));
  return all;
}

async function archiveOf({ files }: Build): Promise<Record<string, string>> {
  const bytes = await files.read("stacks/go/archive.tar");
  const archive = await readStackArchive([{ name: "archive.tar", bytes }]);
  return Object.fromEntries(archive.map(({ name, bytes: each }) => [name, textOf(each)]));
}

describe("rewriteImages() in devfiles", () => {
  test("renames images, keeps what was written, and leaves all else", async () => {
    const build = await devfileBuild(`variables: {v: "1"}
components:
  - name: a
    # the first
    container:
      image:   "quay.io/a/b:{{v}}"  # why
  - name: b
    attributes: {x: 1}
    container: {image: docker.io/no/c:1}
  - name: c
    attributes:
      y: 2
    container: {memoryLimit: 1Gi, image: nginx}
`);
    const { build: rewritten, changed } = await rewriteImages(build, to("m.io/x"));
    expect(changed).toBe(2);
    expect(await devfileOf(rewritten)).toBe(`variables: {v: "1"}
components:
  - name: a
    # the first
    attributes:
      devreg.dev/origin: '{"container.image":"quay.io/a/b:{{v}}"}'
    container:
      image:   "m.io/x/quay.io/a/b:1"  # why
  - name: b
    attributes: {x: 1}
    container: {image: docker.io/no/c:1}
  - name: c
    attributes:
      devreg.dev/origin: '{"container.image":"nginx"}'
      y: 2
    container: {memoryLimit: 1Gi, image: m.io/x/docker.io/library/nginx}
`);
  });

  test("a second run changes nothing, another name starts from the original", async () => {
    const rules = parseMirrorRules(
      "mirror.yaml",
      utf8(
        "matchers: [{at: env, pattern: '=(quay\\S+)'}, {at: commandLine, pattern: 'run (\\S+)'}]",
      ),
    );
    const build = await devfileBuild(`components:
  - name: a
    container:
      image: quay.io/a/b:1
      env: [{name: X, value: "-a=quay.io/c/d:2 -b=quay.io/e/f:3"}]
commands:
  - id: run
    exec: {component: a, commandLine: podman run "quay.io/g/h:4"}
  - id: two
    exec:
      component: a
      commandLine: |
        podman run i:5
        podman run j:6
`);
    const one = await rewriteImages(build, to("one.io", rules));
    expect(one.changed).toBe(5);
    expect((await devfileOf(one.build)).match(/one\.io\/\S+:\d/g)).toEqual([
      "one.io/quay.io/a/b:1",
      "one.io/quay.io/c/d:2",
      "one.io/quay.io/e/f:3",
      "one.io/docker.io/library/i:5",
      "one.io/docker.io/library/j:6",
    ]);
    const again = await rewriteImages(one.build, to("one.io", rules));
    expect(again.changed).toBe(0);
    expect(again.build).toBe(one.build);
    const two = await rewriteImages(one.build, to("two.io", rules));
    expect(await contents(two.build)).toEqual(
      await contents((await rewriteImages(build, to("two.io", rules))).build),
    );
    const back = await rewriteImages(one.build, { ...to("", rules), rename: () => undefined });
    expect(back.changed).toBeGreaterThan(0);
    expect((await devfileOf(back.build)).includes("one.io")).toBe(false);
  });

  test("overrides of parents and plugins are renamed", async () => {
    const build = await devfileBuild(`parent:
  uri: https://a.b/devfile.yaml
  components:
    - name: a
      container: {image: "a:1"}
components:
  - name: p
    plugin:
      uri: https://a.b/plugin.yaml
      components: [{name: b, container: {image: "b:2"}}]
`);
    const { build: rewritten } = await rewriteImages(build, to("m.io"));
    expect(await devfileOf(rewritten)).toBe(`parent:
  uri: https://a.b/devfile.yaml
  components:
    - name: a
      attributes:
        devreg.dev/origin: '{"container.image":"a:1"}'
      container: {image: "m.io/docker.io/library/a:1"}
components:
  - name: p
    plugin:
      uri: https://a.b/plugin.yaml
      components: [{name: b, attributes: {devreg.dev/origin: '{"container.image":"b:2"}'}, container: {image: "m.io/docker.io/library/b:2"}}]
`);
  });

  test("schema version 2.0 keeps originals in metadata", async () => {
    const head = devfileText({}).replace("2.2.0", "2.0.0");
    const text = "components:\n  - name: a\n    container: {image: 'a:1'}\n";
    const build = await devfileBuild(text, head);
    const one = await rewriteImages(build, to("one.io"));
    const written = textOf(await one.build.files.read(DEVFILE));
    expect(written).toContain(
      `devreg.dev/origin: '{"components[0].container.image":"a:1"}'\n  icon:`,
    );
    expect(written.endsWith("container: {image: 'one.io/docker.io/library/a:1'}\n")).toBe(true);
    expect((await rewriteImages(one.build, to("one.io"))).changed).toBe(0);
    expect(await contents((await rewriteImages(one.build, to("two.io"))).build)).toEqual(
      await contents((await rewriteImages(build, to("two.io"))).build),
    );
  });

  test("manifests inside of a devfile change in the image alone", async () => {
    const build = await devfileBuild(`components:
  - name: a
    kubernetes:
      inlined: |
        # pods

        spec: {containers: [{image:   a:1}, {image: 'b:2'}]}   
  - name: b
    openshift: {inlined: "image: \\x63:3\\n"}
`);
    const { build: rewritten, changed } = await rewriteImages(build, to("m.io"));
    expect(changed).toBe(3);
    expect(await devfileOf(rewritten)).toBe(`components:
  - name: a
    kubernetes:
      inlined: |
        # pods

        spec: {containers: [{image:   m.io/docker.io/library/a:1}, {image: 'm.io/docker.io/library/b:2'}]}   
  - name: b
    openshift: {inlined: "image: m.io/docker.io/library/c:3\\n"}
`);
  });

  test("what is not ours in the attribute is refused", async () => {
    const build = await devfileBuild(
      "components:\n  - name: a\n    attributes: {devreg.dev/origin: x}\n    container: {image: 'a:1'}\n",
    );
    await expect(rewriteImages(build, to("m.io"))).rejects.toThrow("Cannot read");
  });
});

describe("rewriteImages() in other files", () => {
  const FILES = {
    [DEVFILE]: `${devfileText()}variables: {v: "9"}
components:
  - name: i
    image: {imageName: app, dockerfile: {uri: Dockerfile}}
  - name: d
    kubernetes: {uri: deploy.yaml}
`,
    "stacks/go/logo.svg": "<svg/>",
    "stacks/go/Dockerfile": "# syntax=s:1\r\nARG V=2\r\nFROM a:$V AS x\r\nCOPY --from=x / /\r\n",
    "stacks/go/deploy.yaml":
      "\ufeff- image: app # built\n- image: 'side:{{v}}'\n- image: no/no/x:1\n",
    "stacks/go/run.sh": "echo a:2\n",
  };

  test("splices Dockerfiles and manifests in archives, and digests follow", async () => {
    const build = await buildOf(FILES);
    const { build: rewritten, changed } = await rewriteImages(build, to("m.io"));
    expect(changed).toBe(3);
    expect(await archiveOf(rewritten)).toEqual({
      "./Dockerfile":
        "# syntax=m.io/docker.io/library/s:1\r\nARG V=2\r\nFROM m.io/docker.io/library/a:2 AS x\r\nCOPY --from=x / /\r\n",
      "./deploy.yaml":
        "\ufeff- image: app # built\n- image: 'm.io/docker.io/library/side:9'\n- image: no/no/x:1\n",
      "./run.sh": "echo a:2\n",
    });
    const { artifacts } = await packStackArtifacts(rewritten);
    expect(rewritten.info?.stacks).toEqual(stackDigests(artifacts));
    expect(rewritten.info?.stacks).not.toEqual(build.info?.stacks);
    expect(rewritten.indexBytes).toBe(build.indexBytes);
  });

  test("new names stay when nobody knows them", async () => {
    const build = await buildOf(FILES);
    const known = (host: string) => ({
      ...to(host),
      rename: (image: string) =>
        image.startsWith("docker.io/library/") ? `${host}/${image}` : undefined,
    });
    const one = await rewriteImages(build, known("one.io"));
    expect(one.changed).toBe(3);
    expect((await rewriteImages(one.build, known("two.io"))).changed).toBe(0);
  });

  test("an image that cannot be replaced alone is refused", async () => {
    const build = await buildOf({
      ...FILES,
      "stacks/go/deploy.yaml": 'kind: ConfigMap\ndata: {x: "a: 1\\nimage: \\x61:1"}\n',
    });
    await expect(rewriteImages(build, to("m.io"))).rejects.toThrow(
      'Cannot rename images in "stacks/go/deploy.yaml"',
    );
  });
});
