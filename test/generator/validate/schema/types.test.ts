import { describe, expect, test } from "bun:test";
import { changed, schemaFindings } from "./schema-findings.ts";

/** What is changed of a devfile that follows its schema, into what, and what is found. */
const CASES: readonly (readonly [name: string, from: string, to: string, found: string])[] = [
  [
    "a number for text",
    "version: 1.2.3",
    "version: 1.10",
    "schema-type 4:12 metadata.version: version is a number where text is needed (For example 1.10.0)",
  ],
  [
    "a boolean for text",
    "displayName: Whole",
    "displayName: yes",
    'schema-type 5:16 metadata.displayName: displayName is a boolean where text is needed (Quote it: "yes")',
  ],
  [
    "nothing for text",
    "displayName: Whole",
    "displayName:",
    "schema-type 5:15 metadata.displayName: displayName is empty where text is needed (Give it a value, or remove the key)",
  ],
  [
    "a list for text",
    "image: quay.io/a/tools",
    "image: [quay.io/a/tools]",
    "schema-type 17:14 components[0].container.image: image is a list where text is needed (Write one text)",
  ],
  [
    "a map for text",
    "commandLine: make",
    "commandLine: {run: make}",
    "schema-type 43:20 commands[0].exec.commandLine: commandLine is a map where text is needed (Write one text)",
  ],
  [
    "an octal number for text",
    "memoryLimit: 1Gi",
    "memoryLimit: 0777",
    'schema-type 18:20 components[0].container.memoryLimit: memoryLimit is a number where text is needed (Quote it: "0777")',
  ],
  [
    "a number of Go alone for text",
    "memoryLimit: 1Gi",
    "memoryLimit: 0o17",
    'schema-type 18:20 components[0].container.memoryLimit: memoryLimit is a number where text is needed (Quote it: "0o17")',
  ],
  [
    "a number with underscores for text",
    "memoryLimit: 1Gi",
    "memoryLimit: 1_000",
    'schema-type 18:20 components[0].container.memoryLimit: memoryLimit is a number where text is needed (Quote it: "1_000")',
  ],
  [
    "a number in a list of texts",
    "command: [tail]",
    "command: [tail, 10]",
    'schema-type 20:23 components[0].container.command[1]: command[1] is a number where text is needed (Quote it: "10")',
  ],
  [
    "nothing in a list of texts",
    "tags: [Go, Web]",
    "tags: [Go, ~]",
    "schema-type 6:14 metadata.tags[1]: tags[1] is empty where text is needed (Give it a value, or remove the key)",
  ],
  [
    "a number in a map of texts",
    'variables: {tag: "1.0"}',
    "variables: {tag: 1.0}",
    'schema-type 9:18 variables.tag: tag is a number where text is needed (Quote it: "1.0")',
  ],
  [
    "a boolean as remote",
    "{origin: https://git.example/web}",
    "{origin: on}",
    'schema-type 52:25 starterProjects[0].git.remotes.origin: origin is a boolean where text is needed (Quote it: "on")',
  ],
  [
    "a boolean as value of a variable of the environment",
    "value: dev",
    "value: true",
    'schema-type 23:18 components[0].container.env[0].value: value is a boolean where text is needed (Quote it: "true")',
  ],
  [
    "a number as name",
    "name: data",
    "name: 1",
    'schema-type 29:11 components[1].name: name is a number where text is needed (Quote it: "1")',
  ],
  [
    "text for a list",
    "command: [tail]",
    "command: tail",
    'schema-type 20:16 components[0].container.command: command is text where a list is needed (Write each item on a line of its own that starts with "- ")',
  ],
  [
    "a map for a list",
    "tags: [Go, Web]",
    "tags: {a: b}",
    'schema-type 6:9 metadata.tags: tags is a map where a list is needed (Write each item on a line of its own that starts with "- ")',
  ],
  [
    "nothing for a list",
    "preStop: [build]",
    "preStop:",
    "schema-type 48:11 events.preStop: preStop is empty where a list is needed (Give it a value, or remove the key)",
  ],
  [
    "text for a map",
    "volume: {size: 1Gi}",
    "volume: 1Gi",
    "schema-type 30:13 components[1].volume: volume is text where a map is needed (Write its keys below it, each as key: value)",
  ],
  [
    "text without a space for a map",
    "volume: {size: 1Gi}",
    "volume: size:1Gi",
    "schema-type 30:13 components[1].volume: volume is text where a map is needed (Write a space after the colon)",
  ],
  [
    "a list for a map",
    'variables: {tag: "1.0"}',
    "variables: [{tag: a}]",
    'schema-type 9:12 variables: variables is a list where a map is needed (Write its keys without a "- " before them)',
  ],
  [
    "nothing for a map",
    "      uri: k8s.yaml\n",
    "",
    "schema-type 32:16 components[2].kubernetes: kubernetes is empty where a map is needed (Give it a value, or remove the key)",
  ],
  [
    "a list of texts for a list of maps",
    "  - id: all\n    composite: {commands: [build], parallel: false}\n",
    "  - all\n",
    "schema-type 45:5 commands[1]: commands[1] is text where a map is needed (Write its keys below it, each as key: value)",
  ],
  [
    "quoted text for true or false",
    "mountSources: true",
    'mountSources: "true"',
    "schema-type 19:21 components[0].container.mountSources: mountSources is text where true or false is needed (Write it without quotes: true)",
  ],
  [
    "text for true or false",
    "parallel: false",
    "parallel: maybe",
    "schema-type 46:46 commands[1].composite.parallel: parallel is text where true or false is needed (Write true or false)",
  ],
  [
    "a number for true or false",
    "isDefault: true",
    "isDefault: 1",
    "schema-type 44:39 commands[0].exec.group.isDefault: isDefault is a number where true or false is needed (Write true or false)",
  ],
  [
    "quoted text for a whole number",
    "targetPort: 8080",
    'targetPort: "8080"',
    "schema-type 26:23 components[0].container.endpoints[0].targetPort: targetPort is text where a whole number is needed (Write it without quotes: 8080)",
  ],
  [
    "text for a whole number",
    "targetPort: 8080",
    "targetPort: http",
    "schema-type 26:23 components[0].container.endpoints[0].targetPort: targetPort is text where a whole number is needed (Write a whole number, such as 8080)",
  ],
  [
    "a fraction for a whole number",
    "targetPort: 8080",
    "targetPort: 80.5",
    "schema-type 26:23 components[0].container.endpoints[0].targetPort: targetPort is a number where a whole number is needed (Write a whole number, such as 8080)",
  ],
  [
    "nothing for a whole number",
    "targetPort: 8080",
    "targetPort: ~",
    "schema-type 26:23 components[0].container.endpoints[0].targetPort: targetPort is empty where a whole number is needed (Give it a value, or remove the key)",
  ],
  [
    "a number out of every range",
    "targetPort: 8080",
    "targetPort: 1e30",
    "schema-number 26:23 components[0].container.endpoints[0].targetPort: targetPort is a number that no port can be (Write a number from 1 to 65535)",
  ],
  [
    "a number just out of range",
    "targetPort: 8080",
    "targetPort: 9223372036854775808",
    "schema-number 26:23 components[0].container.endpoints[0].targetPort: targetPort is a number that no port can be (Write a number from 1 to 65535)",
  ],
  [
    "infinity where all is free",
    "[1, yes, ~]",
    "[1, .inf]",
    'schema-number 8:23 attributes.any[1]: any[1] is .inf, which JSON has no word for (Quote it: ".inf")',
  ],
  [
    "what is not a number",
    "any: [1, yes, ~]",
    "any: {deep: .nan}",
    'schema-number 8:26 attributes.any.deep: deep is .nan, which JSON has no word for (Quote it: ".nan")',
  ],
  [
    "infinity for text",
    "value: dev",
    "value: -.inf",
    'schema-number 23:18 components[0].container.env[0].value: value is -.inf, which JSON has no word for (Quote it: "-.inf")',
  ],
  [
    "a field of metadata in another case",
    "  displayName: Whole",
    "  DisplayName: 1",
    'schema-type 5:16 metadata.DisplayName: DisplayName is a number where text is needed (Quote it: "1")',
  ],
  [
    "a list of metadata in another case",
    "  tags: [Go, Web]",
    "  Tags: Go",
    'schema-type 6:9 metadata.Tags: Tags is text where a list is needed (Write each item on a line of its own that starts with "- ")',
  ],
  [
    "text for the attributes of metadata",
    "  displayName: Whole",
    "  Attributes: none",
    "schema-type 5:15 metadata.Attributes: Attributes is text where a map is needed (Write its keys below it, each as key: value)",
  ],
];

describe("schemaRules on values of a wrong type", () => {
  test.each(CASES)("find %s", (_, from, to, found) => {
    expect(schemaFindings(changed(from, to))).toEqual([found]);
  });
});
