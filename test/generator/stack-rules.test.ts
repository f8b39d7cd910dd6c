import { describe, expect, test } from "bun:test";
import {
  devfileText,
  generateFiles,
  type RepositoryFiles,
  stackText,
  tellingLines,
} from "../support/registry-repository.ts";

const GO = "stacks/go";
const ONE = { [`${GO}/1.0.0/devfile.yaml`]: devfileText() };
const DEFAULT = "  - version: 1.0.0\n    default: true";
const stack = (versions = DEFAULT, head?: string): RepositoryFiles => ({
  [`${GO}/stack.yaml`]: stackText(versions, head),
});
const only = (metadata: Parameters<typeof devfileText>[0], rest = ""): RepositoryFiles => ({
  [`${GO}/devfile.yaml`]: devfileText(metadata, rest),
});

describe("generate() on stacks", () => {
  test.each<[string, RepositoryFiles, string[]]>([
    ["a stack without stack.yaml", only({}), []],
    ["a stack with stack.yaml", { ...ONE, ...stack() }, []],
    [
      "a stack.yaml without anything",
      { ...ONE, [`${GO}/stack.yaml`]: "" },
      [
        "warning version-folder-unlisted stacks/go/1.0.0",
        "error stack-required stacks/go/stack.yaml displayName",
        "error stack-required stacks/go/stack.yaml icon",
        "error stack-required stacks/go/stack.yaml name",
        "error stack-versions stacks/go/stack.yaml versions",
      ],
    ],
    [
      "a stack.yaml with empty fields",
      {
        ...ONE,
        [`${GO}/stack.yaml`]: `name: ""\ndisplayName: ~\nicon: ''\nversions:\n${DEFAULT}\n`,
      },
      [
        "error stack-required stacks/go/stack.yaml:1 name",
        "error stack-required stacks/go/stack.yaml:2 displayName",
        "error stack-required stacks/go/stack.yaml:3 icon",
      ],
    ],
    [
      "two defaults",
      {
        ...ONE,
        [`${GO}/1.1.0/devfile.yaml`]: devfileText({ version: "1.1.0" }),
        ...stack(`${DEFAULT}\n  - version: 1.1.0\n    default: on`),
      },
      ["error stack-default stacks/go/stack.yaml:8 versions[1].default"],
    ],
    [
      "no default",
      { ...ONE, ...stack("  - version: 1.0.0") },
      ["error stack-default stacks/go/stack.yaml:5 versions"],
    ],
    [
      "a version without a folder",
      { ...ONE, ...stack(`${DEFAULT}\n  - version: 1.1.0`) },
      ["error version-folder-missing stacks/go/stack.yaml:7 versions[1].version"],
    ],
    [
      "a folder that stack.yaml does not list",
      { ...ONE, ...stack(), [`${GO}/2.0.0/.devfile.yaml`]: "", [`${GO}/docs/x`]: "" },
      ["warning version-folder-unlisted stacks/go/2.0.0"],
    ],
    [
      "versions that are no x.y.z",
      {
        ...ONE,
        [`${GO}/1.10/devfile.yaml`]: devfileText({ version: '"1.10"' }),
        [`${GO}/2.0.0-rc/devfile.yaml`]: devfileText({ version: "2.0.0-rc" }),
        ...stack(`${DEFAULT}\n  - version: 1.10\n  - version: 2.0.0-rc\n  - default: false`),
      },
      [
        "error schema-pattern stacks/go/1.10/devfile.yaml:4 metadata.version",
        "error version-not-semver stacks/go/stack.yaml:7 versions[1].version",
        "error version-not-semver stacks/go/stack.yaml:8 versions[2].version",
        "error version-not-semver stacks/go/stack.yaml:9 versions[3].version",
      ],
    ],
    [
      "a version that lies in another repository",
      { ...ONE, ...stack(`${DEFAULT}\n  - version: 2.0.0\n    git: {url: https://x}`) },
      [],
    ],
    [
      "a default that lies in another repository",
      {
        ...ONE,
        ...stack("  - version: 1.0.0\n  - version: 2.0.0\n    default: true\n    git: {}"),
      },
      ["warning default-not-fetched stacks/go/stack.yaml:7 versions[1].default"],
    ],
    [
      "folder, stack.yaml and metadata that disagree",
      {
        [`${GO}/1.0.0/devfile.yaml`]: devfileText({ name: "golang", version: "1.0.1" }),
        ...stack(DEFAULT, "name: gopher"),
      },
      [
        "warning stack-name-disagrees stacks/go/1.0.0/devfile.yaml:3 metadata.name",
        "warning version-disagrees stacks/go/1.0.0/devfile.yaml:4 metadata.version",
        "warning stack-name-disagrees stacks/go/stack.yaml:1 name",
      ],
    ],
    [
      "two folders of one version",
      {
        ...ONE,
        [`${GO}/1.1.0/devfile.yaml`]: devfileText(),
        ...stack(`${DEFAULT}\n  - version: 1.1.0`),
      },
      [
        "warning version-duplicate stacks/go/1.0.0/devfile.yaml:4 metadata.version",
        "warning version-disagrees stacks/go/1.1.0/devfile.yaml:4 metadata.version",
      ],
    ],
    [
      "a folder whose name OCI does not allow",
      { "stacks/Go Lang/devfile.yaml": devfileText({ name: "Go Lang" }) },
      ["warning stack-folder-name stacks/Go Lang"],
    ],
    [
      "a folder whose name no build can have",
      { ...only({}), "stacks/back\\slash/devfile.yaml": devfileText({ name: "back" }) },
      [
        "error stack-folder-name stacks/back\\slash",
        "warning stack-name-disagrees stacks/back\\slash/devfile.yaml:3 metadata.name",
      ],
    ],
    [
      "a folder without a devfile",
      { ...only({}), "stacks/empty/README.md": "" },
      ["error no-devfile stacks/empty"],
    ],
    [
      "a version folder without a devfile",
      { ...stack(), [`${GO}/1.0.0/README.md`]: "" },
      ["error no-devfile stacks/go/1.0.0"],
    ],
    ["versions without a stack.yaml", ONE, ["error no-devfile stacks/go"]],
    [
      "both devfile names",
      { ...only({}), [`${GO}/.devfile.yaml`]: devfileText() },
      ["error both-devfiles stacks/go/.devfile.yaml"],
    ],
    [
      "two stacks and a sample of one name",
      {
        ...only({}),
        "stacks/go2/devfile.yaml": devfileText(),
        "extraDevfileEntries.yaml":
          "samples:\n  - name: go\n    icon: i\n    git: {remotes: {origin: u}}\n",
      },
      [
        "warning name-duplicate extraDevfileEntries.yaml:2 samples[0].name",
        "warning name-duplicate stacks/go2/devfile.yaml:3 metadata.name",
        "warning stack-name-disagrees stacks/go2/devfile.yaml:3 metadata.name",
      ],
    ],
    [
      "a stack.yaml with values of a wrong type",
      { ...ONE, ...stack(`${DEFAULT}\n    tags: Go\n  - version: [1]`, "name: {a: b}") },
      [
        "error yaml-type stacks/go/stack.yaml:1 name",
        "error yaml-type stacks/go/stack.yaml:7 versions[0].tags",
        "error yaml-type stacks/go/stack.yaml:8 versions[1].version",
      ],
    ],
  ])("judges %s", async (_, files, expected) => {
    expect(tellingLines(await generateFiles(files))).toEqual(expected);
  });
});

