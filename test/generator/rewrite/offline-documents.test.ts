import { describe, expect, test } from "bun:test";
import { parse } from "yaml";
import {
  documentFile,
  findDocuments,
  type OfflinePlan,
  offlineDevfile,
  rerenderDevfile,
} from "../../../src/generator/rewrite/index.ts";

const [ONE, TWO] = ["https://one.internal", "http://two.internal:8080/registry"];
const WEB = "https://web.example";
const fileAt = (digit: string, name: string) => `documents/${digit.repeat(64)}/${name}`;
const DOCUMENTS = new Map([
  [`${WEB}/Dockerfile`, fileAt("a", "Dockerfile")],
  [`${WEB}/app-deploy.yaml`, fileAt("b", "app-deploy.yaml")],
  [`${WEB}/1.10/k8s.yaml`, fileAt("c", "k8s.yaml")],
]);
const DEVFILE = `schemaVersion: 2.2.0
metadata:
  name: java
  alpha.build-dockerfile: ${WEB}/Dockerfile # for builders
  attributes:
    alpha.deployment-manifest: ${WEB}/app-deploy.yaml
attributes:
  # where it is deployed from
  alpha.deployment-manifest: '${WEB}/app-deploy.yaml'
  other: ${WEB}/other.yaml
variables:
  version: 1.10
parent:
  id: base
  components:
    - name: over
      openshift: {uri: "${WEB}/app-deploy.yaml"}
components:
  - name: deploy
    kubernetes:
      uri: ${WEB}/{{ version }}/k8s.yaml
  - name: image
    image:
      imageName: x
      dockerfile:
        uri: ${WEB}/Dockerfile
  - name: beside
    kubernetes: {uri: deploy.yaml}
`;
const ADDRESSES = [`${WEB}/app-deploy.yaml`, `${WEB}/Dockerfile`, `${WEB}/app-deploy.yaml`];
const PATHS = [
  "attributes.alpha.deployment-manifest",
  "metadata.alpha.build-dockerfile",
  "metadata.attributes.alpha.deployment-manifest",
  "components[0].kubernetes.uri",
  "components[1].image.dockerfile.uri",
  "parent.components[0].openshift.uri",
];

function planFor(publicUrl?: string): OfflinePlan {
  const plan = { folder: "stacks/java", starters: new Set<string>(), documents: DOCUMENTS };
  return publicUrl === undefined ? plan : { ...plan, publicUrl };
}

describe("findDocuments()", () => {
  test("finds absolute addresses, with variables filled in where clients do", () => {
    const found = findDocuments(DEVFILE);
    expect(found.map(({ path }) => path)).toEqual(PATHS);
    expect(found.map(({ address }) => address.slice(WEB.length))).toEqual([
      "/app-deploy.yaml",
      "/Dockerfile",
      "/app-deploy.yaml",
      "/1.10/k8s.yaml",
      "/Dockerfile",
      "/app-deploy.yaml",
    ]);
    expect(found.map(({ line }) => line)).toEqual([9, 4, 6, 21, 26, 17]);
  });

  test("takes nothing else for a document", () => {
    const devfile = `attributes: {alpha.build-dockerfile: Dockerfile, alpha.deployment-manifest: [a]}
components: [{name: a, kubernetes: {inlined: "${WEB}/x"}}, null, {kubernetes: {uri: "file:///x"}}]
`;
    expect(findDocuments(devfile)).toEqual([]);
  });
});

