import { describe, expect, test } from "bun:test";
import { devfileFindings } from "../../../support/devfile-findings.ts";

/** Each devfile with what is found in it: severity, rule, place, message and hint. */
const CASES: readonly (readonly [name: string, devfile: string, found: readonly string[]])[] = [
  [
    "two commands of a group without a default",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - id: one
    exec:
      component: tools
      commandLine: make
      group:
        kind: build
  - id: two
    exec:
      component: tools
      commandLine: make
      group:
        kind: build
        isDefault: false
`,
    [
      'error group-default-missing 11:9: none of the 2 commands of group build is its default (Add isDefault: true to one of "one", "two")',
    ],
  ],
  [
    "two defaults of a group",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - id: one
    exec: {component: tools, commandLine: make, group: {kind: run, isDefault: true}}
  - id: two
    exec: {component: tools, commandLine: make, group: {kind: run, isDefault: yes}}
`,
    [
      'error group-default-several 9:79: the group run has another default, "one" (Leave isDefault: true at one command of the group)',
    ],
  ],
  [
    "an exec, an apply and a composite command of a group, all of them its default",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - id: one
    exec: {component: tools, commandLine: make, group: {kind: deploy, isDefault: true}}
  - id: two
    apply: {component: tools, group: {kind: deploy, isDefault: true}}
  - id: three
    composite: {commands: [one], group: {kind: deploy, isDefault: true}}
`,
    [
      'error group-default-several 9:64: the group deploy has another default, "one" (Leave isDefault: true at one command of the group)',
      'error group-default-several 11:67: the group deploy has another default, "one" (Leave isDefault: true at one command of the group)',
    ],
  ],
  [
    "one command of a group without a default: fine",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - id: one
    exec: {component: tools, commandLine: make, group: {kind: test}}
`,
    [],
  ],
  [
    "one default each in two groups: fine",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - {id: one, exec: {component: tools, commandLine: make, group: {kind: build, isDefault: true}}}
  - {id: two, exec: {component: tools, commandLine: make, group: {kind: build}}}
  - {id: three, exec: {component: tools, commandLine: make, group: {kind: run, isDefault: true}}}
`,
    [],
  ],
];

describe("rules on groups", () => {
  test.each(CASES)("%s", (_, devfile, found) => {
    expect(devfileFindings(devfile)).toEqual([...found]);
  });
});
