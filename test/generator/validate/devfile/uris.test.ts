import { describe, expect, test } from "bun:test";
import { devfileFindings } from "../../../support/devfile-findings.ts";

/** Each devfile with what is found in it: severity, rule, place, message and hint. */
const CASES: readonly (readonly [name: string, devfile: string, found: readonly string[]])[] = [
  [
    "an escape that is none",
    `
components:
  - name: k8s
    kubernetes:
      uri: deploy%2.yaml
`,
    [
      'error uri 6:12: "deploy%2.yaml" is no uri: "%2." is no escaped character (Use a path relative to the devfile, or an address)',
    ],
  ],
  [
    "a colon in the first part",
    `
components:
  - {name: k8s, kubernetes: {uri: "a b:c/deploy.yaml"}}
`,
    [
      'error uri 4:35: "a b:c/deploy.yaml" is no uri: a colon stands in its first part (Use a path relative to the devfile, or an address)',
    ],
  ],
  [
    "an address without a scheme",
    `
components:
  - {name: k8s, openshift: {uri: "httpfiles.example/deploy.yaml"}}
`,
    [
      'error uri 4:34: "httpfiles.example/deploy.yaml" is no uri: it begins with http but is no address (Use a path relative to the devfile, or an address)',
    ],
  ],
  [
    "a port that is none",
    `
components:
  - {name: k8s, kubernetes: {uri: "https://files.example:http/deploy.yaml"}}
`,
    [
      'error uri 4:35: "https://files.example:http/deploy.yaml" is no uri: "http" is no port (Use a path relative to the devfile, or an address)',
    ],
  ],
  [
    "a missing scheme",
    `
components:
  - {name: k8s, kubernetes: {uri: "://files.example"}}
`,
    [
      'error uri 4:35: "://files.example" is no uri: the scheme before the colon is missing (Use a path relative to the devfile, or an address)',
    ],
  ],
  [
    "an address by a variable",
    `
variables: {host: "files example"}
components:
  - {name: k8s, kubernetes: {uri: "https://{{host}}/deploy.yaml"}}
`,
    [
      'error uri 5:35: "https://files example/deploy.yaml" is no uri: "files example" is no host (Use a path relative to the devfile, or an address)',
    ],
  ],
  [
    "paths and addresses: fine",
    `
components:
  - {name: a, kubernetes: {uri: deploy/a b.yaml}}
  - {name: b, kubernetes: {uri: "https://files.example:8080/deploy.yaml?ref=%zz"}}
  - {name: c, openshift: {uri: ../deploy.yaml}}
`,
    [],
  ],
];

describe("rules on uris", () => {
  test.each(CASES)("%s", (_, devfile, found) => {
    expect(devfileFindings(devfile)).toEqual([...found]);
  });
});
