import { describe, expect, test } from "bun:test";
import { changed, schemaFindings } from "./schema-findings.ts";

/** What is changed of a devfile that follows its schema, into what, and what is found. */
const CASES: readonly (readonly [name: string, from: string, to: string, found: string])[] = [
  [
    "a component of no kind",
    "    volume: {size: 1Gi}\n",
    "",
    'schema-one-of 29:5 components[1]: components[1] needs container, kubernetes, openshift, volume or image (Add "container:", "kubernetes:", "openshift:", "volume:" or "image:")',
  ],
  [
    "a component of a kind that is spelled wrong",
    "    volume: {size: 1Gi}\n",
    "    volumes: {size: 1Gi}\n",
    'schema-unknown-key 30:5 components[1].volumes: components[1] cannot have the key "volumes" (Did you mean volume?)',
  ],
  [
    "a component of a kind that is none",
    "    volume: {size: 1Gi}\n",
    "    disk: {size: 1Gi}\n",
    'schema-unknown-key 30:5 components[1].disk: components[1] cannot have the key "disk" (Known here: attributes, container, image, kubernetes, name, openshift, volume)',
  ],
  [
    "a component of two kinds",
    "    volume: {size: 1Gi}\n",
    "    volume: {size: 1Gi}\n    container: {image: a}\n",
    "schema-one-of 31:5 components[1].container: components[1] has volume and container where only one may be (Keep one of them)",
  ],
  [
    "a command of no kind",
    "    composite: {commands: [build], parallel: false}\n",
    "",
    'schema-one-of 45:5 commands[1]: commands[1] needs exec, apply or composite (Add "exec:", "apply:" or "composite:")',
  ],
  [
    "a command of two kinds",
    "    composite: {commands: [build], parallel: false}\n",
    "    composite: {commands: [build]}\n    apply: {component: built}\n",
    "schema-one-of 47:5 commands[1].apply: commands[1] has composite and apply where only one may be (Keep one of them)",
  ],
  [
    "a starter project without a source",
    "    zip: {location: https://zip.example/a.zip}\n",
    "",
    'schema-one-of 53:5 starterProjects[1]: starterProjects[1] needs git or zip (Add "git:" or "zip:")',
  ],
  [
    "a starter project with two sources",
    "    zip: {location: https://zip.example/a.zip}\n",
    "    zip: {location: a}\n    git: {remotes: {o: a}}\n",
    "schema-one-of 55:5 starterProjects[1].git: starterProjects[1] has zip and git where only one may be (Keep one of them)",
  ],
  [
    "a parent from two places",
    "  id: base\n",
    "  id: base\n  uri: https://a.example/devfile.yaml\n",
    "schema-one-of 12:3 parent.uri: parent has id and uri where only one may be (Keep one of them)",
  ],
  [
    "a parent from nowhere",
    "  id: base\n",
    "",
    'schema-one-of 11:3 parent: parent needs uri, id or kubernetes (Add "uri:", "id:" or "kubernetes:")',
  ],
  [
    "kubernetes from nowhere",
    "      uri: k8s.yaml\n",
    "      deployByDefault: true\n",
    'schema-one-of 33:7 components[2].kubernetes: kubernetes needs uri or inlined (Add "uri:" or "inlined:")',
  ],
  [
    "kubernetes from two places",
    "      uri: k8s.yaml\n",
    "      uri: k8s.yaml\n      inlined: x\n",
    "schema-one-of 34:7 components[2].kubernetes.inlined: kubernetes has uri and inlined where only one may be (Keep one of them)",
  ],
  [
    "an image without a dockerfile",
    "      dockerfile:\n        uri: Dockerfile\n",
    "",
    'schema-required 36:7 components[3].image: image lacks dockerfile (Add "dockerfile:" with its value)',
  ],
  [
    "a dockerfile from nowhere",
    "        uri: Dockerfile\n",
    "        rootRequired: false\n",
    'schema-one-of 38:9 components[3].image.dockerfile: dockerfile needs uri, devfileRegistry or git (Add "uri:", "devfileRegistry:" or "git:")',
  ],
  [
    "a dockerfile from two places",
    "        uri: Dockerfile\n",
    "        uri: Dockerfile\n        devfileRegistry: {id: a}\n",
    "schema-one-of 39:9 components[3].image.dockerfile.devfileRegistry: dockerfile has uri and devfileRegistry where only one may be (Keep one of them)",
  ],
];

describe("schemaRules on keys of which one must be there", () => {
  test.each(CASES)("find %s", (_, from, to, found) => {
    expect(schemaFindings(changed(from, to))).toEqual([found]);
  });
});
