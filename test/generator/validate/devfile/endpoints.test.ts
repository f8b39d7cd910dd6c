import { describe, expect, test } from "bun:test";
import { devfileFindings } from "../../../support/devfile-findings.ts";

/** Each devfile with what is found in it: severity, rule, place, message and hint. */
const CASES: readonly (readonly [name: string, devfile: string, found: readonly string[]])[] = [
  [
    "one name twice in a container",
    `
components:
  - name: tools
    container:
      image: a
      endpoints:
        - {name: http, targetPort: 8080}
        - {name: http, targetPort: 8081}
`,
    [
      'error endpoint-duplicate 9:18: this component has an endpoint named "http", too (Give each endpoint of the devfile a name of its own)',
    ],
  ],
  [
    "one name in two containers",
    `
components:
  - {name: a, container: {image: a, endpoints: [{name: http, targetPort: 8080}]}}
  - {name: b, container: {image: a, endpoints: [{name: http, targetPort: 8081}]}}
`,
    [
      'error endpoint-duplicate 5:56: "a" has an endpoint named "http", too (Give each endpoint of the devfile a name of its own)',
    ],
  ],
  [
    "one name in a container and a manifest",
    `
components:
  - {name: a, kubernetes: {inlined: a, endpoints: [{name: http, targetPort: 8080}]}}
  - {name: b, container: {image: a, endpoints: [{name: http, targetPort: 8080}]}}
`,
    [
      'error endpoint-duplicate 5:56: "a" has an endpoint named "http", too (Give each endpoint of the devfile a name of its own)',
    ],
  ],
  [
    "one name in a manifest and a template",
    `
components:
  - {name: a, openshift: {inlined: a, endpoints: [{name: http, targetPort: 1}]}}
  - {name: b, kubernetes: {inlined: a, endpoints: [{name: http, targetPort: 2}]}}
`,
    [
      'error endpoint-duplicate 5:59: "a" has an endpoint named "http", too (Give each endpoint of the devfile a name of its own)',
    ],
  ],
  [
    "one port in two containers",
    `
components:
  - {name: a, container: {image: a, endpoints: [{name: one, targetPort: 8080}]}}
  - {name: b, container: {image: a, endpoints: [{name: two, targetPort: 8080}]}}
`,
    [
      'error endpoint-port 5:73: the container "a" has the target port 8080, too (Let each container listen on other ports)',
    ],
  ],
  [
    "one port in two containers with pods of their own",
    `
components:
  - {name: a, container: {image: a, endpoints: [{name: one, targetPort: 8080}]}}
  - {name: b, container: {image: a, dedicatedPod: true, endpoints: [{name: two, targetPort: 0x1F90}]}}
`,
    [
      'error endpoint-port 5:93: the container "a" has the target port 8080, too (Let each container listen on other ports)',
    ],
  ],
  [
    "one port twice in a container, and in a manifest: fine",
    `
components:
  - {name: a, container: {image: a, endpoints: [{name: a, targetPort: 80}, {name: b, targetPort: 80}]}}
  - {name: b, kubernetes: {inlined: a, endpoints: [{name: c, targetPort: 80}]}}
`,
    [],
  ],
  [
    "a port above all ports, which the library takes",
    `
components:
  - {name: a, container: {image: a, endpoints: [{name: one, targetPort: 65536}]}}
`,
    ["warning port-range 4:73: 65536 is no port (Use a number from 1 to 65535)"],
  ],
  [
    "port 0, which the library takes",
    `
components:
  - {name: a, kubernetes: {inlined: a, endpoints: [{name: one, targetPort: 0}]}}
`,
    ["warning port-range 4:76: 0 is no port (Use a number from 1 to 65535)"],
  ],
  [
    "a port that takes more than 64 bits, which is told of once",
    `
components:
  - {name: a, container: {image: a, endpoints: [{name: one, targetPort: 9223372036854775808}]}}
`,
    [
      "error schema-number 4:73: targetPort is a number that no port can be (Write a number from 1 to 65535)",
    ],
  ],
  [
    "the largest port of 64 bits, which the library takes",
    `
components:
  - {name: a, container: {image: a, endpoints: [{name: one, targetPort: 9223372036854775807}]}}
`,
    ["warning port-range 4:73: 9223372036854775807 is no port (Use a number from 1 to 65535)"],
  ],
  [
    "ports that are 17 in octal and in hexadecimal digits",
    `
components:
  - {name: a, container: {image: a, endpoints: [{name: one, targetPort: 017}]}}
  - {name: b, container: {image: a, endpoints: [{name: two, targetPort: 0xF}]}}
`,
    [
      'error endpoint-port 5:73: the container "a" has the target port 15, too (Let each container listen on other ports)',
    ],
  ],
];

describe("rules on endpoints", () => {
  test.each(CASES)("%s", (_, devfile, found) => {
    expect(devfileFindings(devfile)).toEqual([...found]);
  });
});
