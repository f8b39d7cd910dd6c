import { describe, expect, test } from "bun:test";
import { findImages } from "../../../src/cli/find-images.ts";
import { DevregError, type ErrorCode } from "../../../src/errors.ts";
import type { Outside } from "../../../src/generator/index.ts";
import {
  devfileText,
  generateFiles,
  type RepositoryFiles,
  stackText,
} from "../../support/registry-repository.ts";

const IMAGE = (image: string) =>
  `components:\n  - name: c\n    container:\n      image: ${image}\n`;
const STARTERS = [
  "starterProjects:",
  "  - name: git",
  "    git:",
  "      remotes: {origin: https://git.example.com/a.git}",
  "      checkoutFrom: {revision: v1}",
  "  - name: zip",
  "    zip: {location: https://files.example.com/a.zip}",
  "  - name: beside",
  "    zip: {location: beside.zip}",
  "  - name: many",
  "    git:",
  "      remotes: {one: https://git.example.com/b.git, two: https://git.example.com/c.git}\n",
].join("\n");

/** Answers from a table, and notes what it was asked. */
class StubOutside implements Outside {
  readonly asked: string[] = [];
  readonly #answers: Readonly<Record<string, readonly string[] | ErrorCode>>;

  constructor(answers: Readonly<Record<string, readonly string[] | ErrorCode>> = {}) {
    this.#answers = answers;
  }

  async findImage(image: string, withPlatforms: boolean): Promise<readonly string[] | undefined> {
    const answer = this.#answer(`${image}${withPlatforms ? " platforms" : ""}`, image);
    return answer === "NOT_FOUND" ? undefined : this.#given(image, answer);
  }

  async checkRevision({ url, revision }: Parameters<Outside["checkRevision"]>[0]): Promise<void> {
    const name = `${url}#${revision ?? ""}`;
    this.#given(name, this.#answer(name, name));
  }

  async checkArchive({ href }: URL): Promise<void> {
    this.#given(href, this.#answer(href, href));
  }

  #answer(asked: string, name: string): readonly string[] | ErrorCode {
    this.asked.push(asked);
    return this.#answers[name] ?? [];
  }

  #given(name: string, answer: readonly string[] | ErrorCode): readonly string[] {
    if (typeof answer !== "string") return answer;
    throw new DevregError(answer, `Cannot ask "${name}": ${answer}`);
  }
}

async function ask(files: RepositoryFiles, online: Outside, rules = "{}") {
  const all = { ...files, "devreg.rules.yaml": rules };
  const { report, build } = await generateFiles(all, { findImages, online });
  const found = report.findings.filter(({ rule }) => /^(?:image|source)-(?!dup)/.test(rule));
  const lines = found.map(({ severity, rule, file, line, path }) =>
    [severity, rule, `${file}:${line}`, path].join(" "),
  );
  return { lines, found, build };
}

const DEVFILE = "stacks/go/devfile.yaml";

