import { isMap, isScalar, type Scalar, type YAMLMap } from "yaml";
import { getItems, getNode, isNull } from "./devfile-tree.ts";

/** A file that an imported component refers to, beside the devfile it was imported from. */
export interface ImportedFile {
  /** As the component has it: "deploy.yaml", "docker/Dockerfile". */
  readonly uri: string;
  /** Address of the devfile that it is relative to; undefined where that is not known. */
  readonly base: string | undefined;
}

/** Remembers which devfile the relative addresses of components are relative to. */
export class AddressBases {
  readonly #bases = new Map<Scalar, string | undefined>();

  /** Marks the addresses of a devfile that was imported, and of what it overrides itself. */
  mark(root: YAMLMap, base: string | undefined): void {
    const parent = getNode(root, "parent");
    const plugins = getItems(root, "components").map((component) => getNode(component, "plugin"));
    for (const holder of [root, parent, ...plugins]) {
      for (const uri of addressesOf(holder)) if (!this.#bases.has(uri)) this.#bases.set(uri, base);
    }
  }

  /** Gives the files that components of a devfile need from elsewhere, each once, in file order. */
  filesOf(root: YAMLMap): readonly ImportedFile[] {
    const files = addressesOf(root).filter((uri) => this.#bases.has(uri));
    const found = files.map((uri) => ({ uri: String(uri.value), base: this.#bases.get(uri) }));
    return [...new Map(found.map((file) => [`${file.base} ${file.uri}`, file])).values()];
  }
}

/** Relative addresses: of manifests and of Dockerfiles. */
function addressesOf(holder: unknown): Scalar[] {
  return getItems(holder, "components").flatMap((component) => {
    const places = [
      getNode(component, "kubernetes"),
      getNode(component, "openshift"),
      getNode(getNode(component, "image"), "dockerfile"),
    ];
    return places.filter(isMap).flatMap((place) => {
      const uri = getNode(place, "uri");
      return isScalar(uri) && !isNull(uri) && !/^[a-z][a-z0-9+.-]*:/i.test(String(uri.value))
        ? [uri]
        : [];
    });
  });
}
