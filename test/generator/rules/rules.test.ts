import { describe, expect, test } from "bun:test";
import { findImages } from "../../../src/cli/find-images.ts";
import {
  devfileText,
  findingLines,
  generateFiles,
  type RepositoryFiles,
  stackText,
} from "../../support/registry-repository.ts";

const RULES = "devreg.rules.yaml";
const DATES = { "last_modified.json": '{"stacks": [], "samples": []}' };
const CONTAINER = (image: string) =>
  `components:\n  - name: c\n    container:\n      image: ${image}\n`;

async function check(files: RepositoryFiles, rules: string) {
  return await generateFiles({ ...files, [RULES]: rules, ...DATES }, { findImages });
}

/** What the repository's own rules say, and what is said of their file. */
async function ownLines(files: RepositoryFiles, rules: string): Promise<string[]> {
  return findingLines(await check(files, rules)).filter(
    (line) => line.includes(" repo/") || line.includes(RULES),
  );
}

const stack = (rest = "", metadata = {}): RepositoryFiles => ({
  "stacks/go/devfile.yaml": devfileText(metadata, rest),
});

describe("the rules of a repository", () => {
  const images: readonly (readonly [string, string, readonly string[]])[] = [
    ["images: {allow: [quay.io]}", "quay.io/a/b:1", []],
    ["images: {allow: [quay.io]}", "nginx:1", ["repo/image-host"]],
    ["images: {allow: [quay.io/team]}", "quay.io/team/a:1", []],
    ["images: {allow: [quay.io/team]}", "quay.io/teams/a:1", ["repo/image-host"]],
    ['images: {allow: ["*.corp.example/base/*"]}', "r.corp.example/base/a:1", []],
    ['images: {allow: ["registry.example.com:5000"]}', "registry.example.com:5000/a:1", []],
    ["images: {deny: [docker.io]}", "nginx:1", ["repo/image-host"]],
    ["images: {deny: [docker.io]}", "library/nginx:1", ["repo/image-host"]],
    ["images: {deny: [docker.io]}", "quay.io/a:1", []],
    ["images: {deny: [docker.io]}", "DOCKER.io/a/b:1", ["repo/image-host"]],
    ["images: {deny: [docker.io]}", "docker.io:443/a/b:1", ["repo/image-host"]],
    ["images: {deny: [index.docker.io/]}", "nginx:1", ["repo/image-host"]],
    ["images: {floatingTags: [latest]}", "quay.io/a:latest", ["repo/image-tag"]],
    ["images: {floatingTags: [latest]}", "quay.io/a", ["repo/image-tag"]],
    ["images: {floatingTags: [next]}", "quay.io/a", ["repo/image-tag"]],
    ['images: {floatingTags: ["nightly*"]}', "quay.io/a:nightly-2", ["repo/image-tag"]],
    ["images: {floatingTags: [latest]}", `quay.io/a:latest@sha256:${"a".repeat(64)}`, []],
    ["images: {floatingTags: [latest]}", "quay.io/a:1.2", []],
    ["images: {digests: true}", "quay.io/a:1.2", ["repo/image-digest"]],
    ["images: {digests: true}", `quay.io/a@sha256:${"a".repeat(64)}`, []],
    ["images: {digests: false}", "quay.io/a:1.2", []],
  ];
  test.each(images)("%s of an image %s", async (rules, image, names) => {
    const place = "stacks/go/devfile.yaml:12 components[0].container.image";
    const wanted = names.map((name) => `error ${name} ${place}`);
    expect(await ownLines(stack(CONTAINER(image)), rules)).toEqual(wanted);
  });

  test("look at images in Dockerfiles, manifests and variables, each in its place", async () => {
    const files = {
      "stacks/go/stack.yaml": stackText("  - version: 1.0.0\n    default: true"),
      "stacks/go/1.0.0/devfile.yaml": devfileText(
        {},
        `variables:\n  base: docker.io/a\n${CONTAINER('"{{base}}:1"')}` +
          "  - name: k\n    kubernetes:\n      uri: deploy.yaml\n",
      ),
      "stacks/go/1.0.0/deploy.yaml":
        "kind: Pod\napiVersion: v1\nspec:\n  containers:\n    - image: docker.io/b:1\n",
      "stacks/go/1.0.0/docker/Dockerfile": "# é\nFROM docker.io/c:1 AS x\nFROM quay.io/d:1\n",
    };
    expect(await ownLines(files, "images: {deny: [docker.io]}")).toEqual([
      "error repo/image-host stacks/go/1.0.0/deploy.yaml:5 spec.containers[0].image",
      "error repo/image-host stacks/go/1.0.0/devfile.yaml:14 components[0].container.image",
      "error repo/image-host stacks/go/1.0.0/docker/Dockerfile:2",
    ]);
  });

  test("ask for metadata of versions and samples, wherever it is declared", async () => {
    const files: RepositoryFiles = {
      "stacks/go/stack.yaml": `${stackText("  - version: 1.0.0\n    default: true")}provider: P\n`,
      "stacks/go/1.0.0/devfile.yaml": devfileText({ description: "x", architectures: "[amd64]" }),
      ...{ "stacks/java/devfile.yaml": devfileText({ name: "java", tags: "[]", provider: "P" }) },
      "extraDevfileEntries.yaml":
        "samples:\n  - name: s\n    provider: P\n    versions:\n" +
        "      - version: 1.0.0\n        description: d\n        architectures: [arm64]\n      - version: 2.0.0\n",
    };
    const rules = "metadata: {required: [provider, description, tags]}\n";
    expect(await ownLines(files, rules)).toEqual([
      "error repo/metadata-required extraDevfileEntries.yaml:5 samples[0].versions[0].tags",
      "error repo/metadata-required extraDevfileEntries.yaml:8 samples[0].versions[1].description",
      "error repo/metadata-required extraDevfileEntries.yaml:8 samples[0].versions[1].tags",
      "error repo/metadata-required stacks/go/1.0.0/devfile.yaml:3 metadata.tags",
      "error repo/metadata-required stacks/java/devfile.yaml:3 metadata.description",
      "error repo/metadata-required stacks/java/devfile.yaml:9 metadata.tags",
    ]);
    expect(await ownLines(files, "architectures: {}")).toEqual([
      "error repo/architectures extraDevfileEntries.yaml:8 samples[0].versions[1].architectures",
      "error repo/architectures stacks/java/devfile.yaml:3 metadata.architectures",
    ]);
  });

  test.each([
    ["{allOf: [amd64, arm64]}", "[amd64, arm64, s390x]", 0],
    ["{allOf: [amd64, arm64]}", "[amd64]", 1],
    ["{anyOf: [amd64, arm64]}", "[arm64]", 0],
    ["{anyOf: [amd64, arm64]}", "[s390x]", 1],
  ])("ask for architectures %s of %s", async (rule, architectures, count) => {
    const lines = await ownLines(stack("", { architectures }), `architectures: ${rule}`);
    const line = "error repo/architectures stacks/go/devfile.yaml:9 metadata.architectures";
    expect(lines).toEqual(Array(count).fill(line));
  });

  test("hold devfiles and entries against schemas of their own", async () => {
    const rules = [
      "schemas:",
      "  - name: memory-limit",
      "    hint: Say how much memory it needs",
      "    schema:",
      "      properties:",
      "        components:",
      "          items:",
      "            properties:",
      "              container: {required: [memoryLimit]}",
      "  - name: short-tags",
      "    of: entry",
      "    schema: {properties: {tags: {items: {maxLength: 3}}}}",
    ].join("\n");
    const result = await check(stack(CONTAINER("quay.io/a:1"), { tags: "[long, abc]" }), rules);
    expect(result.report.findings.filter(({ rule }) => rule.startsWith("repo/"))).toEqual([
      {
        severity: "error",
        rule: "repo/short-tags",
        ...{ file: "stacks/go/devfile.yaml", line: 3, column: 3, path: "metadata" },
        message: 'in the index, tags.0 of "go" must NOT have more than 3 characters',
      },
      {
        severity: "error",
        rule: "repo/memory-limit",
        file: "stacks/go/devfile.yaml",
        line: 13,
        column: 7,
        path: "components[0].container.memoryLimit",
        message: "memoryLimit is missing",
        hint: "Say how much memory it needs",
      },
    ]);
  });

  test("raise and silence warnings, and lower what is their own, but no official error", async () => {
    const rules = [
      "images: {deny: [docker.io]}",
      "severity:",
      "  entry-incomplete: error",
      "  unknown-key: off",
      "  repo/image-host: warning",
      "  icon-missing: warning",
    ].join("\n");
    const files = {
      "stacks/go/stack.yaml": `${stackText("  - version: 1.0.0\n    default: true").replace(/icon.*\n/, "")}x: 1\n`,
      "stacks/go/1.0.0/devfile.yaml": devfileText({ icon: null }, CONTAINER("nginx:1")),
    };
    const result = await check(files, rules);
    const lines = findingLines(result).filter((line) => !line.includes("stack-required"));
    expect(lines).toEqual([
      `warning severity-kept ${RULES}:6 severity.icon-missing`,
      "warning repo/image-host stacks/go/1.0.0/devfile.yaml:11 components[0].container.image",
      "error icon-missing stacks/go/stack.yaml:1",
      "error entry-incomplete stacks/go/stack.yaml:1",
    ]);
    expect(result.report.overruled).toEqual({ exempted: 0, silenced: 1 });
    expect(result.build).toBeUndefined();
  });

  test("exempt paths with a reason, and tell of exemptions without use", async () => {
    const rules = [
      "images: {floatingTags: [latest]}",
      "exempt:",
      "  - paths: [stacks/go/**]",
      "    rules: [repo/image-tag, unknown-key]",
      "    reason: It is being removed",
      '  - {paths: ["stacks/*/devfile.yaml"], rules: [repo/image-host], reason: gone}',
      "  - {paths: [stacks/java], rules: [icon-unreachable], reason: needs the network}",
    ].join("\n");
    const files = {
      ...stack(CONTAINER("nginx")),
      "stacks/java/devfile.yaml": devfileText({ name: "java" }),
    };
    const result = await check(files, rules);
    expect(findingLines(result).filter((line) => / (repo|exemption|rules)/.test(line))).toEqual([
      `warning exemption-unused ${RULES}:6 exempt[1]`,
    ]);
    expect(result.report.overruled).toEqual({ exempted: 1, silenced: 0 });
  });

  const mistakes: readonly (readonly [string, string, string])[] = [
    ["image: {}", "1 image", 'Did you mean "images"?'],
    ["images:\n  alow: [a]", "2 images.alow", 'Did you mean "allow"?'],
    ["images:\n  allow: quay.io", "2 images.allow", "Make it a list"],
    ["images:\n  allow: []", "2 images.allow", "Fill it, or remove it"],
    ["images:\n  floatingTags: [1.10]", "2 images.floatingTags[0]", 'Quote it: "1.10"'],
    ["metadata: {required: [providr]}", "1 metadata.required[0]", 'Did you mean "provider"?'],
    ["metadata: {}", "1 metadata.required", "Add it"],
    [
      "architectures:\n  allOf: [x86]",
      "2 architectures.allOf[0]",
      "Known here: amd64, arm64, ppc64le, s390x",
    ],
    ["severity:\n  unknown-key: of", "2 severity.unknown-key", 'Did you mean "off"?'],
    [
      "severity:\n  repo/image-tg: off",
      "2 severity.repo/image-tg",
      'Did you mean "repo/image-tag"?',
    ],
    ["severity:\n  'repo/*': off", "2 severity.repo/*", "Name each rule on a line of its own"],
    ["severity:", "1 severity", "Fill it, or remove it"],
    ["images:\n  deny:", "2 images.deny", "Fill it, or remove it"],
    ["images: {deny: ['https://docker.io']}", "1 images.deny[0]", ""],
    ["exempt:\n  - paths: [a]\n    rules: [unknown-key]", "2 exempt[0].reason", "Add it"],
    [
      "exempt:\n  - {paths: [a], rules: [repo/x], reason: r}",
      "2 exempt[0].rules[0]",
      "Reports name the rule of each finding",
    ],
    [
      "schemas:\n  - name: a\n    schema: {requird: [b]}",
      "3 schemas[0].schema.requird",
      'Did you mean "required"?',
    ],
    ["schemas:\n  - name: image-tag\n    schema: {}", "2 schemas[0].name", "Choose another"],
    ["schemas:\n  - name: A\n    schema: {}", "2 schemas[0].name", ""],
    ["schemas:\n  - name: a", "2 schemas[0].schema", "Add it"],
    ["- a", "1", "Write its keys below it, each as key: value"],
    ["a: [", "", ""],
  ];
  test.each(mistakes)("refuse %j", async (rules, place, hint) => {
    const { report } = await check(stack(), rules);
    const found = report.findings.filter(({ file }) => file === RULES);
    expect(found.map(({ severity }) => severity)).toEqual(["error"]);
    if (place === "") return;
    const [{ line, path, hint: told = "" } = { line: 0 }] = found;
    expect([`${line}${path === undefined ? "" : ` ${path}`}`, told]).toEqual([place, hint]);
  });

  test("warn of a rule that nobody knows, which devreg may have one day", async () => {
    const lines = await ownLines(stack(), "severity:\n  unknown-kee: error\n");
    expect(lines).toEqual([`warning rules-file ${RULES}:2 severity.unknown-kee`]);
  });

  test("hold for their own repository alone where there are several", async () => {
    const none = await check(stack(CONTAINER("nginx")), "");
    expect(none.report.overruled).toEqual({ exempted: 0, silenced: 0 });
    expect((await generateFiles(stack())).report.overruled).toBeUndefined();
  });
});
