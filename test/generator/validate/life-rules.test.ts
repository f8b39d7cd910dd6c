import { describe, expect, test } from "bun:test";
import {
  devfileText,
  generateFiles,
  type RepositoryFiles,
  stackText,
} from "../../support/registry-repository.ts";

const GO = "stacks/go";

async function found(files: RepositoryFiles, rules: RegExp): Promise<string[]> {
  const { report } = await generateFiles(files);
  return report.findings
    .filter(({ rule }) => rules.test(rule))
    .map(
      ({ severity, rule, file, line, column, path, message, hint }) =>
        `${severity} ${rule} ${file}:${line}:${column} ${path} | ${message} | ${hint}`,
    );
}

/** A stack of versions, each with more lines of metadata; the first is the default. */
function stack(versions: Readonly<Record<string, string>>, more = ""): RepositoryFiles {
  const [first] = Object.keys(versions);
  const listed = Object.keys(versions).map(
    (version) => `  - version: ${version}${version === first ? "\n    default: true" : ""}`,
  );
  return {
    [`${GO}/stack.yaml`]: `${stackText(listed.join("\n"))}${more}`,
    ...Object.fromEntries(
      Object.entries(versions).map(([version, metadata]) => [
        `${GO}/${version}/devfile.yaml`,
        devfileText({ version }).replace("metadata:\n", `metadata:\n${metadata}`),
      ]),
    ),
  };
}

const DEPRECATED = "  tags: [Go, Deprecated]\n";

describe("generate() on what is deprecated", () => {
  test.each<[string, RepositoryFiles, string[]]>([
    ["what is not", stack({ "1.0.0": "  tags: [Go]\n" }), []],
    ["a stack all of which is", stack({ "1.0.0": DEPRECATED, "2.0.0": DEPRECATED }), []],
    ["an older version that is", stack({ "2.0.0": "", "1.0.0": DEPRECATED }), []],
    [
      "a default that is, beside an older one that is not",
      stack({ "2.0.0": DEPRECATED, "1.0.0": "" }),
      [],
    ],
    [
      "the tag in another case",
      stack({ "1.0.0": "  tags: [deprecated]\n" }),
      [
        `warning deprecated-spelling ${GO}/1.0.0/devfile.yaml:3:10 metadata.tags[0] | the tag "deprecated" deprecates nothing: readers look for "Deprecated" | Write Deprecated`,
      ],
    ],
    [
      "a default that is, beside one that is not",
      stack({ "1.0.0": DEPRECATED, "1.1.0": "", "2.0.0": DEPRECATED }),
      [
        `warning deprecated-default ${GO}/stack.yaml:6:14 versions[0].default | the default version "1.0.0" is deprecated and "1.1.0" is not: readers see all of "go" as deprecated | Make "1.1.0" the default`,
      ],
    ],
    [
      "an attribute without the tag",
      stack({ "1.0.0": "  attributes: {lifecycle: deprecated}\n" }),
      [
        `warning deprecated-unseen ${GO}/1.0.0/devfile.yaml:3:27 metadata.attributes.lifecycle | no reader sees that it is deprecated: they look at tags, not at attributes | Add the tag Deprecated`,
      ],
    ],
    [
      "an attribute of stack.yaml without the tag",
      stack({ "1.0.0": "" }, "attributes:\n  deprecated: true\n"),
      [
        `warning deprecated-unseen ${GO}/stack.yaml:8:15 attributes.deprecated | no reader sees that it is deprecated: they look at tags, not at attributes | Add the tag Deprecated`,
      ],
    ],
    [
      "an attribute that says otherwise than the tag",
      stack({ "1.0.0": `${DEPRECATED}  attributes: {lifecycle: maintained}\n` }),
      [
        `warning deprecated-disagrees ${GO}/1.0.0/devfile.yaml:4:27 metadata.attributes.lifecycle | lifecycle is "maintained", yet by its tag it is deprecated, and readers see the tag | Remove the tag Deprecated, or change lifecycle`,
      ],
    ],
    [
      "an attribute that agrees with the tag",
      stack(
        { "1.0.0": `${DEPRECATED}  attributes: {lifecycle: Deprecated}\n` },
        "tags: [Deprecated]\n",
      ),
      [],
    ],
  ])("judges %s", async (_, files, expected) => {
    expect(await found(files, /^deprecated-/)).toEqual(expected);
  });
});