describe("generate() that asks outside", () => {
  test("asks for every image, revision and archive once, and says nothing of what is there", async () => {
    const outside = new StubOutside();
    const files = {
      [DEVFILE]: devfileText({}, IMAGE("quay.io/a:1") + STARTERS),
      "stacks/java/devfile.yaml": devfileText({ name: "java" }, IMAGE("quay.io/a:1") + STARTERS),
      "stacks/node/devfile.yaml": devfileText(
        { name: "node", architectures: "[amd64]" },
        IMAGE("nginx"),
      ),
      "extraDevfileEntries.yaml":
        "samples:\n  - name: s\n    git: {remotes: {origin: https://git.example.com/s.git}, revision: main}\n",
    };
    expect((await ask(files, outside)).lines).toEqual([]);
    expect(outside.asked.sort()).toEqual([
      "docker.io/library/nginx:latest platforms",
      "https://files.example.com/a.zip",
      "https://git.example.com/a.git#v1",
      "https://git.example.com/s.git#main",
      "quay.io/a:1",
    ]);
  });

  test("warns at every place of what is not there", async () => {
    const outside = new StubOutside({
      "quay.io/a:1": "NOT_FOUND",
      "https://git.example.com/a.git#v1": "NOT_FOUND",
      "https://files.example.com/a.zip": "NOT_FOUND",
    });
    const files = {
      [DEVFILE]: devfileText({}, IMAGE("quay.io/a:1") + STARTERS),
      "stacks/java/devfile.yaml": devfileText({ name: "java" }, IMAGE("quay.io/a:1")),
    };
    const { lines } = await ask(files, outside);
    expect(lines).toEqual([
      `warning image-missing ${DEVFILE}:12 components[0].container.image`,
      `warning source-missing ${DEVFILE}:14 starterProjects[0]`,
      `warning source-missing ${DEVFILE}:18 starterProjects[1]`,
      "warning image-missing stacks/java/devfile.yaml:12 components[0].container.image",
    ]);
  });

  test("compares platforms with the architectures that are declared", async () => {
    const outside = new StubOutside({
      "quay.io/a:1": ["linux/amd64", "linux/arm64/v8"],
      "quay.io/b:1": ["linux/amd64"],
      "quay.io/c:1": [],
    });
    const architectures = "[amd64, arm64]";
    const files = Object.fromEntries(
      ["a", "b", "c"].map((name) => [
        `stacks/${name}/devfile.yaml`,
        devfileText({ name, architectures }, IMAGE(`quay.io/${name}:1`)),
      ]),
    );
    const { lines, found } = await ask(files, outside);
    expect(lines).toEqual([
      "warning image-platform-missing stacks/b/devfile.yaml:13 components[0].container.image",
    ]);
    expect(found[0]?.message).toContain("is not for arm64,");
  });

  test("tells once of a host that is away, and does not ask it again", async () => {
    const versions = ["1", "2", "3"].map((major) => `${major}.0.0`);
    const outside = new StubOutside(
      Object.fromEntries(versions.map((version) => [`quay.io/a:${version}`, "NETWORK"])),
    );
    const list = versions.map((version) => `  - version: ${version}`).join("\n");
    const files = {
      "stacks/go/stack.yaml": stackText(`${list}\n    default: true`),
      ...Object.fromEntries(
        versions.map((version) => [
          `stacks/go/${version}/devfile.yaml`,
          devfileText({ version }, IMAGE(`quay.io/a:${version}`)),
        ]),
      ),
    };
    const { lines, found } = await ask(files, outside);
    expect(lines).toHaveLength(1);
    expect(found[0]).toMatchObject({ severity: "warning", rule: "image-unreachable" });
    expect(found[0]?.message).toMatch(/^not checked: .*; nor were 2 more places there checked$/);
  });

  test("does not take what may not be asked for missing", async () => {
    const outside = new StubOutside({ "quay.io/a:1": "UNAUTHORIZED" });
    const { lines } = await ask({ [DEVFILE]: devfileText({}, IMAGE("quay.io/a:1")) }, outside);
    expect(lines).toEqual([
      `warning image-unreachable ${DEVFILE}:12 components[0].container.image`,
    ]);
  });

  test("is as severe as the repository wants it", async () => {
    const outside = new StubOutside({ "quay.io/a:1": "NOT_FOUND" });
    const files = { [DEVFILE]: devfileText({}, IMAGE("quay.io/a:1")) };
    const { lines, build } = await ask(files, outside, "severity: {image-missing: error}");
    expect(lines).toEqual([`error image-missing ${DEVFILE}:12 components[0].container.image`]);
    expect(build).toBeUndefined();
  });

  test("ends when it is told to", async () => {
    const outside = new StubOutside({ "quay.io/a:1": "ABORTED" });
    const files = { [DEVFILE]: devfileText({}, IMAGE("quay.io/a:1")) };
    await expect(ask(files, outside)).rejects.toMatchObject({ code: "ABORTED" });
  });
});
