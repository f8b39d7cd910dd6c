import { describe, expect, test } from "bun:test";
import { devfileFindings } from "../../../support/devfile-findings.ts";

/** Each devfile with what is found in it: severity, rule, place, message and hint. */
const CASES: readonly (readonly [name: string, devfile: string, found: readonly string[]])[] = [
  [
    "exec of an unknown component",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - id: build
    exec:
      component: tool
      commandLine: make
`,
    ['error command-component 8:18: the component "tool" is unknown (Did you mean "tools"?)'],
  ],
  [
    "exec of an unknown component that is like none",
    `
components:
  - {name: tools, container: {image: a}}
  - {name: db, container: {image: b}}
  - {name: cache, volume: {}}
commands:
  - {id: build, exec: {component: frontend, commandLine: make}}
`,
    ['error command-component 8:35: the component "frontend" is unknown (Known here: tools, db)'],
  ],
  [
    "exec where there are no components",
    `
commands:
  - {id: build, exec: {component: tools, commandLine: make}}
`,
    ['error command-component 4:35: the component "tools" is unknown (Add it to components)'],
  ],
  [
    "exec in a volume",
    `
components:
  - {name: cache, volume: {}}
commands:
  - {id: build, exec: {component: cache, commandLine: make}}
`,
    [
      'error command-component 6:35: "cache" is a component of kind volume: exec needs a container (Add a container to components)',
    ],
  ],
  [
    "exec in an image",
    `
components:
  - {name: tools, container: {image: a}}
  - {name: img, image: {imageName: a, dockerfile: {uri: Dockerfile}}}
commands:
  - {id: build, exec: {component: img, commandLine: make}}
`,
    [
      'error command-component 7:35: "img" is a component of kind image: exec needs a container (Known here: tools)',
    ],
  ],
  [
    "exec of a manifest",
    `
components:
  - {name: k8s, kubernetes: {inlined: a}}
commands:
  - {id: build, exec: {component: k8s, commandLine: make}}
`,
    [
      'error command-component 6:35: "k8s" is a component of kind kubernetes: exec needs a container (Add a container to components)',
    ],
  ],
  [
    "apply of an unknown component",
    `
components:
  - {name: img, image: {imageName: a, dockerfile: {uri: Dockerfile}}}
commands:
  - {id: image, apply: {component: imgs}}
`,
    ['error command-component 6:36: the component "imgs" is unknown (Did you mean "img"?)'],
  ],
  [
    "apply of a volume",
    `
components:
  - {name: cache, volume: {}}
commands:
  - {id: apply, apply: {component: cache}}
`,
    [
      'error command-component 6:36: "cache" is a component of kind volume: apply needs a container, image or manifest (Add a container, image or manifest to components)',
    ],
  ],
  [
    "apply of a container, an image, a manifest and a template: fine",
    `
components:
  - {name: tools, container: {image: a}}
  - {name: img, image: {imageName: a, dockerfile: {uri: Dockerfile}}}
  - {name: k8s, kubernetes: {inlined: a}}
  - {name: os, openshift: {inlined: a}}
commands:
  - {id: a1, apply: {component: tools}}
  - {id: a2, apply: {component: img}}
  - {id: a3, apply: {component: k8s}}
  - {id: a4, apply: {component: os}}
`,
    [],
  ],
  [
    "the name of a component in another case",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - {id: build, exec: {component: Tools, commandLine: make}}
`,
    ['error command-component 6:35: the component "Tools" is unknown (Did you mean "tools"?)'],
  ],
  [
    "a component that is an alias of another name: fine",
    `
components:
  - name: &name tools
    container: {image: a}
commands:
  - {id: build, exec: {component: *name, commandLine: make}}
`,
    [],
  ],
  [
    "a command by a merge key: fine",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - id: build
    exec: &exec {component: tools, commandLine: make}
  - id: again
    exec:
      <<: *exec
      commandLine: make again
`,
    [],
  ],
  [
    "components that are no list are told of once",
    `
components: tools
commands:
  - {id: build, exec: {component: tools, commandLine: make}}
`,
    [
      'error schema-type 3:13: components is text where a list is needed (Write each item on a line of its own that starts with "- ")',
    ],
  ],
  [
    "empty components are told of once",
    `
components:
commands:
  - {id: build, exec: {component: tools, commandLine: make}}
`,
    [
      "error schema-type 3:12: components is empty where a list is needed (Give it a value, or remove the key)",
    ],
  ],
  [
    "a component without name is told of once",
    `
components:
  - {container: {image: a}}
commands:
  - {id: build, exec: {component: tools, commandLine: make}}
`,
    ['error schema-required 4:5: components[0] lacks name (Add "name:" with its value)'],
  ],
  [
    "a component named like a time of day, which the library reads as text",
    `
components:
  - {name: tools, container: {image: a}}
commands:
  - {id: build, exec: {component: 1:30, commandLine: make}}
`,
    ['error command-component 6:35: the component "1:30" is unknown (Known here: tools)'],
  ],
];

describe("rules on commands", () => {
  test.each(CASES)("%s", (_, devfile, found) => {
    expect(devfileFindings(devfile)).toEqual([...found]);
  });
});
