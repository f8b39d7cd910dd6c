import { textOf } from "../../bytes.ts";
import {
  type Build,
  decodedPath,
  type FetchableReference,
  type FlattenedStarters,
  flattenStarters,
  type ImportedDevfile,
  normaliseAddress,
  PUBLIC_REGISTRIES,
} from "../../generator/index.ts";
import { YAML_BYTES } from "../../limits.ts";
import type { Representation } from "../http/index.ts";
import type { PreparedGeneration } from "../served.ts";
import { type DevfilePlace, findDevfile } from "./devfile-lookup.ts";
import { openDevfile } from "./open-devfile.ts";

/** Stands for the files of the build in addresses that relative ones are resolved against. */
const FILES = "devreg-build:";
/** Most devfiles import nothing, and need not be read again. */
const MAY_IMPORT = /\b(?:parent|plugin)\b/;

/** Representations live as long as their generation, and no longer than they are kept. */
const known = new WeakMap<Representation, Promise<FlattenedStarters | undefined>>();

/** Where devfiles are found, and by which public URL they may know this registry. */
export type StarterPlaces = Pick<PreparedGeneration, "build" | "reader"> & {
  readonly publicUrl?: string | undefined;
};

/**
 * Gives the starter projects of a devfile and of what it imports from this very registry, as
 * clients see them once they flattened it. Undefined where it imports nothing from here. No network
 * is used; devfiles of other registries are left to who reads them.
 */
export function flattenedStarters(
  places: StarterPlaces,
  { folder }: Pick<DevfilePlace, "folder">,
  devfile: Representation,
): Promise<FlattenedStarters | undefined> {
  const flattened = known.get(devfile) ?? flattenFrom(places, folder, devfile);
  known.set(devfile, flattened);
  flattened.catch(() => known.delete(devfile));
  return flattened;
}

async function flattenFrom(
  places: StarterPlaces,
  folder: string,
  devfile: Representation,
): Promise<FlattenedStarters | undefined> {
  const read = imported(devfile, folder, addressOf(`${folder}/devfile.yaml`));
  if (read === undefined || !MAY_IMPORT.test(read.text)) return undefined;
  const own = ownAddresses(places.build, places.publicUrl);
  return await flattenStarters(read, (reference) => findImport(places, own, reference));
}

/** Parity: generating takes these for the registry itself, too. */
function ownAddresses({ info }: Build, publicUrl: string | undefined): readonly string[] {
  const addresses = [publicUrl, info?.offline?.publicUrl, ...PUBLIC_REGISTRIES];
  return addresses.flatMap((address) => (address === undefined ? [] : normaliseAddress(address)));
}

async function findImport(
  { build, reader }: StarterPlaces,
  own: readonly string[],
  reference: FetchableReference,
): Promise<ImportedDevfile | undefined> {
  const uri = reference.kind === "uri" ? reference.uri : undefined;
  const url = uri === undefined ? null : URL.parse(uri);
  if (url?.protocol === FILES) {
    const path = decodedPath(url).slice(1);
    const devfile = await reader.open(path, "text");
    return devfile && imported(devfile, path.slice(0, path.lastIndexOf("/")), url.href);
  }
  const parts = partsOf(reference, own);
  const target = parts && (await findDevfile(build, parts, {}));
  if (target?.kind !== "devfile") return undefined;
  const devfile = await openDevfile(reader, target.place);
  return devfile && imported(devfile, target.place.folder, uri);
}

/** Gives what stands below /devfiles/ for a reference to this registry. */
function partsOf(
  reference: FetchableReference,
  own: readonly string[],
): readonly string[] | undefined {
  if (reference.kind === "uri") {
    const address = normaliseAddress(reference.uri);
    const prefix = own.map((each) => `${each}/devfiles/`).find((each) => address.startsWith(each));
    return prefix === undefined ? undefined : address.slice(prefix.length).split("/");
  }
  const { id, registryUrl, version } = reference;
  if (registryUrl !== undefined && !own.includes(normaliseAddress(registryUrl))) return undefined;
  return [...id.split("/"), ...(version === undefined ? [] : [version])];
}

function addressOf(path: string): string {
  return `${FILES}///${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** Devfiles that are larger than any of a registry repository are left alone. */
function imported(
  { parts: { bytes } }: Representation,
  folder: string,
  base: string | undefined,
): ImportedDevfile | undefined {
  return bytes.byteLength > YAML_BYTES ? undefined : { text: textOf(bytes), folder, base };
}
