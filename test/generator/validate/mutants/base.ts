/** The devfile that most mutants are made of; it has something of everything and no fault. */
const DEVFILE = `schemaVersion: 2.3.0
metadata:
  name: app
  version: 1.1.0
  displayName: App
  description: An app
  language: Go
  projectType: Web
  provider: Example
  supportUrl: https://app.example/support
  icon: https://app.example/logo.svg
  website: https://app.example
  tags: [Go, Web]
  architectures: [amd64, arm64]
  attributes:
    team: one
attributes:
  owner: two
variables:
  tag: "1.0"
  size: 2Gi
starterProjects:
  - name: hello
    description: A first app
    subDir: src
    git:
      checkoutFrom: {remote: origin, revision: main}
      remotes: {origin: https://app.example/hello.git}
  - name: archive
    zip: {location: https://app.example/archive.zip}
projects:
  - name: library
    clonePath: lib
    git:
      checkoutFrom: {remote: upstream}
      remotes: {upstream: https://app.example/a.git, fork: https://app.example/b.git}
dependentProjects:
  - name: beside
    git:
      remotes: {mirror: https://app.example/c.git}
components:
  - name: tools
    container:
      image: app.example/tools:{{tag}}
      memoryLimit: 1Gi
      memoryRequest: 512Mi
      cpuLimit: "1"
      cpuRequest: 500m
      mountSources: true
      sourceMapping: /projects
      command: [tail]
      args: ["-f", /dev/null]
      env:
        - {name: HOME, value: /home}
        - {name: LEVEL, value: "1"}
      endpoints:
        - name: http
          targetPort: 8080
          exposure: public
          protocol: https
          path: /
          secure: true
        - {name: debug, targetPort: 5005, exposure: none}
      volumeMounts:
        - {name: cache, path: /cache}
        - {name: data, path: /data}
      annotation:
        deployment: {zone: north}
        service: {zone: south}
  - name: database
    container:
      image: app.example/database:1.0
      endpoints:
        - {name: sql, targetPort: 5432}
      annotation:
        deployment: {zone: north}
  - name: cache
    volume:
      size: "{{size}}"
  - name: data
    volume:
      ephemeral: true
  - name: manifest
    kubernetes:
      uri: deploy.yaml
      endpoints:
        - {name: admin, targetPort: 9090}
  - name: inline
    openshift:
      inlined: |
        kind: Pod
  - name: picture
    image:
      imageName: app.example/app:1.0
      dockerfile:
        uri: Dockerfile
        buildContext: .
        rootRequired: false
  - name: poster
    image:
      imageName: app.example/poster:1.0
      dockerfile:
        git:
          fileLocation: Dockerfile
          remotes: {poster: https://app.example/poster.git}
commands:
  - id: compile
    exec:
      component: tools
      commandLine: go build
      workingDir: \${PROJECT_SOURCE}
      env:
        - {name: GOFLAGS, value: -v}
      group:
        kind: build
        isDefault: true
  - id: compile-all
    exec:
      component: tools
      commandLine: go build ./...
      group: {kind: build, isDefault: false}
  - id: start
    exec:
      label: Start it
      component: tools
      commandLine: ./app
      hotReloadCapable: true
      group: {kind: run, isDefault: true}
  - id: check
    exec:
      component: tools
      commandLine: go test
      group: {kind: test}
  - id: push
    apply:
      component: picture
  - id: roll-out
    apply:
      component: manifest
  - id: deploy
    composite:
      commands: [push, roll-out]
      parallel: false
      group: {kind: deploy, isDefault: true}
  - id: prepare
    apply:
      component: database
events:
  preStart: [prepare]
  postStart: [compile]
  preStop: [check]
`;

const OLDER = `schemaVersion: 2.0.0
metadata:
  name: app
  version: 1.0.0
  displayName: App
  language: Go
  projectType: Web
  architectures: [amd64]
components:
  - name: old-tools
    container: {image: app.example/tools:0.9}
commands:
  - id: old-build
    exec: {component: old-tools, commandLine: make}
`;

const STACK = `name: app
displayName: App
description: An app
icon: https://app.example/logo.svg
provider: Example
supportUrl: https://app.example/support
architectures: [amd64]
versions:
  - version: 1.1.0
    default: true
  - version: 1.0.0
`;

const PARENT = `schemaVersion: 2.2.2
metadata:
  name: parent
  version: 2.0.0
  displayName: Parent
  language: Go
  projectType: Web
  provider: Example
  supportUrl: https://parent.example/support
  icon: https://parent.example/logo.svg
  architectures: [amd64]
variables:
  tag: "1.0"
components:
  - name: tools
    container:
      image: parent.example/tools:{{tag}}
      memoryLimit: 1Gi
commands:
  - id: start
    exec: {component: tools, commandLine: ./parent}
`;

const CHILD = `schemaVersion: 2.3.0
metadata:
  name: child
  version: 3.0.0
  displayName: Child
  language: Go
  projectType: Web
  provider: Example
  supportUrl: https://child.example/support
  icon: https://child.example/logo.svg
  architectures: [amd64]
parent:
  uri: ../parent/devfile.yaml
  components:
    - name: tools
      container: {memoryLimit: 2Gi}
  commands:
    - id: start
      exec: {commandLine: ./child}
components:
  - name: own
    container: {image: child.example/own:1.0}
commands:
  - id: shine
    exec: {component: own, commandLine: shine}
`;

const EXTRAS = `schemaVersion: 2.0.0
samples:
  - name: sample
    displayName: Sample
    description: A sample
    icon: https://sample.example/logo.svg
    provider: Example
    supportUrl: https://sample.example/support
    architectures: [amd64]
    projectType: Web
    language: Go
    tags: [Go]
    versions:
      - version: 2.0.0
        schemaVersion: 2.2.0
        default: true
        git:
          remotes: {origin: https://sample.example/two.git}
      - version: 1.0.0
        schemaVersion: 2.2.0
        git:
          remotes: {origin: https://sample.example/one.git}
`;

const SAMPLE = `schemaVersion: 2.2.0
metadata: {name: sample}
components:
  - name: demo
    container: {image: sample.example/demo:1.0}
`;

/** The devfile of the stack "app" that its users get unless they ask for another version. */
export const APP = "stacks/app/1.1.0/devfile.yaml";
/** The other files that mutants change. */
export const [OLD, STACK_YAML, PARENT_DEVFILE, CHILD_DEVFILE, EXTRA_ENTRIES, DATES, TWO] = [
  "stacks/app/1.0.0/devfile.yaml",
  "stacks/app/stack.yaml",
  "stacks/parent/devfile.yaml",
  "stacks/child/devfile.yaml",
  "extraDevfileEntries.yaml",
  "last_modified.json",
  "samples/sample/2.0.0/devfile.yaml",
] as const;

/** A registry repository without a single fault: path → text. */
export const BASE: Readonly<Record<string, string>> = {
  [APP]: DEVFILE,
  "stacks/app/1.1.0/deploy.yaml": "kind: Pod\n",
  "stacks/app/1.1.0/Dockerfile": "FROM app.example/base:1.0\n",
  [OLD]: OLDER,
  [STACK_YAML]: STACK,
  [PARENT_DEVFILE]: PARENT,
  [CHILD_DEVFILE]: CHILD,
  [EXTRA_ENTRIES]: EXTRAS,
  [TWO]: SAMPLE,
  "samples/sample/1.0.0/devfile.yaml": SAMPLE,
  [DATES]: '{"stacks": [], "samples": []}\n',
};
