import { describe, expect, test } from "bun:test";
import { changed, schemaFindings } from "./schema-findings.ts";

/** What is changed of a devfile that follows its schema, into what, and what is found. */
const CASES: readonly (readonly [name: string, from: string, to: string, found: string])[] = [
  [
    "a kind of group that is spelled wrong",
    "kind: build",
    "kind: biuld",
    'schema-enum 44:21 commands[0].exec.group.kind: kind is "biuld", not build, run, test, debug or deploy (Did you mean build?)',
  ],
  [
    "a kind of group that is none",
    "kind: build",
    "kind: compile",
    'schema-enum 44:21 commands[0].exec.group.kind: kind is "compile", not build, run, test, debug or deploy (Use one of build, run, test, debug, deploy)',
  ],
  [
    "a protocol in another case",
    "protocol: https",
    "protocol: HTTPS",
    'schema-enum 28:21 components[0].container.endpoints[0].protocol: protocol is "HTTPS", not http, https, ws, wss, tcp or udp (Did you mean https?)',
  ],
  [
    "an exposure that is none",
    "exposure: public",
    "exposure: everywhere",
    'schema-enum 27:21 components[0].container.endpoints[0].exposure: exposure is "everywhere", not public, internal or none (Use one of public, internal, none)',
  ],
  [
    "an architecture that is none",
    "[amd64, arm64]",
    "[amd64, riscv]",
    'schema-enum 7:26 metadata.architectures[1]: architectures[1] is "riscv", not amd64, arm64, ppc64le or s390x (Use one of amd64, arm64, ppc64le, s390x)',
  ],
  [
    "an architecture twice",
    "[amd64, arm64]",
    "[amd64, arm64, amd64]",
    "schema-duplicate 7:33 metadata.architectures[2]: architectures has the same item twice, as 0 and 2 of the list (Remove one of them)",
  ],
  [
    "a name with capital letters",
    "name: data",
    "name: Data Store",
    'schema-pattern 29:11 components[1].name: name is "Data Store" where it must be lower-case letters, digits and "-", with a letter or digit at both ends (For example data-store)',
  ],
  [
    "a name with a dash at its end",
    "- name: outer",
    "- name: outer-",
    'schema-pattern 31:11 components[2].name: name is "outer-" where it must be lower-case letters, digits and "-", with a letter or digit at both ends (For example outer)',
  ],
  [
    "an empty name",
    "- name: outer",
    '- name: ""',
    'schema-pattern 31:11 components[2].name: name is "" where it must be lower-case letters, digits and "-", with a letter or digit at both ends (For example my-tools)',
  ],
  [
    "a name that is too long",
    "- name: outer",
    "- name: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "schema-length 31:11 components[2].name: name has 64 characters, over the limit of 63 (Choose a shorter one)",
  ],
  [
    "an id with an underscore",
    "id: all",
    "id: run_all",
    'schema-pattern 45:9 commands[1].id: id is "run_all" where it must be lower-case letters, digits and "-", with a letter or digit at both ends (For example run-all)',
  ],
  [
    "a port whose name is too long",
    "name: http\n",
    "name: http-and-more-of-it-than-15\n",
    "schema-length 25:17 components[0].container.endpoints[0].name: name has 27 characters, over the limit of 15 (Choose a shorter one)",
  ],
  [
    "a version of two numbers",
    "version: 1.2.3",
    'version: "1.2"',
    'schema-pattern 4:12 metadata.version: version is "1.2" where it must be a version as in 1.0.0 or 1.0.0-beta.1 (For example 1.2.0)',
  ],
  [
    "a version with a v",
    "version: 1.2.3",
    "version: v1.2.3",
    'schema-pattern 4:12 metadata.version: version is "v1.2.3" where it must be a version as in 1.0.0 or 1.0.0-beta.1 (For example 1.2.3)',
  ],
  [
    "a version that is a date",
    "version: 1.2.3",
    "version: 2025-01-01",
    'schema-pattern 4:12 metadata.version: version is "2025-01-01" where it must be a version as in 1.0.0 or 1.0.0-beta.1 (For example 2025.0.0)',
  ],
  [
    "a version of a parent",
    "  version: 1.0.0",
    "  version: newest",
    'schema-pattern 13:12 parent.version: version is "newest" where it must be a version as in 1.0.0, or "latest" (For example latest)',
  ],
];

describe("schemaRules on values of the right type", () => {
  test.each(CASES)("find %s", (_, from, to, found) => {
    expect(schemaFindings(changed(from, to))).toEqual([found]);
  });
});
