import { APP, BASE } from "./base.ts";

/** A devfile that looks odd and is valid. */
export interface ValidCase {
  readonly name: string;
  readonly text: string;
  /** The rules of its warnings. */
  readonly warnings?: readonly string[];
}

const DEVFILE = BASE[APP] ?? "";
const LONG = "x".repeat(20_000);

function edited(name: string, from: string, to: string, ...warnings: readonly string[]): ValidCase {
  const parts = DEVFILE.split(from);
  if (parts.length !== 2) throw new Error(`"${from}" is ${parts.length - 1} times in the devfile`);
  return { name, text: parts.join(to), ...(warnings.length === 0 ? {} : { warnings }) };
}

/** A devfile of a version without anything that only some versions have. */
function ofVersion(version: string): ValidCase {
  const text = `schemaVersion: ${version}
metadata: {name: app, version: 1.1.0, displayName: App, language: Go, projectType: Web, architectures: [amd64]}
components:
  - name: tools
    container: {image: app.example/tools:1.0, memoryLimit: 1Gi}
commands:
  - id: build
    exec: {component: tools, commandLine: make}
`;
  return { name: `schema version ${version}`, text };
}

const COMMENTS = DEVFILE.split("\n")
  .map((line, at) =>
    line === "" || line.includes("|") || line.startsWith("        kind: Pod")
      ? line
      : `${line} # ${at}\n# é\n     # between`,
  )
  .join("\n");

const WAYS_OF_WRITING: readonly ValidCase[] = [
  { name: "lines that end as in Windows", text: DEVFILE.replaceAll("\n", "\r\n") },
  { name: "a byte order mark", text: `\ufeff${DEVFILE}` },
  { name: "both", text: `\ufeff${DEVFILE.replaceAll("\n", "\r\n")}` },
  { name: "no line end at the end", text: DEVFILE.trimEnd() },
  { name: "comments everywhere", text: COMMENTS },
  { name: "empty lines everywhere", text: DEVFILE.replaceAll("\n", "\n\n") },
  { name: "spaces at the ends of lines", text: DEVFILE.replaceAll("\n", "  \n") },
  { name: "marks of a document", text: `%YAML 1.1\n---\n${DEVFILE}...\n` },
  { name: "a comment before the document", text: `# one\n---\n${DEVFILE}` },
  { name: "all in JSON", text: JSON.stringify(Bun.YAML.parse(DEVFILE)) },
  { name: "all in JSON with tabs", text: JSON.stringify(Bun.YAML.parse(DEVFILE), null, "\t") },
  {
    name: "all in JSON with escapes",
    text: JSON.stringify(Bun.YAML.parse(DEVFILE))
      .replaceAll("/", "\\/")
      .replace("An app", "\\ud83d\\ude00 \\u00e9 {[:,]}"),
  },
  { name: "all in JSON of many lines", text: JSON.stringify(Bun.YAML.parse(DEVFILE), null, 2) },
  { name: "a root that is indented", text: DEVFILE.replaceAll(/^(?=.)/gm, "  ") },
  edited("items in the column of their key", "  preStart: [prepare]", "  preStart:\n  - prepare"),
  edited("an item that begins in the next line", "  - name: inline\n", "  -\n    name: inline\n"),
  edited("a key with a question mark", "  owner: two", "  ? owner\n  : two"),
  edited("a long key with a question mark", "  owner: two", `  ? ${"k".repeat(1100)}\n  : two`),
  edited("flow over several lines", "tags: [Go, Web]", "tags: [\n    Go, # one\n    Web,\n  ]"),
  edited(
    "a map in brackets over several lines",
    '{name: LEVEL, value: "1"}',
    '{\n            name: LEVEL,\n            value: "1",\n          }',
  ),
  edited("tabs behind values", "label: Start it", "label: Start it\t\t# x"),
];

