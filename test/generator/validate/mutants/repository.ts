import { STACK_FILE_BYTES } from "../../../../src/limits.ts";
import {
  APP,
  BASE,
  CHILD_DEVFILE,
  DATES,
  EXTRA_ENTRIES,
  OLD,
  PARENT_DEVFILE,
  STACK_YAML,
} from "./base.ts";
import { changed, type Files, type Mutant, mutants } from "./mutant.ts";

const SECOND = "      - version: 1.0.0\n        schemaVersion: 2.2.0\n        git:\n";
const RULES = "devreg.rules.yaml";

/** Moves the files of a folder. */
function moved(from: string, to: string): Files {
  const paths = Object.keys(BASE).filter((path) => path.startsWith(`${from}/`));
  return Object.fromEntries(
    paths.flatMap((path) => [
      [path, undefined],
      [`${to}${path.slice(from.length)}`, BASE[path]],
    ]),
  );
}

function without(...paths: readonly string[]): Files {
  return Object.fromEntries(paths.map((path) => [path, undefined]));
}

/** A mutant of which the files say it all. */
function filed(name: string, expects: string | readonly string[], files: Files): Mutant {
  const all = typeof expects === "string" ? [expects] : expects;
  return { name, expects: all, file: STACK_YAML, edits: [], files };
}

