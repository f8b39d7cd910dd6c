import { utf8 } from "../../../../src/bytes.ts";
import { readDevfile } from "../../../../src/generator/devfile-yaml.ts";
import type { Finding } from "../../../../src/generator/findings.ts";
import { applyRules } from "../../../../src/generator/validate/rule.ts";
import { schemaRules } from "../../../../src/generator/validate/schema/index.ts";
import { parseYaml } from "../../../../src/generator/yaml/index.ts";

/** A devfile that has a bit of everything that the schema of 2.2.2 knows. */
export const WHOLE = `schemaVersion: 2.2.2
metadata:
  name: whole
  version: 1.2.3
  displayName: Whole
  tags: [Go, Web]
  architectures: [amd64, arm64]
attributes: {any: [1, yes, ~]}
variables: {tag: "1.0"}
parent:
  id: base
  registryUrl: https://registry.example
  version: 1.0.0
components:
  - name: tools
    container:
      image: quay.io/a/tools
      memoryLimit: 1Gi
      mountSources: true
      command: [tail]
      env:
        - name: MODE
          value: dev
      endpoints:
        - name: http
          targetPort: 8080
          exposure: public
          protocol: https
  - name: data
    volume: {size: 1Gi}
  - name: outer
    kubernetes:
      uri: k8s.yaml
  - name: built
    image:
      imageName: built
      dockerfile:
        uri: Dockerfile
commands:
  - id: build
    exec:
      component: tools
      commandLine: make
      group: {kind: build, isDefault: true}
  - id: all
    composite: {commands: [build], parallel: false}
events:
  preStop: [build]
starterProjects:
  - name: web
    git:
      remotes: {origin: https://git.example/web}
  - name: zipped
    zip: {location: https://zip.example/a.zip}
`;

/** Gives what the rules of the schema find in a devfile: "rule line:column path: message (hint)". */
export function schemaFindings(text: string): readonly string[] {
  const findings: Finding[] = [];
  const root = parseYaml("devfile.yaml", utf8(text), () => undefined);
  if (root === undefined) return ["the YAML is broken"];
  findings.push(...applyRules(schemaRules, [readDevfile(root)]));
  return findings.map(
    ({ rule, line, column, path, message, hint }) =>
      `${rule} ${line}:${column} ${path}: ${message} (${hint})`,
  );
}

/** Gives a devfile with one change, of a text that it has once. */
export function changed(from: string, to: string, text = WHOLE): string {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`"${from}" is there ${parts.length - 1} times`);
  return parts.join(to);
}