describe("offlineDevfile() of documents", () => {
  const offline = offlineDevfile(DEVFILE, planFor(ONE));

  test("gives attributes an address and components a path beside the devfile", () => {
    const { changes, left, text } = offline;
    expect(left).toEqual([]);
    expect(changes.map(({ path }) => path)).toEqual(PATHS);
    expect(text).toContain(`build-dockerfile: ${ONE}/${fileAt("a", "Dockerfile")} # for builders`);
    const { attributes, components, metadata, parent } = parse(text);
    const file = fileAt("b", "app-deploy.yaml");
    expect(attributes["alpha.deployment-manifest"]).toBe(`${ONE}/${file}`);
    expect(attributes.other).toBe(`${WEB}/other.yaml`);
    expect(components[0].kubernetes.uri).toBe(fileAt("c", "k8s.yaml"));
    expect(components[1].image.dockerfile.uri).toBe(fileAt("a", "Dockerfile"));
    expect(components[2].kubernetes.uri).toBe("deploy.yaml");
    expect(parent.components[0].openshift.uri).toBe(file);
    expect(JSON.parse(metadata.attributes["devreg.dev/origin"])).toEqual({
      [PATHS[0] ?? ""]: `${WEB}/app-deploy.yaml`,
      [PATHS[1] ?? ""]: `${WEB}/Dockerfile`,
      [PATHS[2] ?? ""]: `${WEB}/app-deploy.yaml`,
      [PATHS[3] ?? ""]: `${WEB}/{{ version }}/k8s.yaml`,
      [PATHS[4] ?? ""]: `${WEB}/Dockerfile`,
      [PATHS[5] ?? ""]: `${WEB}/app-deploy.yaml`,
    });
  });

  test("changes nothing the second time, and finds the original addresses of attributes", () => {
    expect(offlineDevfile(offline.text, planFor(ONE)).text).toBe(offline.text);
    const addresses = findDocuments(offline.text).map(({ address }) => address);
    expect(addresses).toEqual(ADDRESSES);
  });

  test("leaves attributes alone without a public URL, and says so", () => {
    const { text, left, changes } = offlineDevfile(DEVFILE, planFor());
    const reason = "the registry has no public URL";
    expect(left).toEqual(PATHS.slice(0, 3).map((path) => ({ kind: "document", path, reason })));
    expect(changes).toHaveLength(3);
    expect(parse(text).attributes).toEqual(parse(DEVFILE).attributes);
  });

  test("leaves what the build does not have", () => {
    const { documents: _, ...plan } = planFor(ONE);
    const { text, left } = offlineDevfile(DEVFILE, plan);
    expect(text).toBe(DEVFILE);
    expect(left).toHaveLength(6);
  });
});

describe("rerenderDevfile() of documents", () => {
  const plan = { folder: "stacks/java", documents: DOCUMENTS };
  const addressesOf = (text: string) => {
    const { attributes, metadata } = parse(text);
    return [attributes["alpha.deployment-manifest"], metadata["alpha.build-dockerfile"]];
  };
  const at = (url: string) => [
    `${url}/${fileAt("b", "app-deploy.yaml")}`,
    `${url}/${fileAt("a", "Dockerfile")}`,
  ];

  test("moves attributes from one public URL to another, as built for that one", () => {
    const { text } = offlineDevfile(DEVFILE, planFor(ONE));
    const moved = rerenderDevfile(text, { ...plan, from: ONE, to: TWO });
    expect(moved).toBe(offlineDevfile(DEVFILE, planFor(TWO)).text);
    expect(rerenderDevfile(moved, { ...plan, from: TWO, to: TWO })).toBe(moved);
  });

  test("gives attributes that were left their first address", () => {
    const { text } = offlineDevfile(DEVFILE, planFor());
    const moved = rerenderDevfile(text, { ...plan, to: ONE });
    expect(addressesOf(moved)).toEqual(at(ONE));
    const again = rerenderDevfile(moved, { ...plan, from: ONE, to: TWO });
    expect(addressesOf(again)).toEqual(at(TWO));
    const addresses = findDocuments(again).map(({ address }) => address);
    expect(addresses).toEqual(ADDRESSES);
  });

  test("leaves attributes of another registry, and all without a public URL", () => {
    const { text } = offlineDevfile(DEVFILE, planFor(ONE));
    expect(rerenderDevfile(text, { ...plan, from: "https://other.internal", to: TWO })).toBe(text);
    expect(rerenderDevfile(text, { ...plan, from: ONE, to: undefined })).toBe(text);
  });
});

test("documentFile() takes nothing else for an address of ours", () => {
  const file = fileAt("a", "Dockerfile");
  expect(documentFile(`${ONE}/${file}`, ONE)).toBe(file);
  expect(documentFile(`${TWO}/${file}`, `${TWO}/`)).toBe(file);
  expect(documentFile(`${TWO}/${file}`, ONE)).toBeUndefined();
  expect(documentFile(`${TWO}/${file}`, undefined)).toBe(file);
  expect(documentFile(`${ONE}/documents/abc/Dockerfile`, undefined)).toBeUndefined();
  expect(documentFile(`${ONE}/${file}/more`, ONE)).toBeUndefined();
});
