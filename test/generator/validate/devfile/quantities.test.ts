import { describe, expect, test } from "bun:test";
import { devfileFindings } from "../../../support/devfile-findings.ts";

/** Each devfile with what is found in it: severity, rule, place, message and hint. */
const CASES: readonly (readonly [name: string, devfile: string, found: readonly string[]])[] = [
  [
    "a memory limit that is none",
    `
components:
  - name: tools
    container:
      image: a
      memoryLimit: lots
`,
    [
      'error quantity 7:20: memoryLimit "lots" is no quantity (Write a number and its unit, such as 512Mi or 2Gi)',
    ],
  ],
  [
    "a unit in the wrong case",
    `
components:
  - {name: tools, container: {image: a, memoryRequest: 512mi}}
`,
    ['error quantity 4:56: memoryRequest "512mi" is no quantity (Write "512Mi")'],
  ],
  [
    "a unit with a B",
    `
components:
  - {name: tools, container: {image: a, memoryLimit: 1GB}}
`,
    ['error quantity 4:54: memoryLimit "1GB" is no quantity (Write "1G")'],
  ],
  [
    "a space before the unit",
    `
components:
  - {name: tools, container: {image: a, memoryLimit: 512 Mi}}
`,
    ['error quantity 4:54: memoryLimit "512 Mi" is no quantity (Write "512Mi")'],
  ],
  [
    "a processor limit that is none",
    `
components:
  - {name: tools, container: {image: a, cpuLimit: two}}
`,
    [
      'error quantity 4:51: cpuLimit "two" is no quantity (Write a number and its unit, such as 500m or 2)',
    ],
  ],
  [
    "a processor request that is none",
    `
components:
  - {name: tools, container: {image: a, cpuRequest: 1/2}}
`,
    [
      'error quantity 4:53: cpuRequest "1/2" is no quantity (Write a number and its unit, such as 500m or 2)',
    ],
  ],
  [
    "a variable at a processor limit, where the library fills in none",
    `
variables: {cpu: "2"}
components:
  - {name: tools, container: {image: a, cpuLimit: "{{cpu}}"}}
`,
    [
      'error quantity 5:51: cpuLimit "{{cpu}}" is no quantity (Write the number: variables are not filled in at cpuLimit)',
    ],
  ],
  [
    "a variable that is not defined at a memory limit",
    `
components:
  - {name: tools, container: {image: a, memoryLimit: "{{memory}}"}}
`,
    [
      'error quantity 4:54: memoryLimit "{{memory}}" is no quantity (Define "memory" below variables)',
    ],
  ],
  [
    "a variable whose value is no quantity",
    `
variables: {memory: much}
components:
  - {name: tools, container: {image: a, memoryLimit: "{{memory}}"}}
`,
    [
      'error quantity 5:54: memoryLimit "much" is no quantity (Write a number and its unit, such as 512Mi or 2Gi)',
    ],
  ],
  [
    "a volume size that is none",
    `
components:
  - {name: cache, volume: {size: big}}
`,
    [
      'error quantity 4:34: size "big" is no quantity (Write a number and its unit, such as 512Mi or 2Gi)',
    ],
  ],
  [
    "a memory request over its limit",
    `
components:
  - name: tools
    container:
      image: a
      memoryLimit: 1Gi
      memoryRequest: 1025Mi
`,
    [
      'error request-over-limit 8:22: memoryRequest "1025Mi" is more than memoryLimit "1Gi" (Raise memoryLimit, or ask for less)',
    ],
  ],
  [
    "a processor request over its limit",
    `
components:
  - {name: tools, container: {image: a, cpuLimit: "1", cpuRequest: 1001m}}
`,
    [
      'error request-over-limit 4:68: cpuRequest "1001m" is more than cpuLimit "1" (Raise cpuLimit, or ask for less)',
    ],
  ],
  [
    "a request over a limit that is a variable",
    `
variables: {memory: 1Gi}
components:
  - {name: tools, container: {image: a, memoryLimit: "{{memory}}", memoryRequest: 2Gi}}
`,
    [
      'error request-over-limit 5:83: memoryRequest "2Gi" is more than memoryLimit "1Gi" (Raise memoryLimit, or ask for less)',
    ],
  ],
  [
    "requests within their limits, in other units: fine",
    `
components:
  - {name: tools, container: {image: a, memoryLimit: 1Gi, memoryRequest: "1073741824", cpuLimit: "2", cpuRequest: 2000m}}
`,
    [],
  ],
  [
    "a request with a limit of nothing, which counts as none: fine",
    `
components:
  - {name: tools, container: {image: a, cpuLimit: "0", cpuRequest: "1"}}
`,
    [],
  ],
  [
    "empty quantities: fine",
    `
components:
  - {name: tools, container: {image: a, memoryLimit: "", cpuLimit: ""}}
  - {name: cache, volume: {size: ""}}
`,
    [],
  ],
  [
    "memory in thousandths of a byte, which the library takes",
    `
components:
  - {name: tools, container: {image: a, memoryLimit: 512m}}
`,
    [
      'warning quantity-odd 4:54: memoryLimit "512m" is less than four kilobytes (Write a number and its unit, such as 512Mi or 2Gi)',
    ],
  ],
  [
    "a negative size, which the library takes",
    `
components:
  - {name: cache, volume: {size: -1Gi}}
`,
    [
      'warning quantity-odd 4:34: size "-1Gi" is less than nothing (Write a number and its unit, such as 512Mi or 2Gi)',
    ],
  ],
  [
    "gigabytes in words",
    `
components:
  - {name: cache, volume: {size: 2 gigabytes}}
`,
    ['error quantity 4:34: size "2 gigabytes" is no quantity (Write "2G")'],
  ],
  [
    "a variable that is not defined, like one that is",
    `
variables: {memory: 1Gi}
components:
  - {name: tools, container: {image: a, memoryLimit: "{{memmory}}"}}
`,
    ['error quantity 5:54: memoryLimit "{{memmory}}" is no quantity (Did you mean "memory"?)'],
  ],
  [
    "a quantity that is too long to compare",
    `
components:
  - {name: cache, volume: {size: "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001"}}
`,
    [
      "warning quantity-odd 4:34: size is over 256 characters long (Write a number and its unit, such as 512Mi or 2Gi)",
    ],
  ],
];

describe("rules on quantities", () => {
  test.each(CASES)("%s", (_, devfile, found) => {
    expect(devfileFindings(devfile)).toEqual([...found]);
  });
});
