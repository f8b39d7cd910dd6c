import { eachBounded } from "../../concurrent.ts";
import { DevregError } from "../../errors.ts";
import { DEVFILE_DOCUMENTS, DOCUMENT_CONCURRENCY, YAML_BYTES } from "../../limits.ts";
import { digestOf, hexOf } from "../../oci-client/index.ts";
import type { StartProgress } from "../../progress.ts";
import type { FetchDevfile } from "../fetch-devfile.ts";
import { compareBytewise } from "../ordering.ts";
import type { PackagedFile } from "../package-stack.ts";
import { type DocumentReference, findDocuments } from "../rewrite/index.ts";
import { addToStackArchive } from "../stack-archive.ts";
import type { OfflinePlace, PlaceProblems } from "./place.ts";
import { settle } from "./settle.ts";

/** The documents of an offline build. */
export interface BroughtDocuments {
  /** The documents of a place by address: "documents/<sha256>/<name>". */
  filesOf(place: OfflinePlace): ReadonlyMap<string, PackagedFile>;
  /** Gives the documents that attributes of these places name, and no more; files are sorted. */
  namedBy(places: Iterable<OfflinePlace>): StoredDocuments;
  /**
   * Puts the documents that components of a place name beside its devfile.
   *
   * @param files what lies there already
   * @throws {DevregError} INPUT_INVALID when the archive of a stack cannot be read
   */
  beside(place: OfflinePlace, files: readonly PackagedFile[]): Promise<readonly PackagedFile[]>;
}

/** Documents that the registry serves. */
export interface StoredDocuments {
  readonly files: readonly PackagedFile[];
  /** The path below documents/ of each by its address, sorted by address. */
  readonly documentFiles: Readonly<Record<string, string>>;
}

/** A devfile whose parents were brought. */
export interface DevfileOfPlace {
  readonly place: OfflinePlace;
  readonly text: string;
}

type Outcomes = ReadonlyMap<string, PackagedFile | DevregError>;
type Wanted = ReadonlyMap<OfflinePlace, readonly DocumentReference[]>;

const NAME_CHARS = 100;

/**
 * Brings the documents that devfiles point at by absolute addresses, each address fetched once. One
 * that cannot be had is a problem of each place that names it.
 *
 * @throws {DevregError} ABORTED
 */
export async function bringDocuments(
  devfiles: readonly DevfileOfPlace[],
  fetch: FetchDevfile,
  startProgress: StartProgress,
  problems: PlaceProblems,
): Promise<BroughtDocuments> {
  const wanted: Wanted = new Map(
    devfiles.map(({ place, text }) => [place, wantDocuments(place, text, problems)]),
  );
  const all = [...wanted.values()].flat();
  const addresses = [...new Set(all.map(({ address }) => address))].sort(compareBytewise);
  const outcomes: Outcomes =
    addresses.length === 0 ? new Map() : await fetchAll(addresses, fetch, startProgress);
  reportMissing(wanted, outcomes, problems);
  return broughtDocuments(wanted, outcomes);
}

function wantDocuments(
  place: OfflinePlace,
  text: string,
  problems: PlaceProblems,
): readonly DocumentReference[] {
  const file = place.devfile?.file ?? place.at.file;
  const read = () => {
    const found = findDocuments(text, file);
    if (found.length <= DEVFILE_DOCUMENTS) return found;
    const state = `it points at over ${DEVFILE_DOCUMENTS} documents`;
    throw new DevregError("LIMIT_EXCEEDED", `Cannot bring documents of "${file}": ${state}`);
  };
  return problems.attempt(place, "devfile-rewrite", { file }, read) ?? [];
}

async function fetchAll(
  addresses: readonly string[],
  fetch: FetchDevfile,
  startProgress: StartProgress,
): Promise<Outcomes> {
  const progress = startProgress("Fetching documents");
  try {
    progress.total(addresses.length);
    const outcomes = await eachBounded(addresses, DOCUMENT_CONCURRENCY, async (address) => {
      const outcome = await settle(fetchDocument(address, fetch));
      progress.done(address);
      return [address, outcome] as const;
    });
    return new Map(outcomes);
  } finally {
    progress.end();
  }
}

async function fetchDocument(address: string, fetch: FetchDevfile): Promise<PackagedFile> {
  const variable = /\{\{.*?\}\}/.exec(address)?.[0];
  const url = variable === undefined ? URL.parse(address) : null;
  if (url === null) {
    const state = variable === undefined ? "it is no address" : `"${variable}" has no value`;
    throw new DevregError("INPUT_INVALID", `Cannot fetch "${address}": ${state}`);
  }
  const { bytes } = await fetch(url);
  if (bytes.byteLength > YAML_BYTES) {
    const message = `Cannot fetch "${address}": it is over ${YAML_BYTES} bytes`;
    throw new DevregError("LIMIT_EXCEEDED", message);
  }
  return { name: `documents/${hexOf(digestOf(bytes))}/${nameOf(url)}`, bytes };
}

/** Takes the last part of an address as the name of a file on whatever medium. */
function nameOf({ pathname }: URL): string {
  const last = pathname.replace(/\/+$/, "").split("/").at(-1) ?? "";
  const name = last.replace(/%[0-9a-f]{2}|[^A-Za-z0-9._-]/gi, "_").slice(0, NAME_CHARS);
  return /^[._]*$/.test(name) ? "document" : name;
}

function reportMissing(wanted: Wanted, outcomes: Outcomes, problems: PlaceProblems): void {
  for (const [place, references] of wanted) {
    for (const { path, line, column, address } of references) {
      const outcome = outcomes.get(address);
      if (!(outcome instanceof DevregError)) continue;
      const at = {
        file: place.devfile?.file ?? place.at.file,
        path,
        ...(line === undefined || column === undefined ? {} : { line, column }),
      };
      problems.add(place, "document-unreachable", at, outcome);
    }
  }
}

function broughtDocuments(wanted: Wanted, outcomes: Outcomes): BroughtDocuments {
  const filesOf = (place: OfflinePlace, kind?: DocumentReference["kind"]) =>
    new Map(
      (wanted.get(place) ?? [])
        .filter((reference) => kind === undefined || reference.kind === kind)
        .flatMap(({ address }) => {
          const outcome = outcomes.get(address);
          if (outcome === undefined || outcome instanceof DevregError) return [];
          return [[address, outcome] as const];
        }),
    );
  return {
    filesOf: (place) => filesOf(place),
    namedBy: (places) => {
      const named = [...places].flatMap((place) => [...filesOf(place, "attribute")]);
      const sorted = named.sort(([a], [b]) => compareBytewise(a, b));
      const files = new Map(sorted.map(([, file]) => [file.name, file]));
      return {
        files: [...files.values()].sort((a, b) => compareBytewise(a.name, b.name)),
        documentFiles: Object.fromEntries(
          sorted.map(([address, { name }]) => [address, name.slice("documents/".length)]),
        ),
      };
    },
    beside: async (place, files) => {
      const added = [...filesOf(place, "component").values()];
      // Only stacks are pulled as an archive; what is beside a sample is served as it is.
      if (added.length === 0 || !place.folder.startsWith("stacks/")) return added;
      return [await addToStackArchive(files, added)];
    },
  };
}
