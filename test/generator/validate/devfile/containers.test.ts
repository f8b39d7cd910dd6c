import { describe, expect, test } from "bun:test";
import { devfileFindings } from "../../../support/devfile-findings.ts";

/** Each devfile with what is found in it: severity, rule, place, message and hint. */
const CASES: readonly (readonly [name: string, devfile: string, found: readonly string[]])[] = [
  [
    "the reserved PROJECT_SOURCE",
    `
components:
  - name: tools
    container:
      image: a
      env:
        - {name: PROJECT_SOURCE, value: /here}
`,
    [
      "error env-reserved 8:18: the environment variable PROJECT_SOURCE is reserved: clients set it (Set the path of the sources by sourceMapping, or use another name)",
    ],
  ],
  [
    "the reserved PROJECTS_ROOT by a variable",
    `
variables: {root: PROJECTS_ROOT}
components:
  - name: tools
    container:
      image: a
      env:
        - {name: "{{root}}", value: /here}
`,
    [
      "error env-reserved 9:18: the environment variable PROJECTS_ROOT is reserved: clients set it (Set the path of the sources by sourceMapping, or use another name)",
    ],
  ],
  [
    "a reserved name in a command: fine",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - id: build
    exec: {component: tools, commandLine: make, env: [{name: PROJECT_SOURCE, value: a}]}
`,
    [],
  ],
  [
    "an environment variable twice in a container",
    `
components:
  - name: tools
    container:
      image: a
      env:
        - {name: A, value: "1"}
        - {name: A, value: "2"}
`,
    [
      "warning env-duplicate 9:18: the environment variable A is set twice (Remove the one that is not meant)",
    ],
  ],
  [
    "an environment variable twice in a command",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - id: build
    exec: {component: tools, commandLine: make, env: [{name: A, value: a}, {name: A, value: b}]}
`,
    [
      "warning env-duplicate 7:83: the environment variable A is set twice (Remove the one that is not meant)",
    ],
  ],
  [
    "a deployment annotation of two values",
    `
components:
  - name: one
    container:
      image: a
      annotation: {deployment: {team: red}}
  - name: two
    container:
      image: a
      annotation:
        deployment:
          team: blue
`,
    [
      'error annotation-conflict 13:17: the deployment annotation team is "red" at another container (Give it one value, or set dedicatedPod: true at the container)',
    ],
  ],
  [
    "a service annotation of two values",
    `
components:
  - {name: one, container: {image: a, annotation: {service: {team: red}}}}
  - {name: two, container: {image: a, annotation: {service: {team: blue}}}}
`,
    [
      'error annotation-conflict 5:68: the service annotation team is "red" at another container (Give it one value, or set dedicatedPod: true at the container)',
    ],
  ],
  [
    "annotations of a pod of its own, of equal values, and of other kinds: fine",
    `
components:
  - {name: one, container: {image: a, annotation: {deployment: {team: red}, service: {team: blue}}}}
  - {name: two, container: {image: a, dedicatedPod: true, annotation: {deployment: {team: blue}}}}
  - {name: three, container: {image: a, annotation: {deployment: {team: red}}}}
`,
    [],
  ],
];

describe("rules on containers", () => {
  test.each(CASES)("%s", (_, devfile, found) => {
    expect(devfileFindings(devfile)).toEqual([...found]);
  });
});
