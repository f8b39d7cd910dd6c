import { OLD } from "./base.ts";
import { type Mutant, mutants } from "./mutant.ts";

const START = "  - id: start\n    exec:\n      label: Start it\n      component: tools\n";

/** What commands and events get wrong. */
export const COMMAND_MUTANTS: readonly Mutant[] = [
  ...mutants("error command-duplicate", [
    ["an id twice", "  - id: compile-all\n", "  - id: »compile\n"],
    [
      "an id of another kind",
      "  - id: prepare\n    apply:\n      component: database\n",
      "  - id: prepare\n    apply:\n      component: database\n  - id: »prepare\n    apply: {component: database}\n",
    ],
  ]),
  ...mutants("error command-component", [
    ["exec of nothing", START, START.replace("tools", "»tool")],
    ["exec of a volume", START, START.replace("tools", "»cache")],
    ["exec of an image", START, START.replace("tools", "»picture")],
    ["apply of nothing", "component: manifest", "component: »manifests"],
    ["apply of a volume", "component: manifest", "component: »cache"],
    ["a component in capitals", START, START.replace("tools", "»Tools")],
  ]),
  ...mutants(
    "error command-kind",
    [
      [
        "a command of an editor",
        "    exec: {component: old-tools, commandLine: make}",
        "    »vscodeTask: {inlined: a}",
      ],
      [
        "a launch of an editor",
        "    exec: {component: old-tools, commandLine: make}",
        "    »vscodeLaunch: {inlined: a}",
      ],
    ],
    OLD,
  ),
  ...mutants("error group-default-missing", [
    [
      "none of two",
      "      group:\n        kind: build\n        isDefault: true\n",
      "      group:\n        »kind: build\n",
    ],
    [
      "none of two, one of them apply",
      "      group: {kind: test}\n  - id: push\n    apply:\n",
      "      group: »{kind: test}\n  - id: push\n    apply:\n      group: {kind: test}\n",
    ],
  ]),
  ...mutants("error group-default-several", [
    ["two of two", "{kind: build, isDefault: false}", "{kind: build, isDefault: »true}"],
    ["two in other words", "{kind: build, isDefault: false}", "{kind: build, isDefault: »yes}"],
    [
      "apply behind composite",
      "  - id: prepare\n    apply:\n",
      "  - id: prepare\n    apply:\n      group: {kind: deploy, isDefault: »true}\n",
    ],
  ]),
  ...mutants("error composite-unknown", [
    ["a command that is not there", "[push, roll-out]", "[push, »rollout]"],
    ["a component in its place", "[push, roll-out]", "[push, »picture]"],
  ]),
  ...mutants("error composite-circle", [
    ["it runs itself", "[push, roll-out]", "[push, »deploy]"],
    [
      "through another",
      "[push, roll-out]\n      parallel: false\n      group: {kind: deploy, isDefault: true}\n",
      "[push, again]\n  - id: again\n    composite: {commands: [»deploy]}\n",
    ],
    [
      "through two others",
      "[push, roll-out]\n      parallel: false\n      group: {kind: deploy, isDefault: true}\n",
      "[one]\n  - id: one\n    composite: {commands: [two]}\n  - id: two\n    composite: {commands: [push, »one]}\n",
    ],
  ]),
  ...mutants(
    ["warning command-case", "error composite-circle"],
    [
      [
        "named in capitals first",
        "[push, roll-out]",
        "[»Inner, »inner]\n  - id: inner\n    composite:\n      commands: [push]",
      ],
    ],
  ),
  ...mutants("warning composite-empty", [
    ["an empty list", "commands: [push, roll-out]", "commands: »[]"],
    [
      "no list",
      "      commands: [push, roll-out]\n      parallel: false",
      "      »parallel: false",
    ],
  ]),
  ...mutants("warning command-case", [
    ["in a composite command", "[push, roll-out]", "[push, »Roll-Out]"],
    ["in an event", "postStart: [compile]", "postStart: [»Compile]"],
  ]),
  ...mutants("error event-unknown", [
    ["preStart", "preStart: [prepare]", "preStart: [»prepared]"],
    ["postStart", "postStart: [compile]", "postStart: [compile, »compiled]"],
    ["preStop", "preStop: [check]", "preStop: [»tools]"],
    ["postStop", "preStop: [check]", "postStop: [»checks]"],
  ]),
  ...mutants("error event-kind", [
    ["exec before the start", "preStart: [prepare]", "preStart: [»check]"],
    ["apply after the start", "postStart: [compile]", "postStart: [»prepare]"],
    ["apply before the stop", "preStop: [check]", "preStop: [»push]"],
    ["exec after the stop", "preStop: [check]", "postStop: [»check]"],
    ["composite of others", "postStart: [compile]", "postStart: [»deploy]"],
  ]),
  ...mutants("warning env-duplicate", [
    [
      "in a command",
      "- {name: GOFLAGS, value: -v}",
      "- {name: GOFLAGS, value: -v}\n        - {name: »GOFLAGS, value: -x}",
    ],
  ]),
  ...mutants("warning variable-undefined", [
    ["in a command line", "commandLine: ./app", 'commandLine: »"./{{app}}"'],
    ["in a label", "label: Start it", "label: »Start {{it}}"],
    ["in a directory", "workingDir: $", "workingDir: »/{{source}}$"],
  ]),
];
