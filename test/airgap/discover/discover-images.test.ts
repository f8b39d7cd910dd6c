import { describe, expect, test } from "bun:test";
import { gunzipSync } from "node:zlib";
import { discoverImages, NO_RULES, parseMirrorRules } from "../../../src/airgap/discover/index.ts";
import { utf8 } from "../../../src/bytes.ts";
import type { Build } from "../../../src/generator/index.ts";
import { devfileText, generateFiles } from "../../support/registry-repository.ts";
import { sampleBuild } from "../../support/sample-build.ts";

async function buildOf(files: Readonly<Record<string, string>>): Promise<Build> {
  const { build, report } = await generateFiles(files);
  if (build === undefined) throw new Error(JSON.stringify(report.findings));
  return build;
}

async function lines(build: Build, rules = NO_RULES): Promise<string[]> {
  const { occurrences } = await discoverImages(build, rules);
  return occurrences.map(
    ({ file, pointer, image, reason, ...one }) =>
      `${file}${pointer.startsWith("/") ? "" : ":"}${pointer} ${one.class} ${image ?? reason}`,
  );
}

const COMPONENTS = `components:
  - name: run
    container: {image: "run:1"}
  - name: build
    image:
      imageName: app:1
      dockerfile: {uri: ./docker/Build.file, args: [--build-arg, VERSION=2]}
  - name: deploy
    kubernetes: {uri: deploy.yaml}
`;
const FILES = {
  "stacks/go/devfile.yaml": devfileText({}, COMPONENTS),
  "stacks/go/logo.svg": "<svg/>",
  "stacks/go/docker/Build.file": "ARG VERSION\nFROM base:$VERSION\n",
  "stacks/go/deploy.yaml": "spec: {containers: [{image: app:1}, {image: side:3}]}\n",
  "stacks/go/other/Containerfile": "FROM other:4\n",
  "stacks/go/other/test.Dockerfile": "FROM test:5\n",
  "stacks/go/other/Dockerfile.dockerignore": "FROM no:1\n",
  "stacks/go/not-named.yaml": "image: no:2\n",
};

describe("discoverImages()", () => {
  test("reads devfiles, the files they name and every Dockerfile, packed or not", async () => {
    expect(await lines(await buildOf(FILES))).toEqual([
      "stacks/go/deploy.yaml/spec/containers/0/image build-output the devfile builds it",
      "stacks/go/deploy.yaml/spec/containers/1/image pull docker.io/library/side:3",
      "stacks/go/devfile.yaml/components/0/container/image pull docker.io/library/run:1",
      "stacks/go/docker/Build.file:line:2 pull docker.io/library/base:2",
      "stacks/go/other/Containerfile:line:1 pull docker.io/library/other:4",
      "stacks/go/other/test.Dockerfile:line:1 pull docker.io/library/test:5",
    ]);
  });

  test("samples have their files beside them; those of other places are not theirs", async () => {
    const build = await sampleBuild({
      files: {
        "samples/a/devfile.yaml": `${devfileText()}components: [{kubernetes: {uri: d.yaml}}]\n`,
        "samples/a/d.yaml": "image: a:1\n",
        "samples/a/2.0.0/devfile.yaml": devfileText(),
        "samples/a/2.0.0/Dockerfile": "FROM b:2\n",
        "icons/devfile.yaml": "components: [{container: {image: no:1}}]\n",
      },
      index: [],
    });
    expect(await lines(build)).toEqual([
      "samples/a/2.0.0/Dockerfile:line:1 pull docker.io/library/b:2",
      "samples/a/d.yaml/image pull docker.io/library/a:1",
    ]);
  });

  test("what the build does not have is told of", async () => {
    const text = `components:
  - name: a
    kubernetes: {uri: https://a.b/c.yaml}
  - name: b
    openshift: {uri: ../../outside.yaml}
  - name: c
    image: {imageName: x, dockerfile: {git: {remotes: {origin: https://a.b/c}}}}
attributes: {alpha.build-dockerfile: https://a.b/Dockerfile}
`;
    const build = await buildOf({ "stacks/go/devfile.yaml": devfileText({}, text) });
    const { findings } = await discoverImages(build, NO_RULES);
    expect(
      findings.map(({ severity, rule, line, message }) => [severity, rule, line, message]),
    ).toEqual(
      [
        [11, 'the build does not have the manifest "https://a.b/c.yaml" that it names'],
        [13, 'the build does not have the manifest "../../outside.yaml" that it names'],
        [15, "it builds from a Dockerfile in another repository"],
        [16, 'the build does not have the Dockerfile "https://a.b/Dockerfile" that it names'],
      ].map(([line, state]) => [
        "warning",
        "images-not-read",
        line,
        `Cannot find images in "stacks/go/devfile.yaml": ${state}`,
      ]),
    );
  });

  test("an archive that cannot be read is told of, the rest is read", async () => {
    const build = await sampleBuild();
    const { findings } = await discoverImages(build, NO_RULES);
    expect(findings.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      'stacks/go/1.0.0/archive.tar: Cannot find images in "stacks/go/1.0.0/archive.tar": it is no gzip\'d tar',
    ]);
  });

  test("images that the rules add count", async () => {
    const rules = parseMirrorRules("/home/me/rules.yaml", utf8("extraImages: [nginx]\n"));
    expect((await discoverImages(await sampleBuild(), rules)).occurrences).toEqual([
      {
        file: "mirror.yaml",
        pointer: "/extraImages/0",
        range: [14, 19],
        text: "nginx",
        kind: "extra",
        class: "pull",
        reason: "the rules ask for it",
        image: "docker.io/library/nginx:latest",
      },
    ]);
  });

  test("ranges are those of the files, also in archives", async () => {
    const build = await buildOf(FILES);
    const { occurrences } = await discoverImages(build, NO_RULES);
    const tar = gunzipSync(await build.files.read("stacks/go/archive.tar"));
    for (const { file, range, text } of occurrences) {
      const name = file.slice("stacks/go/".length);
      const at = tar.indexOf(`./${name}\0`);
      const bytes = at < 0 ? await build.files.read(file) : tar.subarray(at + 512);
      expect(Buffer.from(bytes.subarray(...range)).toString()).toBe(text);
    }
  });
});
