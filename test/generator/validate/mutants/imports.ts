import { CHILD_DEVFILE, PARENT_DEVFILE } from "./base.ts";
import { changed, type Mutant, mutants } from "./mutant.ts";

const PARENT_KEY = "parent:\n  uri: ../parent/devfile.yaml\n";

/** What references to parents, and overrides of them, get wrong. */
export const IMPORT_MUTANTS: readonly Mutant[] = [
  ...mutants(
    "error override-unknown",
    [
      [
        "a component",
        "    - name: tools\n      container: {memory",
        "    - name: »tool\n      container: {memory",
      ],
      ["a command", "    - id: start\n", "    - id: »stop\n"],
    ],
    CHILD_DEVFILE,
  ),
  ...mutants(
    "error merge-conflict",
    [
      [
        "a component of the parent",
        "  - name: own\n    container: {image: child.example/own:1.0}",
        "  - name: own\n    container: {image: child.example/own:1.0}\n  - name: »tools\n    container: {image: child.example/x:1.0}",
      ],
    ],
    CHILD_DEVFILE,
  ),
  ...mutants(
    "error parent-unknown",
    [["a file that is not there", "uri: ../parent/devfile.yaml", "uri: »../parents/devfile.yaml"]],
    CHILD_DEVFILE,
  ),
  ...mutants(
    "error parent-reference",
    [["no web address", "uri: ../parent/devfile.yaml", "uri: »ftp://parent.example/devfile.yaml"]],
    CHILD_DEVFILE,
  ),
  ...mutants(
    "error parent-kubernetes",
    [["a resource of a cluster", PARENT_KEY, "parent:\n  kubernetes: »{name: parent}\n"]],
    CHILD_DEVFILE,
  ),
  ...mutants(
    "warning parent-registry",
    [["no registry", PARENT_KEY, "parent:\n  id: »parent\n"]],
    CHILD_DEVFILE,
  ),
  ...mutants(
    "error parent-circle",
    [["itself", "uri: ../parent/devfile.yaml", "uri: »../child/devfile.yaml"]],
    CHILD_DEVFILE,
  ),
  {
    name: "an older schema than that of the parent",
    expects: ["error parent-newer"],
    file: CHILD_DEVFILE,
    edits: [
      ["schemaVersion: 2.3.0", "schemaVersion: 2.2.0"],
      ["uri: ..", "uri: ».."],
    ],
  },
  ...mutants(
    ["error parent-reference", "error schema-one-of"],
    [["a reference to nothing", PARENT_KEY, "parent:\n  »»version: 1.0.0\n"]],
    CHILD_DEVFILE,
  ),
  {
    name: "a parent that is broken",
    expects: ["error parent-invalid", `error schema-required ${PARENT_DEVFILE}:21:11`],
    file: CHILD_DEVFILE,
    edits: [["uri: ..", "uri: ».."]],
    files: changed(PARENT_DEVFILE, ", commandLine: ./parent", ""),
  },
  ...mutants(
    "error parent-unknown",
    [["a stack that is not there", PARENT_KEY, "parent:\n  id: »parents\n"]],
    CHILD_DEVFILE,
  ),
];