describe("generate() on defaults", () => {
  test.each<[string, RepositoryFiles, string[]]>([
    ["the newest", stack({ "1.10.0": "", "1.9.0": "" }), []],
    [
      "an older one",
      stack({ "1.9.0": "", "1.10.0": "" }),
      [
        `warning default-not-newest ${GO}/stack.yaml:6:14 versions[0].default | the default is version "1.9.0" and the newest is "1.10.0" | Make "1.10.0" the default, if it is meant for everybody`,
      ],
    ],
    ["the newest but for deprecated ones", stack({ "1.9.0": "", "1.10.0": DEPRECATED }), []],
    [
      "an older one of a sample",
      {
        ...stack({ "1.0.0": "" }),
        "extraDevfileEntries.yaml": `samples:
  - name: hello
    versions:
      - {version: 1.0.0, schemaVersion: 2.2.0, default: true, git: {remotes: {o: "https://x/y"}}}
      - {version: 2.0.0, schemaVersion: 2.2.0, git: {remotes: {o: "https://x/y"}}}
`,
      },
      [
        `warning default-not-newest extraDevfileEntries.yaml:4:57 samples[0].versions[0].default | the default is version "1.0.0" and the newest is "2.0.0" | Make "2.0.0" the default, if it is meant for everybody`,
      ],
    ],
    [
      "one in another repository, which was not fetched",
      {
        [`${GO}/stack.yaml`]: stackText(
          "  - version: 1.0.0\n  - version: 2.0.0\n    default: true\n    git: {remotes: {o: 'https://x/y'}}",
        ),
        [`${GO}/1.0.0/devfile.yaml`]: devfileText(),
      },
      [
        `warning default-not-fetched ${GO}/stack.yaml:7:14 versions[1].default | the default version "2.0.0" is not here: clients that ask for the default find none | Generate with network, or make a version that is here the default`,
      ],
    ],
  ])("judges %s", async (_, files, expected) => {
    expect(await found(files, /^default-/)).toEqual(expected);
  });
});

describe("generate() on versions that disagree", () => {
  test.each<[string, RepositoryFiles, string[]]>([
    [
      "metadata of another version",
      {
        [`${GO}/stack.yaml`]: stackText("  - version: 1.0.0\n    default: true"),
        [`${GO}/1.0.0/devfile.yaml`]: devfileText({ version: "1.1.0" }),
      },
      [
        `warning version-disagrees ${GO}/1.0.0/devfile.yaml:4:12 metadata.version | the version "1.1.0" is not that of stack.yaml and of the folder, "1.0.0" | Make all three the same: "1.1.0" is published, and the Go server, which looks for its folder, would not start`,
      ],
    ],
    [
      "a version without a folder, and a folder that is no version",
      {
        [`${GO}/stack.yaml`]: stackText(
          "  - version: 1.0.0\n    default: true\n  - version: 1.1.0",
        ),
        [`${GO}/1.0.0/devfile.yaml`]: devfileText(),
        [`${GO}/1.10.0/devfile.yaml`]: devfileText({ version: "1.10.0" }),
      },
      [
        `warning version-folder-unlisted ${GO}/1.10.0:undefined:undefined undefined | "${GO}/stack.yaml" does not list this version, so it is not published | Add "- version: 1.10.0" to versions, or remove the folder`,
        `error version-folder-missing ${GO}/stack.yaml:7:14 versions[1].version | Cannot find version "1.1.0": there is no folder "${GO}/1.1.0" | Add the folder with its devfile, or take the version out of stack.yaml`,
      ],
    ],
    [
      "names",
      {
        [`${GO}/stack.yaml`]: stackText("  - version: 1.0.0\n    default: true", "name: golang"),
        [`${GO}/1.0.0/devfile.yaml`]: devfileText({ name: "g" }),
      },
      [
        `warning stack-name-disagrees ${GO}/1.0.0/devfile.yaml:3:9 metadata.name | the name "g" is not that of the stack's folder, "go" | Give both one name: clients know the stack by that of stack.yaml, tools show this one`,
        `warning stack-name-disagrees ${GO}/stack.yaml:1:7 name | the name "golang" is not that of the stack's folder, "go" | Give both one name: OCI clients ask by that of the folder, and the Go server would not start`,
      ],
    ],
  ])("judges %s", async (_, files, expected) => {
    expect(await found(files, /^(version|stack)-/)).toEqual(expected);
  });
});

describe("generate() on old and odd content", () => {
  test("names a devfile of version 1, and nothing else that is wrong with it", async () => {
    const text =
      "# old\napiVersion: 1.0.0\nmetadata:\n  generateName: go-\ncomponents:\n  - type: chePlugin\n    id: x/y\n";
    expect(await found({ [`${GO}/devfile.yaml`]: text }, /./)).toEqual([
      `warning no-last-modified last_modified.json:undefined:undefined undefined | no dates are known: there is neither this file nor a git history | Generate from a git checkout, or add the file`,
      `error devfile-v1 ${GO}/devfile.yaml:2:13 apiVersion | this is a devfile of version 1 (apiVersion 1.0.0), which nothing reads any more | Migrate it to schemaVersion 2.3.0: https://devfile.io/docs/2.3.0/migrating-to-devfile-v2`,
    ]);
  });

  test("tells of names that no folder can have", async () => {
    const files = {
      ...stack({ "1.0.0": "" }),
      "extraDevfileEntries.yaml":
        "samples:\n  - name: a/b\n    git: {remotes: {o: 'https://x/y'}}\n",
    };
    expect(await found(files, /^extra-folder/)).toEqual([
      `warning extra-folder-name extraDevfileEntries.yaml:2:11 samples[0].name | "a/b" can be no folder, so that nobody can download the devfile | Use letters and digits, joined by '-', '_' or '.'`,
    ]);
  });
});