describe("generate() on devfiles", () => {
  test.each<[string, RepositoryFiles, string[]]>([
    [
      "required metadata that is missing or empty",
      only({ name: null, version: '""', displayName: null, language: null, projectType: "~" }),
      [
        "error metadata-required stacks/go/devfile.yaml:3 metadata.displayName",
        "error metadata-required stacks/go/devfile.yaml:3 metadata.language",
        "error metadata-required stacks/go/devfile.yaml:3 metadata.name",
        "error schema-pattern stacks/go/devfile.yaml:3 metadata.version",
        "error schema-type stacks/go/devfile.yaml:4 metadata.projectType",
      ],
    ],
    [
      "metadata that YAML does not read as text",
      only({ version: "1.10", displayName: "yes", tags: "[a, 3.9, 'b', ~]", other: "1.10" }),
      [
        "error schema-type stacks/go/devfile.yaml:4 metadata.version",
        "error schema-type stacks/go/devfile.yaml:5 metadata.displayName",
        "error schema-type stacks/go/devfile.yaml:9 metadata.tags[1]",
        "error schema-type stacks/go/devfile.yaml:9 metadata.tags[3]",
      ],
    ],
    [
      "a version that cannot be a tag",
      only({ version: "1.0.0+build.1" }),
      ["warning version-tag stacks/go/devfile.yaml:4 metadata.version"],
    ],
    [
      "a version that cannot be a folder",
      only({ version: "../1.0.0" }),
      ["error schema-pattern stacks/go/devfile.yaml:4 metadata.version"],
    ],
    [
      "no icon anywhere",
      only({ icon: null }),
      ["error icon-missing stacks/go/devfile.yaml:3 metadata"],
    ],
    [
      "an unknown deployment scope in an entry that lacks other things",
      only({ deploymentScopes: "{innerloop: true, middle: false}" }),
      ["warning deployment-scope stacks/go/devfile.yaml:3 metadata"],
    ],
    [
      "an unknown deployment scope in a complete entry",
      only({
        deploymentScopes: "{outerloop: true, middle: false}",
        provider: "p",
        supportUrl: "u",
        architectures: "[amd64]",
      }),
      ["error deployment-scope stacks/go/devfile.yaml:3 metadata"],
    ],
    [
      "values of a wrong type",
      only({ tags: "Go" }, "commands: {a: b}\nstarterProjects:\n  - name: []\n"),
      [
        "error yaml-type stacks/go/devfile.yaml:9 metadata.tags",
        "error yaml-type stacks/go/devfile.yaml:10 commands",
        "error schema-one-of stacks/go/devfile.yaml:12 starterProjects[0]",
        "error yaml-type stacks/go/devfile.yaml:12 starterProjects[0].name",
      ],
    ],
  ])("judges %s", async (_, files, expected) => {
    expect(tellingLines(await generateFiles(files))).toEqual(expected);
  });

  test.each([
    ["2.0.0", true],
    ["2.2.0-alpha", true],
    ["2.3.0", true],
    ["v1alpha2", false],
    ["2.2", false],
    ["'2.2'", false],
    ["1.0.0", false],
    ["", false],
  ])("takes the schema version %s: %p", async (version, accepted) => {
    const text = devfileText().replace("2.2.0", version);
    const { build } = await generateFiles({ "stacks/go/devfile.yaml": text });
    expect(build !== undefined).toBe(accepted);
  });
});

test.each([
  ["devfile.yml", "Rename devfile.yml to devfile.yaml"],
  ["Devfile.yaml", "Rename Devfile.yaml to devfile.yaml"],
  ["README.md", "Add the stack's devfile.yaml, or remove the folder"],
])("generate() says what to do about a stack with %s alone", async (name, hint) => {
  const { report } = await generateFiles({ [`stacks/a/${name}`]: devfileText({ name: "a" }) });
  const found = report.findings.filter(({ rule }) => rule === "no-devfile");
  expect(found.map((finding) => finding.hint)).toEqual([hint]);
});
