import { describe, expect, test } from "bun:test";
import { devfileFindings } from "../../../support/devfile-findings.ts";

/** Each devfile with what is found in it: severity, rule, place, message and hint. */
const CASES: readonly (readonly [name: string, devfile: string, found: readonly string[]])[] = [
  [
    "a starter project without a remote",
    `
starterProjects:
  - name: app
    git:
      remotes: {}
`,
    ["error project-remotes 6:16: there is no remote (Add one, such as origin: https://…)"],
  ],
  [
    "a starter project of two remotes",
    `
starterProjects:
  - name: app
    git:
      remotes:
        origin: https://git.example/a
        upstream: https://git.example/b
`,
    ["error project-remotes 7:9: there are 2 remotes where one is needed (Keep the one to clone)"],
  ],
  [
    "a project without a remote",
    `
projects:
  - {name: app, git: {remotes: {}}}
`,
    ["error project-remotes 4:32: there is no remote (Add one, such as origin: https://…)"],
  ],
  [
    "a project of two remotes without a choice",
    `
projects:
  - name: app
    git:
      remotes:
        origin: https://git.example/a
        upstream: https://git.example/b
`,
    [
      "error project-checkout 6:7: nothing says which of the 2 remotes to check out from (Add checkoutFrom with remote: and one of their names)",
    ],
  ],
  [
    "a project of two remotes whose choice names none",
    `
projects:
  - name: app
    git:
      checkoutFrom:
        revision: main
      remotes:
        origin: https://git.example/a
        upstream: https://git.example/b
`,
    [
      "error project-checkout 7:9: nothing says which of the 2 remotes to check out from (Add checkoutFrom with remote: and one of their names)",
    ],
  ],
  [
    "a starter project checked out from an unknown remote",
    `
starterProjects:
  - name: app
    git:
      checkoutFrom:
        remote: orgin
      remotes:
        origin: https://git.example/a
`,
    ['error project-checkout 7:17: the remote "orgin" is unknown (Did you mean "origin"?)'],
  ],
  [
    "a project checked out from an unknown remote",
    `
projects:
  - name: app
    git:
      checkoutFrom: {remote: main}
      remotes: {origin: "https://git.example/a", upstream: "https://git.example/b"}
`,
    ['error project-checkout 6:30: the remote "main" is unknown (Known here: origin, upstream)'],
  ],
  [
    "the Dockerfile of an image from two remotes",
    `
components:
  - name: img
    image:
      imageName: a
      dockerfile:
        git:
          remotes: {origin: "https://git.example/a", upstream: "https://git.example/b"}
`,
    ["error project-remotes 9:20: there are 2 remotes where one is needed (Keep the one to clone)"],
  ],
  [
    "the Dockerfile of an image from an unknown remote",
    `
components:
  - name: img
    image:
      imageName: a
      dockerfile:
        git:
          remotes: {origin: "https://git.example/a"}
          checkoutFrom: {remote: upstream}
`,
    ['error project-checkout 10:34: the remote "upstream" is unknown (Known here: origin)'],
  ],
  [
    "a dependent project of two remotes without a choice, which the library takes",
    `
dependentProjects:
  - {name: app, git: {remotes: {origin: "https://git.example/a", fork: "https://git.example/b"}}}
`,
    [
      "warning project-checkout 4:22: nothing says which of the 2 remotes to check out from (Add checkoutFrom with remote: and one of their names)",
    ],
  ],
  [
    "remotes and choices by variables: fine",
    `
variables: {remote: origin}
starterProjects:
  - {name: app, git: {remotes: {"{{remote}}": "https://git.example/a"}, checkoutFrom: {remote: origin}}}
projects:
  - name: app
    git:
      remotes: {origin: "https://git.example/a", fork: "https://git.example/b"}
      checkoutFrom: {remote: "{{ remote }}"}
`,
    [],
  ],
];

describe("rules on projects", () => {
  test.each(CASES)("%s", (_, devfile, found) => {
    expect(devfileFindings(devfile)).toEqual([...found]);
  });
});
