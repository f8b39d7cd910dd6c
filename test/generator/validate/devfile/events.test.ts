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
events:
  postStart:
    - build
    - built
`,
    ['error event-unknown 10:7: the command "built" is unknown (Did you mean "build"?)'],
  ],
  [
    "an exec command before the start",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - {id: build, exec: {component: tools, commandLine: make}}
events: {preStart: [build]}
`,
    [
      'error event-kind 7:21: preStart takes apply commands only, and "build" is none (Name apply commands, or composite commands of these alone)',
    ],
  ],
  [
    "an apply command after the start",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - {id: up, apply: {component: tools}}
events: {postStart: [up]}
`,
    [
      'error event-kind 7:22: postStart takes exec commands only, and "up" is none (Name exec commands, or composite commands of these alone)',
    ],
  ],
  [
    "an apply command before the stop",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - {id: up, apply: {component: tools}}
events: {preStop: [up]}
`,
    [
      'error event-kind 7:20: preStop takes exec commands only, and "up" is none (Name exec commands, or composite commands of these alone)',
    ],
  ],
  [
    "an exec command after the stop",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - {id: build, exec: {component: tools, commandLine: make}}
events: {postStop: [build]}
`,
    [
      'error event-kind 7:21: postStop takes apply commands only, and "build" is none (Name apply commands, or composite commands of these alone)',
    ],
  ],
  [
    "a composite command of both kinds",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - {id: build, exec: {component: tools, commandLine: make}}
  - {id: up, apply: {component: tools}}
  - {id: all, composite: {commands: [build, up]}}
events: {postStart: [all]}
`,
    [
      'error event-kind 9:22: postStart takes exec commands only, and "all" runs "up" (Name exec commands, or composite commands of these alone)',
    ],
  ],
  [
    "a composite command of composite commands",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - {id: build, exec: {component: tools, commandLine: make}}
  - {id: some, composite: {commands: [build]}}
  - {id: all, composite: {commands: [some]}}
events: {preStop: [all]}
`,
    [
      'error event-kind 9:20: preStop takes exec commands only, and "all" runs "some" (Name exec commands, or composite commands of these alone)',
    ],
  ],
  [
    "the right kinds, alone and composite: fine",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - {id: build, exec: {component: tools, commandLine: make}}
  - {id: up, apply: {component: tools}}
  - {id: builds, composite: {commands: [build]}}
  - {id: ups, composite: {commands: [up]}}
events: {preStart: [up, ups], postStart: [build, builds], preStop: [build], postStop: [ups]}
`,
    [],
  ],
  [
    "a command in another case",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - {id: build, exec: {component: tools, commandLine: make}}
events: {postStart: [Build]}
`,
    ['warning command-case 7:22: the command is called "build", not "Build" (Write "build")'],
  ],
  [
    "a composite command whose wrong part is named in capitals, which the library overlooks",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - {id: up, apply: {component: tools}}
  - {id: all, composite: {commands: [UP]}}
events: {postStart: [all]}
`,
    ['warning command-case 7:38: the command is called "up", not "UP" (Write "up")'],
  ],
  [
    "a command without id is told of once",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - {exec: {component: tools, commandLine: make}}
events: {postStart: [build]}
`,
    ['error schema-required 6:5: commands[0] lacks id (Add "id:" with its value)'],
  ],
];

describe("rules on events", () => {
  test.each(CASES)("%s", (_, devfile, found) => {
    expect(devfileFindings(devfile)).toEqual([...found]);
  });
});
