import { describe, expect, test } from "bun:test";
import { devfileFindings } from "../../../support/devfile-findings.ts";

/** Each devfile with what is found in it: severity, rule, place, message and hint. */
const CASES: readonly (readonly [name: string, devfile: string, found: readonly string[]])[] = [
  [
    "an unknown volume",
    `
components:
  - name: tools
    container:
      image: a
      volumeMounts:
        - name: cahce
          path: /cache
  - {name: cache, volume: {}}
`,
    ['error volume-unknown 8:17: the volume "cahce" is unknown (Did you mean "cache"?)'],
  ],
  [
    "an unknown volume where there is none",
    `
components:
  - {name: tools, container: {image: a, volumeMounts: [{name: cache}]}}
`,
    [
      'error volume-unknown 4:63: the volume "cache" is unknown (Add a volume component of that name)',
    ],
  ],
  [
    "a mounted container",
    `
components:
  - {name: tools, container: {image: a, volumeMounts: [{name: tools}]}}
`,
    [
      'error volume-unknown 4:63: "tools" is a component of kind container, no volume (Add a volume component of that name)',
    ],
  ],
  [
    "two volumes at one path",
    `
components:
  - name: tools
    container:
      image: a
      volumeMounts:
        - {name: one, path: /data}
        - {name: two, path: /data}
  - {name: one, volume: {}}
  - {name: two, volume: {}}
`,
    [
      'warning mount-path-duplicate 9:29: another volume is mounted at "/data" (Mount each volume at a path of its own)',
    ],
  ],
  [
    "a volume at the path that another has by its name",
    `
components:
  - {name: tools, container: {image: a, volumeMounts: [{name: one}, {name: two, path: /one}]}}
  - {name: one, volume: {}}
  - {name: two, volume: {}}
`,
    [
      'warning mount-path-duplicate 4:87: another volume is mounted at "/one" (Mount each volume at a path of its own)',
    ],
  ],
  [
    "one volume in two containers at one path: fine",
    `
components:
  - {name: a, container: {image: a, volumeMounts: [{name: one, path: /data}]}}
  - {name: b, container: {image: a, volumeMounts: [{name: one, path: /data}]}}
  - {name: one, volume: {}}
`,
    [],
  ],
];

describe("rules on volumes", () => {
  test.each(CASES)("%s", (_, devfile, found) => {
    expect(devfileFindings(devfile)).toEqual([...found]);
  });
});