const SCALARS: readonly ValidCase[] = [
  edited(
    "a literal text",
    "commandLine: go test",
    "commandLine: |\n        set -e\n          go test\n\n        done",
  ),
  edited(
    "a literal text without its last line end",
    "commandLine: go test",
    "commandLine: |-\n        go test",
  ),
  edited(
    "a literal text with all its line ends",
    "commandLine: go test",
    "commandLine: |+\n        go test\n\n",
  ),
  edited(
    "a folded text",
    "commandLine: go test",
    "commandLine: >\n        go\n        test\n\n        ./...",
  ),
  edited(
    "a folded text without its last line end",
    "commandLine: go test",
    "commandLine: >-\n        go\n        test",
  ),
  edited(
    "a literal text that says its indent",
    "commandLine: go test",
    "commandLine: |2\n         go test",
  ),
  edited(
    "a sign and a comment",
    "commandLine: go test",
    "commandLine: |- # x\n        go test # no comment",
  ),
  edited(
    "a plain text of several lines",
    "description: An app",
    "description: An app\n    that goes on\n\n    and on",
  ),
  edited(
    "a quoted text of several lines",
    "description: An app",
    'description: "An app\n    that goes on\n\n    \\\n    and on"',
  ),
  edited(
    "quotes in quotes",
    "description: An app",
    "description: 'It''s an \"app\": # {no} comment'",
  ),
  edited("escapes", "description: An app", 'description: "\\u00e9\\t\\x41\\U0001F600\\""'),
  edited("other scripts", "description: An app", "description: Приложение 应用 アプリ 🚀 é"),
  edited("a very long line", "description: An app", `description: ${LONG}`),
  edited("a very long quoted line", "commandLine: go test", `commandLine: "${LONG}"`),
  edited("a number in quotes", 'cpuLimit: "1"', "cpuLimit: '1'"),
  edited(
    "a flag in quotes as text",
    "{name: GOFLAGS, value: -v}",
    '{name: GOFLAGS, value: "true"}',
  ),
  edited(
    "a flag as a tagged text",
    "{name: GOFLAGS, value: -v}",
    "{name: GOFLAGS, value: !!str yes}",
  ),
  edited("a time as text", "{name: GOFLAGS, value: -v}", "{name: GOFLAGS, value: 2025-01-01}"),
  edited("a colon in a text", "{name: GOFLAGS, value: -v}", "{name: GOFLAGS, value: a:b}"),
  edited("a sharp in a text", "commandLine: ./app", "commandLine: ./app#1"),
  edited("yes for true", "mountSources: true", "mountSources: yes"),
  edited("Off for false", "parallel: false", "parallel: Off"),
  edited("a port in hexadecimal", "targetPort: 5005", "targetPort: 0x138D"),
  edited("a port in octal", "targetPort: 5005", "targetPort: 011615"),
  edited("a port with an underscore", "targetPort: 5005", "targetPort: 5_005"),
  edited("a port with a sign", "targetPort: 5005", "targetPort: +5005"),
];

const REPEATED: readonly ValidCase[] = [
  edited(
    "an anchor and an alias",
    "  preStart: [prepare]\n  postStart: [compile]\n  preStop: [check]",
    "  preStart: [prepare]\n  postStart: &mine [compile]\n  preStop: *mine",
  ),
  edited(
    "a merged map",
    "        - {name: HOME, value: /home}",
    "        - &home {name: HOME, value: /home}\n        - {<<: *home, name: ROOT}",
  ),
  edited(
    "a merge of several",
    "attributes:\n  owner: two",
    "attributes:\n  a: &a {x: 1}\n  b: &b {y: 2}\n  c: {<<: [*a, *b], z: 3}",
  ),
  edited(
    "a merge that is overridden",
    "attributes:\n  owner: two",
    "attributes:\n  a: &a {x: 1}\n  c:\n    <<: *a\n    x: 2",
  ),
  edited("an anchor that nobody uses", "label: Start it", "label: &label Start it"),
  edited(
    "an anchor used a hundred times",
    "attributes:\n  owner: two",
    `attributes:\n  a: &a {x: 1}\n  b: [${Array.from({ length: 100 }, () => "*a").join(", ")}]`,
  ),
];

const EMPTY: readonly ValidCase[] = [
  edited("an empty list of tags", "tags: [Go, Web]", "tags: []"),
  edited("empty maps", "attributes:\n  owner: two", "attributes: {}"),
  edited("an empty list of events", "preStop: [check]", "preStop: []"),
  edited("a volume of nothing", "      ephemeral: true", "      {}"),
  edited("an attribute that is null", "  owner: two", "  owner: ~"),
  edited("an attribute of any depth", "  owner: two", "  owner: {a: [{b: [1, 2.5, yes, ~, [c]]}]}"),
  edited("an empty label", "label: Start it", 'label: ""'),
  edited("a request of nothing", "memoryRequest: 512Mi", "memoryRequest: 0Mi"),
  edited(
    "keys of metadata that nobody knows",
    "  website: https://app.example",
    "  website: https://app.example\n  anything: {a: 1}",
  ),
  edited("an amount with an exponent", "memoryRequest: 512Mi", 'memoryRequest: "512e6"'),
  edited("an amount with a fraction", "memoryRequest: 512Mi", "memoryRequest: .5Gi"),
  edited("a key twice", "  owner: two", "  owner: one\n  owner: two", "yaml-duplicate-key"),
  edited(
    "a composite of composites",
    "  - id: prepare\n",
    "  - id: all\n    composite: {commands: [compile, deploy]}\n  - id: prepare\n",
  ),
];

/** Devfiles of all the ways in which YAML can be written, without an error. */
export const VALID_CASES: readonly ValidCase[] = [
  ...WAYS_OF_WRITING,
  ...SCALARS,
  ...REPEATED,
  ...EMPTY,
  ...["2.0.0", "2.1.0", "2.2.0", "2.2.1", "2.2.2", "2.3.0", "2.2.0-alpha", '"2.2.0"'].map(
    ofVersion,
  ),
];
