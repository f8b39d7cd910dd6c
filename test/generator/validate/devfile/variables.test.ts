import { describe, expect, test } from "bun:test";
import { devfileFindings } from "../../../support/devfile-findings.ts";

/** Each devfile with what is found in it: severity, rule, place, message and hint. */
const CASES: readonly (readonly [name: string, devfile: string, found: readonly string[]])[] = [
  [
    "a variable that is not defined in an image",
    `
variables: {version: "1.2"}
components:
  - name: tools
    container:
      image: images.example/tools:{{verison}}
`,
    [
      'warning variable-undefined 7:14: the variable "verison" is not defined (Did you mean "version"?)',
    ],
  ],
  [
    "variables that are not defined in a command",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - id: build
    exec:
      component: tools
      commandLine: make {{target}}
      workingDir: "{{ dir }}"
      label: "{{label}}"
      env: [{name: A, value: "{{value}}"}]
`,
    [
      'warning variable-undefined 9:20: the variable "target" is not defined (Define it below variables)',
      'warning variable-undefined 10:19: the variable "dir" is not defined (Define it below variables)',
      'warning variable-undefined 11:14: the variable "label" is not defined (Define it below variables)',
      'warning variable-undefined 12:30: the variable "value" is not defined (Define it below variables)',
    ],
  ],
  [
    "variables that are not defined in every other kind of component",
    `
components:
  - {name: img, image: {imageName: "{{a}}", dockerfile: {uri: "{{b}}", buildContext: "{{c}}", args: ["{{d}}"]}}}
  - {name: k8s, kubernetes: {inlined: "{{e}}", endpoints: [{name: one, targetPort: 1, path: "{{f}}"}]}}
  - {name: os, openshift: {uri: "{{g}}"}}
`,
    [
      'warning variable-undefined 4:36: the variable "a" is not defined (Define it below variables)',
      'warning variable-undefined 4:63: the variable "b" is not defined (Define it below variables)',
      'warning variable-undefined 4:86: the variable "c" is not defined (Define it below variables)',
      'warning variable-undefined 4:102: the variable "d" is not defined (Define it below variables)',
      'warning variable-undefined 5:39: the variable "e" is not defined (Define it below variables)',
      'warning variable-undefined 5:93: the variable "f" is not defined (Define it below variables)',
      'warning variable-undefined 6:33: the variable "g" is not defined (Define it below variables)',
    ],
  ],
  [
    "variables that are not defined in projects",
    `
projects:
  - name: one
    clonePath: "{{a}}"
    git: {remotes: {"{{b}}": "{{c}}"}, checkoutFrom: {revision: "{{d}}"}}
starterProjects:
  - {name: two, description: "{{e}}", subDir: "{{f}}", zip: {location: "{{g}}"}}
dependentProjects:
  - {name: three, zip: {location: "{{h}}"}}
`,
    [
      'warning variable-undefined 5:16: the variable "a" is not defined (Define it below variables)',
      'warning variable-undefined 6:21: the variable "b" is not defined (Define it below variables)',
      'warning variable-undefined 6:30: the variable "c" is not defined (Define it below variables)',
      'warning variable-undefined 6:65: the variable "d" is not defined (Define it below variables)',
      'warning variable-undefined 8:30: the variable "e" is not defined (Define it below variables)',
      'warning variable-undefined 8:47: the variable "f" is not defined (Define it below variables)',
      'warning variable-undefined 8:72: the variable "g" is not defined (Define it below variables)',
      'warning variable-undefined 10:35: the variable "h" is not defined (Define it below variables)',
    ],
  ],
  [
    "labels of apply and composite commands",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - {id: up, apply: {component: tools, label: "{{a}}"}}
  - {id: all, composite: {commands: [up], label: "{{b}}"}}
`,
    [
      'warning variable-undefined 6:47: the variable "a" is not defined (Define it below variables)',
      'warning variable-undefined 7:50: the variable "b" is not defined (Define it below variables)',
    ],
  ],
  [
    "braces where the library fills in nothing, and braces that hold no variable: fine",
    `
attributes: {text: "{{nothing}}"}
components:
  - name: tools
    attributes: {text: "{{nothing}}"}
    container: {image: "a{{b", command: ["}}{{"], args: ["{b}"]}
`,
    [],
  ],
  [
    "a variable over two lines of a text: fine",
    `
variables: {a: b}
components:
  - name: tools
    container:
      image: tools
      args:
        - |
          {{
          a }}
          {{ not
          one }}
`,
    [],
  ],
  [
    "the name and address of a devfile of another registry",
    `
components:
  - name: img
    image:
      imageName: a
      dockerfile: {devfileRegistry: {id: "{{a}}", registryUrl: "https://{{b}}"}}
`,
    [
      'warning variable-undefined 7:42: the variable "a" is not defined (Define it below variables)',
      'warning variable-undefined 7:64: the variable "b" is not defined (Define it below variables)',
    ],
  ],
];

describe("rules on variables", () => {
  test.each(CASES)("%s", (_, devfile, found) => {
    expect(devfileFindings(devfile)).toEqual([...found]);
  });
});
