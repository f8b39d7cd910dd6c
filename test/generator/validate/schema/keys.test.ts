import { describe, expect, test } from "bun:test";
import { changed, schemaFindings } from "./schema-findings.ts";

/** What is changed of a devfile that follows its schema, into what, and what is found. */
const CASES: readonly (readonly [name: string, from: string, to: string, found: string])[] = [
  [
    "a key that is spelled wrong",
    "memoryLimit: 1Gi",
    "memorylimit: 1Gi",
    'schema-unknown-key 18:7 components[0].container.memorylimit: container cannot have the key "memorylimit" (Did you mean memoryLimit?)',
  ],
  [
    "a key with a letter too few",
    "mountSources: true",
    "mountSource: true",
    'schema-unknown-key 19:7 components[0].container.mountSource: container cannot have the key "mountSource" (Did you mean mountSources?)',
  ],
  [
    "a key that is like none",
    "memoryLimit: 1Gi",
    "ram: 1Gi",
    'schema-unknown-key 18:7 components[0].container.ram: container cannot have the key "ram" (Known here: annotation, args, command, cpuLimit, cpuRequest, dedicatedPod, endpoints, env, image, memoryLimit, memoryRequest, mountSources, sourceMapping, volumeMounts)',
  ],
  [
    "a key of the devfile",
    "events:\n  preStop: [build]",
    "event:\n  preStop: [build]",
    'schema-unknown-key 47:1 event: the devfile cannot have the key "event" (Did you mean events?)',
  ],
  [
    "a key of another place",
    "  - name: data\n",
    "  - name: data\n    size: 1Gi\n",
    'schema-unknown-key 30:5 components[1].size: components[1] cannot have the key "size" (Known here: attributes, container, image, kubernetes, name, openshift, volume)',
  ],
  [
    "a key that is quoted",
    "protocol: https",
    '"protocl": https',
    'schema-unknown-key 28:11 components[0].container.endpoints[0].protocl: endpoints[0] cannot have the key "protocl" (Did you mean protocol?)',
  ],
  [
    "a key of a flow map",
    "{kind: build, isDefault: true}",
    "{kind: build, default: true}",
    'schema-unknown-key 44:28 commands[0].exec.group.default: group cannot have the key "default" (Did you mean isDefault?)',
  ],
  [
    "a key of the first version only",
    "parallel: false}",
    "parallel: false}\n  - id: task\n    vscodeTask: {inlined: x}",
    'schema-unknown-key 48:5 commands[2].vscodeTask: commands[2] cannot have the key "vscodeTask" (Only schemaVersion 2.0.0 has it)',
  ],
  [
    "a key of a later version",
    "schemaVersion: 2.2.2",
    "schemaVersion: 2.2.1\ndependentProjects: []",
    'schema-unknown-key 2:1 dependentProjects: the devfile cannot have the key "dependentProjects" (Only schemaVersion 2.2.2 and 2.3.0 have it)',
  ],
  [
    "a missing key",
    "      image: quay.io/a/tools\n",
    "",
    'schema-required 17:7 components[0].container: container lacks image (Add "image:" with its value)',
  ],
  [
    "a missing key of an item",
    "          value: dev\n",
    "",
    'schema-required 22:11 components[0].container.env[0]: env[0] lacks value (Add "value:" with its value)',
  ],
  [
    "a missing name",
    "  - name: data\n    volume",
    "  - volume",
    'schema-required 29:5 components[1]: components[1] lacks name (Add "name:" with its value)',
  ],
  [
    "a missing port",
    "          targetPort: 8080\n",
    "",
    'schema-required 25:11 components[0].container.endpoints[0]: endpoints[0] lacks targetPort (Add "targetPort:" with its value)',
  ],
  [
    "a missing kind",
    "{kind: build, isDefault: true}",
    "{isDefault: true}",
    'schema-required 44:14 commands[0].exec.group: group lacks kind (Add "kind:" with its value)',
  ],
  [
    "a required key that is spelled wrong",
    "imageName: built",
    "imagename: built",
    'schema-unknown-key 36:7 components[3].image.imagename: image cannot have the key "imagename" (Did you mean imageName?)',
  ],
];

describe("schemaRules on keys", () => {
  test.each(CASES)("find %s", (_, from, to, found) => {
    expect(schemaFindings(changed(from, to))).toEqual([found]);
  });
});
