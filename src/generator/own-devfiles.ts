import type { ImportReference } from "./parents/index.ts";
import { parseRelease, sortDescending } from "./semver.ts";

/** What a registry has of one version of a stack or sample, or of an entry without versions. */
export interface RegistryPlace {
  /** As the index has it, and as parents name it. */
  readonly name: string;
  /** Undefined for an entry without versions. */
  readonly version: string | undefined;
  readonly isDefault: boolean;
  /** Where its files lie in the build: "stacks/go/2.0.0". */
  readonly folder: string;
  /** Undefined for what has no devfile. */
  readonly devfile: object | undefined;
}

/** A devfile of the registry itself that another one imports. */
export interface OwnDevfile<Place extends RegistryPlace> {
  readonly place: Place;
  readonly id: string;
  /** As the reference has it. */
  readonly version?: string;
}

/** Finds what references mean inside of the registry that a build is for. */
export class OwnDevfiles<Place extends RegistryPlace> {
  readonly #byName: ReadonlyMap<string, readonly Place[]>;
  readonly #byFolder: ReadonlyMap<string, readonly Place[]>;
  readonly #addresses: readonly string[];

  /** @param addresses those by which devfiles know this registry */
  constructor(places: readonly Place[], addresses: readonly string[]) {
    const there = places.filter(({ devfile }) => devfile !== undefined);
    this.#byName = Map.groupBy(there, ({ name }) => name);
    this.#byFolder = Map.groupBy(there, ({ folder }) => folder);
    this.#addresses = addresses.map(normaliseAddress);
  }

  /** The names that references can have. */
  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  /** Gives the versions of a name, as the index has them. */
  versionsOf(name: string): readonly string[] {
    return (this.#byName.get(name) ?? []).flatMap(({ version }) => version ?? []);
  }

  /** Gives the devfile that a reference means; undefined when it means another registry, or none. */
  find(reference: ImportReference): OwnDevfile<Place> | undefined {
    const target = this.#target(reference);
    const place = target && this.#place(target.id, target.version);
    return place === undefined || target === undefined ? undefined : { place, ...target };
  }

  /** Gives the place in whose folder a path of the build lies, the innermost of several. */
  holderOf(path: string): Place | undefined {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const [place] = this.#byFolder.get(path.slice(0, end)) ?? [];
      if (place !== undefined) return place;
    }
    return undefined;
  }

  #target(
    reference: ImportReference,
  ): { readonly id: string; readonly version?: string } | undefined {
    if (reference.kind === "kubernetes") return undefined;
    if (reference.kind === "uri") return this.#parseUri(reference.uri);
    const { id, registryUrl, version } = reference;
    const isOwn =
      registryUrl === undefined || this.#addresses.includes(normaliseAddress(registryUrl));
    if (!isOwn) return undefined;
    return { id, ...(version === undefined ? {} : { version }) };
  }

  /** Reads "<registry>/devfiles/<id>/<version>". */
  #parseUri(uri: string): { readonly id: string; readonly version?: string } | undefined {
    for (const own of this.#addresses) {
      const prefix = `${own}/devfiles/`;
      const address = normaliseAddress(uri);
      if (!address.startsWith(prefix)) continue;
      const [id, version, ...more] = address.slice(prefix.length).split("/");
      if (id === undefined || id === "" || more.length > 0) return undefined;
      return { id, ...(version === undefined ? {} : { version }) };
    }
    return undefined;
  }

  /** Parity: the REST API, which takes "default" and "latest" for versions. */
  #place(id: string, version: string | undefined): Place | undefined {
    const versions = this.#byName.get(id) ?? [];
    if (version === undefined || version === "default") {
      return versions.find(({ isDefault }) => isDefault);
    }
    if (version === "latest") return newest(versions);
    return versions.find((place) => place.version === version);
  }
}

/** Gives an address the form in which equal ones are equal texts. */
export function normaliseAddress(address: string): string {
  const url = URL.parse(address);
  return (url === null ? address : url.href).replace(/\/+$/, "");
}

function newest<Place extends RegistryPlace>(places: readonly Place[]): Place | undefined {
  const versionOf = ({ version }: Place) => version ?? "";
  const released = places.filter((place) => parseRelease(versionOf(place)) !== undefined);
  return sortDescending(released, versionOf)[0];
}
