import { FILE_FINDINGS, YAML_BYTES } from "../../../../src/limits.ts";
import { APP, EXTRA_ENTRIES, STACK_YAML } from "./base.ts";
import { type Mutant, mutants } from "./mutant.ts";

const bytesOf = (text: string) => Buffer.from(text, "latin1");
const LAUGHS = Array.from({ length: 9 }, (_, level) => {
  const items = level === 0 ? "ha" : Array.from({ length: 9 }, () => `*l${level - 1}`).join(", ");
  return `  l${level}: &l${level} [${items}]`;
}).join("\n");

/** What is no YAML, or not what it seems. */
export const YAML_MUTANTS: readonly Mutant[] = [
  ...mutants("error yaml-syntax", [
    ["a tab indents", "  language: Go\n", "»\tlanguage: Go\n"],
    ["a bracket is open", "  tags: [Go, Web]\n", "  tags: »[Go, Web\n"],
    ["a bracket closes nothing", "tags: [Go, Web]", "tags: [Go, Web]»]"],
    ["a quote is open", 'cpuLimit: "1"\n      cpuRequest: 500m\n', 'cpuLimit: »"1\n'],
    ["text follows a quote", 'cpuLimit: "1"', 'cpuLimit: "1" »core'],
    ["a second colon", "description: An app", "description: »An app: good"],
    ["a colon without a space", "  language: Go\n", "  language»:Go\n"],
    ["a dash without a space", "  - name: cache\n    volume", "  »-name: cache\n    volume"],
    ["a key without a dash", "  - name: cache\n    volume", "  »name: cache\n    volume"],
    ["a key that is indented less", "      cpuRequest: 500m", "     »cpuRequest: 500m"],
    ["a variable without quotes", 'size: "{{size}}"', "size: »{{size}}"],
    ["a text begins with an at", "label: Start it", "label: »@start"],
    ["a text begins with a per cent", "label: Start it", "label: »%start"],
    ["a mark of a conflict", "variables:\n", "»<<<<<<< HEAD\nvariables:\n"],
    ["an escape that means nothing", "label: Start it", 'label: "Start »\\q"'],
    ["text behind the sign of a block", "inlined: |\n", "inlined: | »kind: Pod\n"],
    ["a line without a colon", "variables:\n", "»variables\n"],
    ["a slash that is escaped", "description: An app", 'description: "An »\\/ app"'],
    ["half of a character", "description: An app", 'description: "An »\\ud83d\\ude00"'],
    ["a line that ends in secret", "description: An app", "description: An »\u2028app"],
    ["a tab before a bracket", "tags: [Go, Web]", "tags: [\n    Go\n»\t]"],
    ["YAML of the future", "schemaVersion: 2.3.0", "»%YAML 1.2\n---\nschemaVersion: 2.3.0"],
    [
      "a long key between brackets",
      "attributes:\n  owner: two",
      `attributes: {»${"k".repeat(1100)}: 1}`,
    ],
    ["a list as key", "  owner: two", "  »[a, b]: two"],
    ["a key that is null", "  owner: two", "  »null: two"],
    ["a question mark in brackets", "tags: [Go, Web]", "tags: [Go, a »?]"],
  ]),
  ...mutants("warning yaml-syntax", [
    ["a comment without a space", 'cpuLimit: "1"', 'cpuLimit: "1"»# one'],
  ]),
  ...mutants("error yaml-alias", [
    ["an anchor that is not there", "tags: [Go, Web]", "tags: »*all"],
    ["an anchor that holds itself", "tags: [Go, Web]", "tags: &all [Go, »*all]"],
  ]),
  ...mutants("error yaml-merge", [
    ["a text is merged", "attributes:\n  owner: two", "attributes:\n  <<: »two"],
  ]),
  ...mutants("error yaml-expansion", [
    ["a billion laughs", "schemaVersion: 2.3.0", `»schemaVersion: 2.3.0\nlaughs:\n${LAUGHS}`],
  ]),
  ...mutants("error yaml-character", [
    ["a bell", "description: An app", "description: An »\u0007 app"],
    ["a delete", "label: Start it", "label: Start »\u007f it"],
  ]),
  ...mutants("warning yaml-duplicate-key", [
    ["a key twice", "  owner: two", "  owner: one\n  »owner: two"],
    [
      "a command line twice",
      "commandLine: ./app\n",
      "commandLine: ./x\n      »commandLine: ./app\n",
    ],
  ]),
  ...mutants("warning yaml-several-documents", [
    ["a second document", "  preStop: [check]\n", "  preStop: [check]\n»---\na: b\n"],
  ]),
  ...mutants("error yaml-type", [
    ["a list of tags that is a text", "tags: [Go, Web]", "tags: »Go"],
    ["a language that is a list", "language: Go", "language: »[Go]"],
    ["a schema version that is a list", "schemaVersion: 2.3.0", "schemaVersion: »[2.3.0]"],
    ["a colon without a space below attributes", "  team: one", "  »team:one"],
  ]),
  ...mutants(
    "error yaml-type",
    [["a name that is a list", "name: app", "name: »[app]"]],
    STACK_YAML,
  ),
  ...mutants(
    ["error stack-default", "error yaml-type"],
    [
      [
        "a default that is no flag",
        "  - version: 1.1.0\n    default: true",
        '  »- version: 1.1.0\n    default: »"true"',
      ],
    ],
    STACK_YAML,
  ),
  ...mutants(
    "error yaml-type",
    [["tags that are a text", "tags: [Go]", "tags: »Go"]],
    EXTRA_ENTRIES,
  ),
  {
    name: "a devfile in Latin 1",
    expects: ["error yaml-encoding"],
    file: APP,
    edits: [],
    place: "2:21",
    files: { [APP]: bytesOf("schemaVersion: 2.3.0\nmetadata: {name: caf\xe9}\n") },
  },
  {
    name: "a devfile in braces that is no JSON",
    expects: ["error yaml-syntax"],
    file: APP,
    edits: [],
    files: { [APP]: "»{schemaVersion: 2.3.0, metadata: {name: app}}\n" },
  },
  {
    name: "a devfile that is a list",
    expects: ["error yaml-type"],
    file: APP,
    edits: [],
    files: { [APP]: "»- schemaVersion: 2.3.0\n" },
  },
  {
    name: "a devfile that is far too large",
    expects: ["error yaml-too-large"],
    file: APP,
    edits: [],
    files: { [APP]: bytesOf(`#${"x".repeat(YAML_BYTES)}`) },
  },
  {
    name: "more keys twice than are shown",
    expects: [
      `warning too-many-findings ${APP}`,
      ...Array.from({ length: FILE_FINDINGS }, () => "warning yaml-duplicate-key"),
    ],
    file: APP,
    edits: [
      ["  owner: two\n", `  owner: two\n${"  »owner: two\n".repeat(FILE_FINDINGS)}  owner: two\n`],
    ],
  },
];
