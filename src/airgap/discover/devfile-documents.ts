import type { Finding } from "../../generator/index.ts";
import type { YamlNode } from "../../generator/rewrite/index.ts";
import { passedArguments } from "./build-arguments.ts";
import { devfileComponents, listOf } from "./devfile-walk.ts";
import { substituteVariables } from "./variables.ts";

/** What a file that a devfile names holds. */
export type DocumentKind = "manifest" | "dockerfile";

/** A file that a devfile names. */
export interface DevfileDocument {
  readonly kind: DocumentKind;
  /** Address, or path from the devfile; variables expanded. Absent for a Dockerfile kept in git. */
  readonly uri?: string;
  /** Where it is named. */
  readonly at: Pick<Finding, "line" | "column" | "path">;
  /** Build arguments that the devfile gives. */
  readonly passed: ReadonlyMap<string, string>;
}

/** Attributes that hold the address of a file. */
const ATTRIBUTES: Readonly<Record<string, DocumentKind>> = {
  "alpha.build-dockerfile": "dockerfile",
  "alpha.deployment-manifest": "manifest",
};

/** Finds the manifests and Dockerfiles that a devfile names, in the order of the file. */
export function devfileDocuments(
  root: YamlNode,
  variables: ReadonlyMap<string, string>,
): readonly DevfileDocument[] {
  const components = devfileComponents(root).flatMap(({ node }) => [
    ...manifests(node),
    ...dockerfiles(node),
  ]);
  const holders = [root.get("attributes"), root.get("metadata").get("attributes")];
  const attributes = holders.flatMap((holder) =>
    Object.entries(ATTRIBUTES).flatMap(([key, kind]) => documentOf(kind, holder.get(key))),
  );
  return [...components, ...attributes].map(({ uri, ...document }) =>
    uri === undefined ? document : { ...document, uri: substituteVariables(uri, variables).value },
  );
}

/** What tools put the image that they built in the place of, in manifests named by an attribute. */
const BUILT_IMAGE = "{{CONTAINER_IMAGE}}";

/** Gives the images that a devfile builds, variables expanded. */
export function builtImages(
  root: YamlNode,
  variables: ReadonlyMap<string, string>,
): readonly string[] {
  const names = devfileComponents(root).flatMap(({ node }) => {
    const image = node.get("image");
    const name = image.isMap ? image.get("imageName").text() : undefined;
    return name === undefined ? [] : [name, substituteVariables(name, variables).value];
  });
  return [...names, BUILT_IMAGE];
}

/** Gives the variables of a devfile; its own before those that it overrides of its parent. */
export function devfileVariables(root: YamlNode): ReadonlyMap<string, string> {
  const maps = [root.get("parent").get("variables"), root.get("variables")];
  return new Map(
    maps
      .flatMap((map) => (map.isMap ? map.entries() : []))
      .flatMap(([name, node]) => {
        const value = node.text();
        return value === undefined ? [] : [[name, value] as const];
      }),
  );
}

function manifests(component: YamlNode): readonly DevfileDocument[] {
  return ["kubernetes", "openshift"].flatMap((kind) =>
    documentOf("manifest", component.get(kind).get("uri")),
  );
}

function dockerfiles(component: YamlNode): readonly DevfileDocument[] {
  const image = component.get("image");
  const dockerfile = image.get("dockerfile");
  const passed = passedArguments(listOf(dockerfile.get("args")).map((node) => node.text() ?? ""));
  const elsewhere = ["git", "devfileRegistry"].map((key) => dockerfile.get(key));
  return [
    ...documentOf("dockerfile", dockerfile.get("uri"), passed),
    ...elsewhere
      .filter((node) => node.isMap)
      .map((node) => ({ kind: "dockerfile" as const, at: node.position(), passed })),
  ];
}

function documentOf(
  kind: DocumentKind,
  node: YamlNode,
  passed: ReadonlyMap<string, string> = new Map(),
): readonly DevfileDocument[] {
  const uri = node.text();
  if (uri === undefined || uri === "") return [];
  return [{ kind, uri, at: node.position(), passed }];
}
