import { OLD } from "./base.ts";
import { type Mutant, mutants } from "./mutant.ts";

const LONG = "x".repeat(64);

/** What the schema of a devfile does not allow. */
export const SCHEMA_MUTANTS: readonly Mutant[] = [
  ...mutants("error schema-version", [
    ["a version nobody knows", "schemaVersion: 2.3.0", "schemaVersion: »2.9.0"],
    ["a version of two numbers", "schemaVersion: 2.3.0", "schemaVersion: »2.3"],
    ["a version with a v", "schemaVersion: 2.3.0", "schemaVersion: »v2.3.0"],
    ["a version that is empty", "schemaVersion: 2.3.0", "schemaVersion: »"],
    ["no version", "schemaVersion: 2.3.0\nmetadata:", "»metadata:"],
  ]),
  ...mutants("error schema-type", [
    [
      "components are a map",
      "  - name: inline\n    openshift:",
      "  - »[inline]\n  - name: inline\n    openshift:",
    ],
    ["a port in quotes", "targetPort: 5432", 'targetPort: »"5432"'],
    ["a port that is a fraction", "targetPort: 5432", "targetPort: »54.32"],
    ["a port that is a word", "targetPort: 5432", "targetPort: »sql"],
    ["a flag in quotes", "mountSources: true", 'mountSources: »"true"'],
    ["a flag that is a number", "hotReloadCapable: true", "hotReloadCapable: »1"],
    ["a variable that is a number", "  size: 2Gi", "  size: »2"],
    ["a version that is a number", "version: 1.1.0", "version: »1.1"],
    ["a limit that is a number", 'cpuLimit: "1"', "cpuLimit: »1"],
    ["a value that is a number", 'value: "1"', "value: »1"],
    ["a value that is a flag", "value: /home", "value: »yes"],
    ["a command that is one text", "command: [tail]", "command: »tail"],
    ["an argument that is a number", 'args: ["-f", /dev/null]', "args: [»1, /dev/null]"],
    [
      "env that is a map",
      "      env:\n        - {name: GOFLAGS, value: -v}",
      "      env:\n        »GOFLAGS: -v",
    ],
    [
      "a container that is empty",
      "    container:\n      image: app.example/database:1.0\n      endpoints:\n        - {name: sql, targetPort: 5432}\n      annotation:\n        deployment: {zone: north}",
      "    container: »",
    ],
    ["an event that is one text", "preStop: [check]", "preStop: »check"],
    [
      "remotes that are a text",
      "remotes: {mirror: https://app.example/c.git}",
      "remotes: »https://app.example/c.git",
    ],
    ["a name that is a number", "displayName: App", "displayName: »1"],
    ["an item that is null", "commands: [push, roll-out]", "commands: [push, »~]"],
    ["attributes that are a list", "attributes:\n  owner: two", "attributes:\n  »- owner"],
  ]),
  ...mutants(
    "error schema-type",
    [
      ["metadata of an old version", "displayName: App", "displayName: »true"],
      ["a project type in another case", "projectType: Web", "ProjectType: »1\n  projectType: Web"],
    ],
    OLD,
  ),
  ...mutants("error schema-required", [
    ["a component without a name", "  - name: cache\n    volume", "  - »volume"],
    [
      "a container without an image",
      "      image: app.example/database:1.0\n      endpoints:",
      "      »endpoints:",
    ],
    ["a command without an id", "  - id: start\n    exec", "  - »exec"],
    [
      "exec without a command line",
      "      component: tools\n      commandLine: go test\n",
      "      »component: tools\n",
    ],
    [
      "exec without a component",
      "      component: tools\n      commandLine: go test\n",
      "      »commandLine: go test\n",
    ],
    ["apply without a component", "apply:\n      component: picture", "apply:\n      »label: Push"],
    ["an endpoint without a port", "{name: sql, targetPort: 5432}", "»{name: sql}"],
    ["an endpoint without a name", "{name: sql, targetPort: 5432}", "»{targetPort: 5432}"],
    ["env without a value", "{name: GOFLAGS, value: -v}", "»{name: GOFLAGS}"],
    ["env without a name", "{name: GOFLAGS, value: -v}", "»{value: -v}"],
    ["a group without a kind", "{kind: test}", "»{isDefault: true}"],
    ["a mount without a name", "{name: data, path: /data}", "»{path: /data}"],
    ["a starter project without a name", "  - name: archive\n    zip: {", "  - »zip: {"],
    [
      "git without remotes",
      "    git:\n      remotes: {mirror: https://app.example/c.git}",
      "    git:\n      »checkoutFrom: {revision: main}",
    ],
    [
      "an image without a name",
      "      imageName: app.example/app:1.0\n      dockerfile:",
      "      »dockerfile:",
    ],
    [
      "a Dockerfile of git without remotes",
      "          fileLocation: Dockerfile\n          remotes: {poster: https://app.example/poster.git}",
      "          »fileLocation: Dockerfile",
    ],
  ]),
  ...mutants("error schema-unknown-key", [
    ["a key of the root", "variables:", "»variable:\n  a: b\nvariables:"],
    ["a limit in snakes", "memoryLimit: 1Gi", "»memory_limit: 1Gi"],
    [
      "an image policy",
      "image: app.example/database:1.0",
      "image: app.example/database:1.0\n      »imagePullPolicy: Always",
    ],
    [
      "a port as Kubernetes has it",
      "{name: sql, targetPort: 5432}",
      "{name: sql, targetPort: 5432, »port: 80}",
    ],
    ["a default without is", "{kind: run, isDefault: true}", "{kind: run, »default: true}"],
    ["a directory in full", "workingDir: ", "»workingDirectory: "],
    ["a shell command", "commandLine: go test", "commandLine: go test\n      »shell: sh"],
    ["an event that is none", "preStop: [check]", "»beforeStop: [check]"],
    [
      "a branch beside remotes",
      "git:\n      remotes: {mirror: ",
      "git:\n      »branch: main\n      remotes: {mirror: ",
    ],
    ["a name twice in other letters", "  - name: data\n", "  - name: data\n    »Name: data\n"],
    ["a list that is misspelled", "dependentProjects:", "»dependantProjects:"],
  ]),
  ...mutants(
    "error schema-unknown-key",
    [
      ["variables before there were any", "components:", "»variables: {a: b}\ncomponents:"],
      [
        "an image before there were any",
        "container: {image: app.example/tools:0.9}",
        "container: {image: app.example/tools:0.9, »annotation: {}}",
      ],
    ],
    OLD,
  ),
  ...mutants("error schema-one-of", [
    [
      "a component that is nothing",
      "  - name: inline\n    openshift:\n      inlined: |\n        kind: Pod\n",
      "  - »name: inline\n",
    ],
    [
      "a component that is two things",
      "    volume:\n      ephemeral: true",
      "    volume:\n      ephemeral: true\n    »image: {imageName: a, dockerfile: {uri: Dockerfile}}",
    ],
    [
      "a command that does nothing",
      "  - id: check\n    exec:\n      component: tools\n      commandLine: go test\n      group: {kind: test}\n",
      "  - »id: check\n",
    ],
    [
      "a project of git and zip",
      "    zip: {location: https://app.example/archive.zip}",
      "    git: {remotes: {a: https://app.example/b}}\n    »zip: {location: https://app.example/archive.zip}",
    ],
    [
      "a project of nothing",
      "name: archive\n    zip: {location: https://app.example/archive.zip}\n",
      "»name: archive\n    description: Nothing\n",
    ],
    [
      "a manifest of two places",
      "      inlined: |\n",
      "      uri: https://app.example/a.yaml\n      »inlined: |\n",
    ],
    [
      "a Dockerfile of two places",
      "        uri: Dockerfile\n",
      "        git: {remotes: {a: https://a.example}}\n        »uri: Dockerfile\n",
    ],
  ]),
  ...mutants("error schema-enum", [
    ["an exposure", "exposure: none", "exposure: »private"],
    ["a protocol", "protocol: https", "protocol: »HTTPS"],
    ["a group", "kind: test", "kind: »tests"],
  ]),
  ...mutants("error schema-pattern", [
    ["a component in capitals", "  - name: inline", "  - name: »Inline"],
    ["a component with an underscore", "  - name: inline", "  - name: »in_line"],
    ["a component that ends with a dash", "  - name: inline", "  - name: »inline-"],
    ["a command with a space", "  - id: compile-all\n", "  - id: »compile all\n"],
    ["an endpoint with a dot", "name: debug", "name: »de.bug"],
    ["a starter project in capitals", "  - name: archive", "  - name: »Archive"],
    ["a version that is none", "  version: 1.1.0", "  version: »one"],
    ["a version with a v", "  version: 1.1.0", "  version: »v1.1.0"],
  ]),
  ...mutants("error schema-length", [
    ["a component", "  - name: inline", `  - name: »${LONG}`],
    ["an endpoint", "name: debug", "name: »a-name-that-is-long"],
    ["a volume", "{name: data, path: /data}", `{name: »${LONG}, path: /data}`],
  ]),
  ...mutants("error schema-number", [
    ["a port of infinity", "targetPort: 5432", "targetPort: ».inf"],
    ["an attribute that is not a number", "  owner: two", "  owner: ».nan"],
    ["a port beyond 64 bits", "targetPort: 5432", "targetPort: »99999999999999999999"],
  ]),
  ...mutants("error schema-duplicate", [
    ["an architecture", "architectures: [amd64, arm64]", "architectures: [amd64, »amd64]"],
  ]),
];
