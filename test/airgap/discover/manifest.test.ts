import { describe, expect, test } from "bun:test";
import { BuildOutputs, manifestImages, NO_RULES } from "../../../src/airgap/discover/index.ts";
import { utf8 } from "../../../src/bytes.ts";

const CONTEXT = {
  rules: { ...NO_RULES, searchKeys: ["applicationImage"] },
  variables: new Map([["version", "7"]]),
  outputs: new BuildOutputs(["app:1", "quay.io/team/web:2", "{{CONTAINER_IMAGE}}"]),
};

/** Gives "pointer class bytes → image". */
function found(text: string): string[] {
  const bytes = utf8(text);
  return manifestImages("deploy.yaml", bytes, CONTEXT).images.map(({ occurrence }) => {
    const { pointer, image, reason, range } = occurrence;
    const written = Buffer.from(bytes.subarray(...range)).toString();
    return `${pointer} ${occurrence.class} ${written} → ${image ?? reason}`;
  });
}

const told = (text: string) =>
  manifestImages("deploy.yaml", utf8(text), CONTEXT).findings.map(
    ({ severity, line, message }) => `${severity} ${line}: ${message}`,
  );

describe("images of a manifest", () => {
  test("every image of every document is found, however it is quoted", () => {
    const text = `\ufeffkind: Pod
spec:
  initContainers: [{image: 'a:1'}, {"image": "b:2"}]
  containers:
    - image:   c:3   # ☃ note
    - image: >-
        d:4
---
kind: CronJob
spec: {jobTemplate: {spec: {template: {spec: {containers: [{image: e:5}]}}}}}
`;
    expect(found(text)).toEqual([
      "/spec/initContainers/0/image pull a:1 → docker.io/library/a:1",
      "/spec/initContainers/1/image pull b:2 → docker.io/library/b:2",
      "/spec/containers/0/image pull c:3 → docker.io/library/c:3",
      "/spec/containers/1/image pull d:4 → docker.io/library/d:4",
      "document:2/spec/jobTemplate/spec/template/spec/containers/0/image pull e:5 → docker.io/library/e:5",
    ]);
    expect(found(text.replaceAll("\n", "\r\n"))).toEqual(found(text));
  });

  test("image volumes, builds and the keys of the rules count", () => {
    const text = `volumes: [{image: {reference: 'a:1', pullPolicy: Always}}]
from: {kind: DockerImage, name: 'b:2'}
output: {kind: ImageStreamTag, name: 'x:2'}
applicationImage: c:3
reference: y:1
image: ""
`;
    expect(found(text)).toEqual([
      "/volumes/0/image/reference pull a:1 → docker.io/library/a:1",
      "/from/name pull b:2 → docker.io/library/b:2",
      "/applicationImage pull c:3 → docker.io/library/c:3",
    ]);
  });

  test("texts below data are read when they are YAML, nested too", () => {
    const text = `kind: ConfigMap
metadata: {annotations: {note: "image: n:1\\n"}}
data:
  pod.yaml: |
    # a pod
    image: a:1
    ---
    data:
      deep: "x: 1\\nimage: b:2\\n"
  json: '{"image": "c:3"}'
  folded: >
    image:
     d:4
  script.sh: |
    image: [
    docker run quay.io/e/f:5
`;
    expect(found(text)).toEqual([
      "/data/pod.yaml/image pull a:1 → docker.io/library/a:1",
      "/data/pod.yaml/document:2/data/deep/image pull b:2 → docker.io/library/b:2",
      "/data/json/image pull c:3 → docker.io/library/c:3",
      "/data/folded/image pull d:4 → docker.io/library/d:4",
      "/data/script.sh ignored quay.io/e/f:5 → looks like an image; no matcher takes it",
    ]);
  });

  test("devfile variables are filled in, also without quotes", () => {
    const text = `image: a:{{version}}
containers: [{image: "{{name}}:1"}]
other:
  image: {{CONTAINER_IMAGE}}
`;
    expect(found(text)).toEqual([
      "/image pull a:{{version}} → docker.io/library/a:7",
      '/containers/0/image templated {{name}}:1 → the variable "name" has no value',
      "/other/image build-output {{CONTAINER_IMAGE}} → the devfile builds it",
    ]);
    expect(told(text)).toEqual([
      'error 2: Cannot tell which image "{{name}}:1" is: the variable "name" has no value',
    ]);
  });

  test("what the devfile builds is not pulled, with or without its registry", () => {
    const text = `- image: app:1
- image: app:2
- image: team/web:2
- image: docker.io/library/app:1
- image: ghcr.io/app:1
- image: ghcr.io/team/web:2
`;
    expect(found(text).map((line) => line.split(" ")[1])).toEqual([
      "build-output",
      "pull",
      "build-output",
      "build-output",
      "build-output",
      "pull",
    ]);
  });

  test("what an anchor shares is found at the anchor", () => {
    const text = "a: {image: &i 'x:1'}\nb: {image: *i}\nc: &c {image: y:2}\nd: *c\n";
    expect(found(text)).toEqual([
      "/a/image pull x:1 → docker.io/library/x:1",
      "/b/image pull x:1 → docker.io/library/x:1",
      "/c/image pull y:2 → docker.io/library/y:2",
    ]);
  });

  test("what escapes hide has the range of its scalar", () => {
    expect(found('image: "x\\x3a1"\n')).toEqual(['/image pull "x\\x3a1" → docker.io/library/x:1']);
  });

  test("a word with a host and a version may be an image", () => {
    const text = `args: ["--a=quay.io/b/c:1", docker://d.io/e@sha256:${"0".repeat(64)}, "f:5000/g:2"]
not: [quay.io/b/c, https://quay.io/b/c:1, b/c:1, github.com/x/y@latest, a.b:80, /x.y/z:1, 1.2.3]
`;
    expect(found(text).map((line) => line.split(" → ")[0])).toEqual([
      "/args/0 ignored quay.io/b/c:1",
      `/args/1 ignored d.io/e@sha256:${"0".repeat(64)}`,
      "/args/2 ignored f:5000/g:2",
    ]);
  });

  test("a byte order mark is no column", () => {
    expect(found("\ufeff- image: a:1\n- image: b:2\n")).toHaveLength(2);
  });

  test("what is no YAML, or nested without end, is told of", () => {
    expect(told("a: [\n")).toEqual([
      expect.stringMatching(/^warning 2: Cannot find images in "deploy.yaml": it is no YAML: /),
    ]);
    expect(told(`${"[".repeat(3000)}${"]".repeat(3000)}`)).toHaveLength(1);
  });

  test("so many images end somewhere", () => {
    const text = Array.from({ length: 2001 }, (_, at) => `- image: a:${at}\n`).join("");
    expect(found(text)).toHaveLength(2000);
    expect(told(text)).toEqual([
      'warning 2001: Cannot find images in "deploy.yaml": it names over 2000 images; the rest was not looked at',
    ]);
  });
});
