import { describe, expect, test } from "bun:test";
import { devfileFindings } from "../../../support/devfile-findings.ts";

/** Each devfile with what is found in it: severity, rule, place, message and hint. */
const CASES: readonly (readonly [name: string, devfile: string, found: readonly string[]])[] = [
  [
    "a component of the same name",
    `
components:
  - name: tools
    container: {image: a}
  - name: tools
    volume: {}
`,
    [
      'error component-duplicate 6:11: another component is named "tools", too (Give each component a name of its own)',
    ],
  ],
  [
    "a third component of the same name",
    `
components:
  - {name: a, volume: {}}
  - {name: a, volume: {}}
  - {name: a, volume: {}}
`,
    [
      'error component-duplicate 5:12: another component is named "a", too (Give each component a name of its own)',
      'error component-duplicate 6:12: another component is named "a", too (Give each component a name of its own)',
    ],
  ],
  [
    "a command of the same id",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - {id: build, exec: {component: tools, commandLine: make}}
  - {id: build, exec: {component: tools, commandLine: make all}}
`,
    [
      'error command-duplicate 7:10: another command is named "build", too (Give each command an id of its own)',
    ],
  ],
  [
    "projects of the same name, which the library takes",
    `
projects:
  - {name: app, zip: {location: "https://files.example/a.zip"}}
  - {name: app, zip: {location: "https://files.example/b.zip"}}
`,
    [
      'warning project-duplicate 5:12: another project is named "app", too (Clients find only the first: rename this one)',
    ],
  ],
  [
    "starter projects of the same name, which the library takes",
    `
starterProjects:
  - {name: app, zip: {location: "https://files.example/a.zip"}}
  - {name: app, zip: {location: "https://files.example/b.zip"}}
`,
    [
      'warning project-duplicate 5:12: another starter project is named "app", too (Clients find only the first: rename this one)',
    ],
  ],
  [
    "dependent projects of the same name, which the library takes",
    `
dependentProjects:
  - {name: app, zip: {location: "https://files.example/a.zip"}}
  - {name: app, zip: {location: "https://files.example/b.zip"}}
`,
    [
      'warning project-duplicate 5:12: another dependent project is named "app", too (Clients find only the first: rename this one)',
    ],
  ],
  [
    "a component, a command and a starter project that share a name: fine",
    `
components:
  - {name: app, container: {image: a}}
commands:
  - {id: app, exec: {component: app, commandLine: make}}
starterProjects:
  - {name: app, zip: {location: "https://files.example/a.zip"}}
`,
    [],
  ],
];

describe("rules on duplicates", () => {
  test.each(CASES)("%s", (_, devfile, found) => {
    expect(devfileFindings(devfile)).toEqual([...found]);
  });
});