const OF_STACKS: readonly Mutant[] = [
  ...mutants("error metadata-required", [
    [
      "no display name",
      "metadata:\n  name: app\n  version: 1.1.0\n  displayName: App\n",
      "metadata:\n  »name: app\n  version: 1.1.0\n",
    ],
    [
      "no language",
      "metadata:\n  name: app\n  version: 1.1.0\n  displayName: App\n  description: An app\n  language: Go\n",
      "metadata:\n  »name: app\n  version: 1.1.0\n  displayName: App\n  description: An app\n",
    ],
    ["an empty project type", "projectType: Web", 'projectType: »""'],
    ["no version", "  name: app\n  version: 1.1.0\n", "  »name: app\n"],
    ["no name", "  name: app\n  version: 1.1.0\n", "  »version: 1.1.0\n"],
  ]),
  ...mutants("warning version-disagrees", [
    ["another version", "version: 1.1.0", "version: »1.2.0"],
  ]),
  ...mutants("warning stack-name-disagrees", [["another name", "  name: app\n", "  name: »web\n"]]),
  ...mutants(
    "warning stack-name-disagrees",
    [["another name", "name: app\n", "name: »web\n"]],
    STACK_YAML,
  ),
  ...mutants(
    "error stack-required",
    [
      ["no display name", "name: app\ndisplayName: App\n", "»name: app\n"],
      [
        "no icon",
        "name: app\ndisplayName: App\ndescription: An app\nicon: https://app.example/logo.svg\n",
        "»name: app\ndisplayName: App\ndescription: An app\n",
      ],
      ["an empty name", "name: app\n", "name: »\n"],
    ],
    STACK_YAML,
  ),
  ...mutants(
    "error stack-default",
    [
      ["no default", "  - version: 1.1.0\n    default: true\n", "  »- version: 1.1.0\n"],
      ["two defaults", "  - version: 1.0.0\n", "  - version: 1.0.0\n    default: »true\n"],
    ],
    STACK_YAML,
  ),
  ...mutants(
    "warning unknown-key",
    [
      ["a key that is misspelled", "provider: Example", "provider: Example\nproviders: »Example"],
      ["a key of a version", "  - version: 1.0.0\n", "  - version: 1.0.0\n    folder: »old\n"],
    ],
    STACK_YAML,
  ),
  ...mutants(
    "error version-not-semver",
    [["a version of a word", "  - version: 1.0.0\n", "  - version: 1.0.0\n  - version: »\n"]],
    STACK_YAML,
  ),
  ...mutants(
    ["error version-folder-missing"],
    [
      [
        "a version without folder",
        "  - version: 1.0.0\n",
        "  - version: 1.0.0\n  - version: »0.9.0\n",
      ],
    ],
    STACK_YAML,
  ),
  ...mutants(
    [`warning version-folder-unlisted stacks/app/1.0.0`],
    [["a folder without version", "  - version: 1.0.0\n", ""]],
    STACK_YAML,
  ),
  ...mutants(
    "warning default-not-newest",
    [
      [
        "the older is the default",
        "  - version: 1.1.0\n    default: true\n  - version: 1.0.0\n",
        "  - version: 1.1.0\n  - version: 1.0.0\n    default: »true\n",
      ],
    ],
    STACK_YAML,
  ),
  ...mutants(
    "warning default-not-fetched",
    [
      [
        "a default elsewhere",
        "  - version: 1.1.0\n    default: true\n",
        "  - version: 1.1.0\n  - version: 2.0.0\n    default: »true\n    git: {remotes: {origin: https://app.example/two.git}}\n",
      ],
    ],
    STACK_YAML,
  ),
  {
    name: "no provider",
    expects: [`warning entry-incomplete ${STACK_YAML}:1:1`],
    file: STACK_YAML,
    edits: [["provider: Example\n", ""]],
    files: changed(APP, "  provider: Example\n", ""),
  },
  {
    name: "an unknown scope",
    expects: [`error deployment-scope ${STACK_YAML}:1:1`],
    file: STACK_YAML,
    edits: [["  - version: 1.0.0\n", "  - version: 1.0.0\ndeploymentScopes: {middleloop: true}\n"]],
  },
  ...mutants("warning deprecated-spelling", [
    ["a tag in small letters", "tags: [Go, Web]", "tags: [Go, »deprecated]"],
  ]),
  ...mutants("warning deprecated-unseen", [
    ["an attribute alone", "    team: one", "    lifecycle: »deprecated"],
  ]),
  ...mutants(
    "warning deprecated-disagrees",
    [
      [
        "the attribute says no",
        "tags: [Go, Web]\n  architectures: [amd64, arm64]\n  attributes:\n    team: one",
        "tags: [Deprecated]\n  architectures: [amd64, arm64]\n  attributes:\n    deprecated: »false",
      ],
    ].map(([a = "", b = "", c = ""]) => [a, b, c] as const),
  ),
  {
    name: "a deprecated default beside a version that is not",
    expects: [`warning deprecated-default ${STACK_YAML}:10:14`],
    file: APP,
    edits: [
      ["  version: 1.1.0", "  version: 1.1.0"],
      ["[Go, Web]", "[Deprecated]"],
    ],
    files: {
      ...changed(STACK_YAML, "  - version: 1.0.0\n", "  - version: 1.2.0\n"),
      ...moved("stacks/app/1.0.0", "stacks/app/1.2.0"),
      "stacks/app/1.2.0/devfile.yaml": BASE[OLD]?.replace("version: 1.0.0", "version: 1.2.0"),
    },
  },
  filed(
    "a folder in capitals",
    [
      "warning stack-folder-name stacks/Parent",
      "warning stack-name-disagrees stacks/Parent/devfile.yaml:3:9",
    ],
    { ...moved("stacks/parent", "stacks/Parent"), [CHILD_DEVFILE]: undefined },
  ),
  filed("no devfile", "error no-devfile stacks/none", { "stacks/none/logo.svg": "<svg/>" }),
  filed("two devfiles", "error both-devfiles stacks/parent/.devfile.yaml", {
    "stacks/parent/.devfile.yaml": BASE[PARENT_DEVFILE],
  }),
  filed(
    "a large file",
    ["error package stacks/parent", "error file-too-large stacks/parent/large"],
    { "stacks/parent/large": STACK_FILE_BYTES + 1 },
  ),
  filed("an archive beside files", "error package stacks/parent", {
    "stacks/parent/archive.tar": "x",
    "stacks/parent/file": "x",
  }),
  filed("the first version of devfiles", "error devfile-v1 stacks/old/devfile.yaml:1:13", {
    "stacks/old/devfile.yaml": "apiVersion: 1.0.0\nmetadata: {name: old}\n",
  }),
  filed(
    "no stacks",
    "error no-stacks stacks",
    without(...Object.keys(BASE).filter((path) => path.startsWith("stacks/"))),
  ),
  filed("no dates", `warning no-last-modified ${DATES}`, without(DATES)),
  filed("dates that are none", `error last-modified ${DATES}`, { [DATES]: "[]" }),
  filed("a sample that is not listed", "warning sample-unlisted samples/more", {
    "samples/more/devfile.yaml": "schemaVersion: 2.2.0\nmetadata: {name: more}\n",
  }),
  ...mutants(
    ["warning name-duplicate", "warning sample-unlisted samples/sample"],
    [["a sample named like a stack", "  - name: sample\n", "  - name: »app\n"]],
    EXTRA_ENTRIES,
  ),
  ...mutants(
    "error extra-default",
    [
      [
        "two defaults",
        SECOND,
        SECOND.replace("        git", "        default: »true\n        git"),
      ],
    ],
    EXTRA_ENTRIES,
  ),
  ...mutants(
    ["warning extra-name", "warning sample-unlisted samples/sample"],
    [["no name", "  - name: sample\n    displayName: Sample\n", "  - »displayName: Sample\n"]],
    EXTRA_ENTRIES,
  ),
  ...mutants(
    "error extra-required",
    [
      [
        "no schema version",
        "      - version: 1.0.0\n        schemaVersion: 2.2.0\n",
        "      - »version: 1.0.0\n",
      ],
    ],
    EXTRA_ENTRIES,
  ),
  ...mutants(
    "warning sample-remotes",
    [
      [
        "two remotes",
        "{origin: https://sample.example/one.git}",
        "»{origin: https://sample.example/one.git, more: https://sample.example/more.git}",
      ],
    ],
    EXTRA_ENTRIES,
  ),
  ...mutants(
    "warning extra-folder-name",
    [["a version that can be no folder", "version: 1.0.0", "version: »../1"]],
    EXTRA_ENTRIES,
  ),
  ...mutants(
    "warning unknown-key",
    [["a list that is misspelled", "samples:\n", "sample: »[]\nsamples:\n"]],
    EXTRA_ENTRIES,
  ),
  ...mutants(
    "error icon-missing",
    [
      [
        "no icon",
        "  - name: sample\n    displayName: Sample\n    description: A sample\n    icon: https://sample.example/logo.svg\n",
        "  - »name: sample\n    displayName: Sample\n    description: A sample\n",
      ],
    ],
    EXTRA_ENTRIES,
  ),
  ...mutants(
    "warning extra-stack-files",
    [
      [
        "a stack without files",
        "samples:\n",
        "stacks:\n  - »name: far\n    displayName: Far\n    icon: https://far.example/x.svg\n    provider: Far\n    supportUrl: https://far.example\n    architectures: [amd64]\n    versions:\n      - {version: 1.0.0, schemaVersion: 2.2.0, default: true, links: {self: a}, resources: [b]}\nsamples:\n",
      ],
    ],
    EXTRA_ENTRIES,
  ),
];

