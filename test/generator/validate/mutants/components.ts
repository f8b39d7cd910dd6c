import { type Mutant, mutants } from "./mutant.ts";

const DATABASE = "- {name: sql, targetPort: 5432}";

/** What components get wrong. */
export const COMPONENT_MUTANTS: readonly Mutant[] = [
  ...mutants("error component-duplicate", [
    ["a name twice", "  - name: inline\n", "  - name: »manifest\n"],
    ["a name of another kind", "  - name: poster\n", "  - name: »data\n"],
  ]),
  ...mutants("error env-reserved", [
    ["the sources", "{name: HOME, value: /home}", "{name: »PROJECT_SOURCE, value: /home}"],
    ["the root", "{name: HOME, value: /home}", "{name: »PROJECTS_ROOT, value: /home}"],
  ]),
  ...mutants("warning env-duplicate", [
    ["in a container", 'name: LEVEL, value: "1"', 'name: »HOME, value: "1"'],
  ]),
  ...mutants("error annotation-conflict", [
    [
      "of a deployment",
      "5432}\n      annotation:\n        deployment: {zone: north}",
      "5432}\n      annotation:\n        deployment: {zone: »east}",
    ],
    [
      "of a service",
      "5432}\n      annotation:\n        deployment: {zone: north}",
      "5432}\n      annotation:\n        service: {zone: »east}",
    ],
  ]),
  ...mutants("error quantity", [
    ["megabytes with a B", "memoryLimit: 1Gi", "memoryLimit: »1024MB"],
    ["a small unit", "memoryLimit: 1Gi", "memoryLimit: »1gi"],
    ["a space", "memoryRequest: 512Mi", "memoryRequest: »512 Mi"],
    ["a word", "cpuRequest: 500m", "cpuRequest: »half"],
    ["a comma", "cpuRequest: 500m", 'cpuRequest: »"0,5"'],
    ["processors by a variable", "cpuRequest: 500m", 'cpuRequest: »"{{size}}"'],
    ["a variable that is none", "memoryRequest: 512Mi", 'memoryRequest: »"{{memory}}"'],
    ["a volume in words", 'size: "{{size}}"', "size: »large"],
  ]),
  ...mutants("error request-over-limit", [
    ["memory", "memoryRequest: 512Mi", "memoryRequest: »2Gi"],
    ["memory in other units", "memoryRequest: 512Mi", "memoryRequest: »1100M"],
    ["processors", "cpuRequest: 500m", "cpuRequest: »1001m"],
  ]),
  ...mutants("warning quantity-odd", [
    ["some bytes", 'size: "{{size}}"', 'size: »"512"'],
    ["less than nothing", "memoryRequest: 512Mi", 'memoryRequest: »"-512Mi"'],
    ["thousandths of a byte", "memoryRequest: 512Mi", "memoryRequest: »512m"],
  ]),
  ...mutants("error volume-unknown", [
    ["not there", "{name: data, path: /data}", "{name: »date, path: /data}"],
    ["no volume", "{name: data, path: /data}", "{name: »manifest, path: /data}"],
  ]),
  ...mutants("warning mount-path-duplicate", [
    ["a path twice", "{name: data, path: /data}", "{name: data, path: »/cache}"],
    [
      "the path of a name",
      "{name: data, path: /data}",
      "{name: data, path: /data}\n        - {name: »data}",
    ],
  ]),
  ...mutants("error endpoint-duplicate", [
    ["in one container", "{name: debug, targetPort: 5005", "{name: »http, targetPort: 5005"],
    ["in another container", DATABASE, "- {name: »debug, targetPort: 5432}"],
    ["in a manifest", "{name: admin, targetPort: 9090}", "{name: »sql, targetPort: 9090}"],
  ]),
  ...mutants("error endpoint-port", [
    ["in another container", DATABASE, "- {name: sql, targetPort: »8080}"],
    ["in octal", DATABASE, "- {name: sql, targetPort: »011615}"],
  ]),
  ...mutants("warning port-range", [
    ["nothing", "targetPort: 5432", "targetPort: »0"],
    ["too large", "targetPort: 5432", "targetPort: »70000"],
    ["negative", "targetPort: 5432", "targetPort: »-1"],
  ]),
  ...mutants("error uri", [
    ["a port that is none", "uri: deploy.yaml", "uri: »https://app.example:x/deploy.yaml"],
    ["an escape that is none", "uri: deploy.yaml", 'uri: »"https://app.example/100%"'],
    ["no scheme", "uri: deploy.yaml", 'uri: »":deploy.yaml"'],
  ]),
  ...mutants("warning manifest-missing", [
    ["a file that is not there", "uri: deploy.yaml", "uri: »deployment.yaml"],
    ["a file outside", "uri: deploy.yaml", "uri: »../stack.yaml"],
  ]),
  ...mutants("warning variable-undefined", [
    ["in an image", "image: app.example/tools:{{tag}}", "image: »app.example/tools:{{tags}}"],
    ["in env", "{name: HOME, value: /home}", '{name: HOME, value: »"{{home}}"}'],
    ["in a path", "          path: /\n", '          path: »"/{{path}}"\n'],
    ["in a Dockerfile", "        buildContext: .\n", '        buildContext: »"{{context}}"\n'],
  ]),
  ...mutants("error project-remotes", [
    [
      "of an image",
      "{poster: https://app.example/poster.git}",
      "»{poster: https://app.example/poster.git, other: https://o.example}",
    ],
    [
      "of a starter project",
      "{origin: https://app.example/hello.git}",
      "»{origin: https://app.example/hello.git, other: https://o.example}",
    ],
    [
      "none of a project",
      "{upstream: https://app.example/a.git, fork: https://app.example/b.git}",
      "»{}",
    ],
  ]),
  ...mutants("warning project-remotes", [
    ["none of a dependent project", "{mirror: https://app.example/c.git}", "»{}"],
  ]),
  ...mutants("error project-checkout", [
    ["a remote that is not there", "{remote: upstream}", "{remote: »origin}"],
    [
      "of a starter project",
      "{remote: origin, revision: main}",
      "{remote: »upstream, revision: main}",
    ],
    ["none of two", "checkoutFrom: {remote: upstream}", "checkoutFrom: »{revision: main}"],
  ]),
  ...mutants("warning project-checkout", [
    [
      "of a dependent project",
      "git:\n      remotes: {mirror",
      "git:\n      checkoutFrom: {remote: »main}\n      remotes: {mirror",
    ],
  ]),
  ...mutants("warning project-duplicate", [
    ["a starter project", "  - name: archive\n", "  - name: »hello\n"],
    [
      "a project",
      "dependentProjects:\n",
      "  - name: »library\n    zip: {location: https://app.example/x.zip}\ndependentProjects:\n",
    ],
  ]),
  ...mutants("warning variable-undefined", [
    ["in an address", "https://app.example/archive.zip", '»"https://{{host}}/archive.zip"'],
    ["in a revision", "revision: main", 'revision: »"{{branch}}"'],
    ["in a folder", "subDir: src", 'subDir: »"{{folder}}"'],
  ]),
];
