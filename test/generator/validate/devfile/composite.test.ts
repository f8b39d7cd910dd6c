import { describe, expect, test } from "bun:test";
import { devfileFindings } from "../../../support/devfile-findings.ts";

/** Each devfile with what is found in it: severity, rule, place, message and hint. */
const CASES: readonly (readonly [name: string, devfile: string, found: readonly string[]])[] = [
  [
    "an unknown command",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - {id: build, exec: {component: tools, commandLine: make}}
  - id: all
    composite:
      commands:
        - build
        - bulid
`,
    ['error composite-unknown 11:11: the command "bulid" is unknown (Did you mean "build"?)'],
  ],
  [
    "a command that runs itself",
    `
commands:
  - {id: all, composite: {commands: [all]}}
`,
    [
      'error composite-circle 4:38: the composite command "all" runs itself (Take the command out of the list)',
    ],
  ],
  [
    "a command that runs itself by its name in capitals",
    `
commands:
  - {id: all, composite: {commands: [ALL]}}
`,
    [
      'warning command-case 4:38: the command is called "all", not "ALL" (Write "all")',
      'error composite-circle 4:38: the composite command "all" runs itself (Take the command out of the list)',
    ],
  ],
  [
    "two commands that run each other",
    `
commands:
  - {id: one, composite: {commands: [two]}}
  - {id: two, composite: {commands: [one]}}
`,
    [
      'error composite-circle 5:38: "one" leads back to the composite command "one" (Take the command out of the list)',
    ],
  ],
  [
    "a circle of three that is entered from outside",
    `
commands:
  - {id: start, composite: {commands: [one]}}
  - {id: one, composite: {commands: [two]}}
  - {id: two, composite: {commands: [three]}}
  - {id: three, composite: {commands: [one]}}
`,
    [
      'error composite-circle 7:40: "one" leads back to the composite command "one" (Take the command out of the list)',
    ],
  ],
  [
    "a composite command named twice: fine",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - {id: build, exec: {component: tools, commandLine: make}}
  - {id: one, composite: {commands: [build]}}
  - {id: two, composite: {commands: [one, one]}}
`,
    [],
  ],
  [
    "a composite command named twice, first in capitals",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - {id: build, exec: {component: tools, commandLine: make}}
  - {id: one, composite: {commands: [build]}}
  - {id: two, composite: {commands: [One, one]}}
`,
    [
      'warning command-case 8:38: the command is called "one", not "One" (Write "one")',
      'error composite-circle 8:43: "one" is named twice, once in capitals, which counts as a circle (Write the ids of commands in small letters)',
    ],
  ],
  [
    "a composite command named twice, then in capitals",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - {id: build, exec: {component: tools, commandLine: make}}
  - {id: one, composite: {commands: [build]}}
  - {id: two, composite: {commands: [one, ONE]}}
`,
    ['warning command-case 8:43: the command is called "one", not "ONE" (Write "one")'],
  ],
  [
    "a composite command that runs nothing",
    `
commands:
  - id: all
    composite:
      commands: []
`,
    [
      'warning composite-empty 6:17: the composite command "all" runs nothing (List the commands to run below commands, or remove it)',
    ],
  ],
  [
    "a composite command without a list",
    `
commands:
  - id: all
    composite:
      parallel: true
`,
    [
      'warning composite-empty 6:7: the composite command "all" runs nothing (List the commands to run below commands, or remove it)',
    ],
  ],
];

describe("rules on composite", () => {
  test.each(CASES)("%s", (_, devfile, found) => {
    expect(devfileFindings(devfile)).toEqual([...found]);
  });
});