const OF_VERSIONS: readonly Mutant[] = [
  ...mutants(
    "error yaml-value",
    [
      [
        "an attribute that JSON has no word for",
        "name: app\n",
        "name: app\nattributes: {rate: ».inf}\n",
      ],
    ],
    STACK_YAML,
  ),
  ...mutants(
    "error stack-versions",
    [["no versions", "name: app\n", "»name: app\n"]],
    STACK_YAML,
  ).map((mutant) => ({
    ...mutant,
    edits: [
      ...mutant.edits,
      ["versions:\n  - version: 1.1.0\n    default: true\n  - version: 1.0.0\n", ""] as const,
    ],
    files: without(APP, OLD, "stacks/app/1.1.0/deploy.yaml", "stacks/app/1.1.0/Dockerfile"),
  })),
  {
    name: "two folders of one version",
    expects: ["warning version-duplicate", "warning version-disagrees"],
    file: OLD,
    edits: [["version: 1.0.0", "version: »»1.1.0"]],
  },
  ...mutants(
    ["warning version-tag", "warning version-disagrees"],
    [["a version that can be no tag", "  version: 1.1.0", "  version: »»1.1.0+build"]],
  ),
  filed(
    "an index of the repository's own",
    Array.from({ length: 4 }, () => "warning index-differs index.json"),
    { "index.json": "[]" },
  ),
];

const OF_RULES: readonly Mutant[] = [
  {
    name: "a rule that would be less of an error",
    expects: [`warning severity-kept ${RULES}:1:22`, "error quantity"],
    file: APP,
    edits: [["memoryLimit: 1Gi", "memoryLimit: »1GB"]],
    files: { [RULES]: "severity: {quantity: warning}\n" },
  },
  filed("an exemption that nothing needs", `warning exemption-unused ${RULES}:2:5`, {
    [RULES]: "exempt:\n  - paths: [stacks/**]\n    rules: [uri]\n    reason: none\n",
  }),
];

/** What stacks, samples, their entries and references get wrong. */
export const REPOSITORY_MUTANTS: readonly Mutant[] = [...OF_STACKS, ...OF_VERSIONS, ...OF_RULES];
