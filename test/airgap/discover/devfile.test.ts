import { describe, expect, test } from "bun:test";
import {
  devfileImages,
  type MirrorRules,
  NO_RULES,
  parseMirrorRules,
} from "../../../src/airgap/discover/index.ts";
import { utf8 } from "../../../src/bytes.ts";

const HEAD = "schemaVersion: 2.2.0\nmetadata: {name: go}\n";

/** Gives "kind pointer class bytes → image", of which the bytes are those of the range. */
function found(rest: string, rules: MirrorRules = NO_RULES): string[] {
  const bytes = utf8(`${HEAD}${rest}`);
  return devfileImages("devfile.yaml", bytes, rules).images.map(({ occurrence }) => {
    const { kind, pointer, image, reason, range } = occurrence;
    const written = Buffer.from(bytes.subarray(...range)).toString();
    return `${kind} ${pointer} ${occurrence.class} ${written} → ${image ?? reason}`;
  });
}

const rulesOf = (text: string) => parseMirrorRules("mirror.yaml", utf8(text));

describe("images of a devfile", () => {
  test("containers count, also where a parent or plugin is overridden", () => {
    const text = `parent:
  components:
    - name: a
      container: {image: 'a:1'}
components:
  - name: b
    container: {image: b:2} # ☃
  - name: c
    plugin:
      components:
        - name: d
          container: {image: "d:4"}
`;
    expect(found(text)).toEqual([
      "container /components/0/container/image pull b:2 → docker.io/library/b:2",
      "container /parent/components/0/container/image pull a:1 → docker.io/library/a:1",
      "container /components/1/plugin/components/0/container/image pull d:4 → docker.io/library/d:4",
    ]);
  });

  test("inlined manifests count, with the place of the image where it can be told", () => {
    const text = `components:
  - name: a
    kubernetes:
      inlined: |
        kind: Pod
        spec: {containers: [{image: a:1}]}
        ---
        image: b:2
  - name: b
    openshift: {inlined: "image: c:3\\nother: 1\\n"}
  - name: c
    openshift: {inlined: "image: \\x63:3"}
  - name: d
    attributes:
      pod-overrides: {spec: {initContainers: [{image: d:4}]}}
      container-overrides: '{"image": "e:5"}'
`;
    expect(found(text)).toEqual([
      "kubernetes /components/0/kubernetes/inlined/spec/containers/0/image pull a:1 → docker.io/library/a:1",
      "kubernetes /components/0/kubernetes/inlined/document:2/image pull b:2 → docker.io/library/b:2",
      "kubernetes /components/1/openshift/inlined/image pull c:3 → docker.io/library/c:3",
      'kubernetes /components/2/openshift/inlined/image pull "image: \\x63:3" → docker.io/library/c:3',
      "kubernetes /components/3/attributes/pod-overrides/spec/initContainers/0/image pull d:4 → docker.io/library/d:4",
      "kubernetes /components/3/attributes/container-overrides/image pull e:5 → docker.io/library/e:5",
    ]);
  });

  test("variables are filled in, and one without a value is told of with its place", () => {
    const text = `variables: {version: 7, tag: "{{version}}"}
components:
  - container: {image: "a:{{version}}"}
  - container:
      image: b:{{ missing }}
`;
    expect(found(text)).toEqual([
      "container /components/0/container/image pull a:{{version}} → docker.io/library/a:7",
      'container /components/1/container/image templated b:{{ missing }} → the variable "missing" has no value',
    ]);
    expect(devfileImages("d.yaml", utf8(`${HEAD}${text}`), NO_RULES).findings).toEqual([
      {
        severity: "error",
        rule: "image-variable",
        file: "d.yaml",
        line: 7,
        column: 14,
        path: "/components/1/container/image",
        message:
          'Cannot tell which image "b:{{ missing }}" is: the variable "missing" has no value',
        hint: 'Give it a value under "variables" of the devfile, or ignore the image in mirror.yaml',
      },
    ]);
  });

  test("what the devfile builds is not pulled", () => {
    const text = `variables: {name: app}
components:
  - image: {imageName: "{{name}}:{{version}}"}
  - image: {imageName: quay.io/me/web}
  - container: {image: "{{name}}:{{version}}"}
  - container: {image: "app:{{version}}"}
  - container: {image: quay.io/me/web:latest}
  - container: {image: quay.io/me/web:1}
`;
    expect(found(text).map((line) => line.split(" ")[2])).toEqual([
      "build-output",
      "build-output",
      "build-output",
      "pull",
    ]);
  });

  test("words of commands and environments are taken by matchers, else they are possible", () => {
    const text = `components:
  - container:
      image: a:1
      env:
        - {name: ARGS, value: "--a --initimage quay.io/b/c:1 --other quay.io/d/e:2"}
        - {name: OTHER, value: "--initimage quay.io/f/g:3"}
      args: [sh, "run {{x}} quay.io/h/i:4"]
      command: [j:5]
commands:
  - exec:
      commandLine: |
        podman run k:6
        podman run quay.io/l/m:{{version}}
      env: [{name: ARGS, value: "--initimage n:7"}]
`;
    const rules = rulesOf(`matchers:
  - {at: env, name: ARG*, pattern: '--initimage (\\S+)'}
  - {at: commandLine, pattern: 'run (k\\S+)'}
  - {at: args, pattern: '^(j\\S+)'}
`);
    const possible = "looks like an image; no matcher takes it";
    expect(found(text, rules).slice(1)).toEqual([
      "matched /components/0/container/env/0/value pull quay.io/b/c:1 → quay.io/b/c:1",
      `possible /components/0/container/env/0/value ignored quay.io/d/e:2 → ${possible}`,
      `possible /components/0/container/env/1/value ignored quay.io/f/g:3 → ${possible}`,
      `possible /components/0/container/args/1 ignored quay.io/h/i:4 → ${possible}`,
      "matched /components/0/container/command/0 pull j:5 → docker.io/library/j:5",
      "matched /commands/0/exec/commandLine pull k:6 → docker.io/library/k:6",
      `possible /commands/0/exec/commandLine ignored quay.io/l/m:{{version}} → ${possible}`,
      "matched /commands/0/exec/env/0/value pull n:7 → docker.io/library/n:7",
    ]);
  });

  test("rules ignore by full name or as it is written, what has no value too", () => {
    const text = `components:
  - container: {image: nginx}
  - container: {image: "x/{{v}}"}
  - container: {image: Bad}
  - container: {image: z:1}
`;
    const rules = rulesOf(`ignore:
  - {image: docker.io/library/nginx*, reason: ours}
  - {image: 'x/*', reason: later}
  - {image: Bad, reason: known}
`);
    expect(found(text, rules).map((line) => line.replace(/^\S+ \S+ /, ""))).toEqual([
      "ignored nginx → ours",
      "ignored x/{{v}} → later",
      "ignored Bad → known",
      "pull z:1 → docker.io/library/z:1",
    ]);
  });

  test("aliases and merge keys lead to the bytes that hold the image", () => {
    const text = `x: &base {image: b:2}
components:
  - container: {image: &i 'a:1'}
  - container: {image: *i}
  - container: {<<: *base}
`;
    expect(found(text)).toEqual([
      "container /components/0/container/image pull a:1 → docker.io/library/a:1",
      "container /components/1/container/image pull a:1 → docker.io/library/a:1",
      "container /components/2/container/image pull b:2 → docker.io/library/b:2",
    ]);
  });

  test("an untagged image is a warning, one that is none an error, broken YAML too", () => {
    const told = (bytes: Uint8Array) =>
      devfileImages("d.yaml", bytes, NO_RULES).findings.map(
        ({ severity, line, rule }) => `${severity} ${line} ${rule}`,
      );
    const text = "components:\n  - container: {image: nginx}\n  - container: {image: Bad}\n";
    expect(told(utf8(`${HEAD}${text}`))).toEqual([
      "warning 4 image-untagged",
      "error 5 image-reference",
    ]);
    expect(told(utf8("a: [\n"))).toEqual(["error 1 images-not-read"]);
  });
});
