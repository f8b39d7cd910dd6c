import { createHash } from "node:crypto";
import { textOf } from "../../../bytes.ts";
import { type Build, type IndexEntry, readDevfileValue } from "../../../generator/index.ts";
import {
  COMPARED_FILE_BYTES,
  MODEL_CACHE_BYTES,
  PAGE_CACHE_ENTRIES,
} from "../../../viewer-limits.ts";
import { BoundedCache, type Representation } from "../../http/index.ts";
import { type DevfilePlace, findDevfile } from "../../rest/devfile-lookup.ts";
import { openDevfile } from "../../rest/open-devfile.ts";
import { flattenedStarters, type StarterPlaces } from "../../rest/visible-starters.ts";
import { ARCHIVE, archivesOf } from "./archive-shelf.ts";
import { type DevfileModel, modelOf } from "./devfile-model.ts";
import type { ShownVersion } from "./find-entry.ts";
import { type StarterOrigin, starterOrigins } from "./starter-origins.ts";

/** A file of a version: beside its devfile, or packed into its archive. */
export interface VersionFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly isPacked: boolean;
  /** The same for the same bytes, as far as was looked. */
  readonly hash: string;
}

/** Everything that a page shows of one version. */
export interface OpenedVersion {
  readonly entry: IndexEntry;
  readonly version: ShownVersion;
  /** Undefined where the build has no devfile of it. */
  readonly devfile: string | undefined;
  /** Undefined where the devfile is broken, too. */
  readonly model: DevfileModel | undefined;
  /** By name, where starter projects come from that are not its own. */
  readonly origins: ReadonlyMap<string, StarterOrigin>;
  readonly files: readonly VersionFile[];
  readonly readme: string | undefined;
  /** True when there is an archive that is too large, or too damaged, to look into. */
  readonly isClosed: boolean;
}

/** Opens one version of an entry. */
export async function openVersion(
  places: StarterPlaces,
  entry: IndexEntry,
  version: ShownVersion,
): Promise<OpenedVersion> {
  const { build, reader } = places;
  const place = await placeOf(build, entry, version);
  const devfile = place && (await openDevfile(reader, place));
  const beside = place === undefined ? [] : await listFiles(build, place);
  const hasArchive = beside.some(({ name }) => name === ARCHIVE);
  const archive = place && hasArchive ? await archivesOf(build).open(place.folder) : undefined;
  const packed = archive?.files.map((file) => ({ ...file, isPacked: true })) ?? [];
  return {
    entry,
    version,
    devfile: devfile && textOf(devfile.parts.bytes),
    ...(await readWhole(places, place, devfile)),
    files: [...beside, ...packed],
    readme: archive?.readme,
    isClosed: hasArchive && archive === undefined,
  };
}

/** Starter projects are those that clients see, also where a parent of this registry has them. */
async function readWhole(
  places: StarterPlaces,
  place: DevfilePlace | undefined,
  devfile: Representation | undefined,
): Promise<Pick<OpenedVersion, "model" | "origins">> {
  const model = devfile && readModel(places.build, devfile);
  const origins = new Map<string, StarterOrigin>();
  if (place === undefined || devfile === undefined || model === undefined) {
    return { model, origins };
  }
  const flattened = await flattenedStarters(places, place, devfile);
  const read = flattened && readDevfileValue(flattened.devfile);
  if (flattened === undefined || read === undefined) return { model, origins };
  return {
    model: { ...model, starters: modelOf(read).starters },
    origins: starterOrigins(places.build, place.folder, flattened),
  };
}

interface KnownModel {
  readonly model: DevfileModel | undefined;
  readonly sizeBytes: number;
}

/** What a devfile says takes some ten times its text. */
const MODEL_RATIO = 10;
const models = new WeakMap<Build, BoundedCache<KnownModel>>();

/** Reading some devfiles takes seconds, and any address of a page asks for it. */
function readModel(build: Build, { hash, parts }: Representation): DevfileModel | undefined {
  const cache = models.get(build) ?? openModels();
  models.set(build, cache);
  const known = cache.get(hash);
  if (known !== undefined) return known.model;
  const read = readDevfileValue(parts.bytes);
  const model = read && modelOf(read);
  cache.set(hash, { model, sizeBytes: parts.bytes.byteLength * MODEL_RATIO });
  return model;
}

function openModels(): BoundedCache<KnownModel> {
  const bounds = { entries: PAGE_CACHE_ENTRIES, bytes: MODEL_CACHE_BYTES };
  return new BoundedCache(bounds, ({ sizeBytes }) => sizeBytes);
}

async function placeOf(
  build: Build,
  { name }: IndexEntry,
  version: ShownVersion,
): Promise<DevfilePlace | undefined> {
  const parts = version.name === "" ? [name] : [name, version.name];
  const target = await findDevfile(build, parts, {});
  return target.kind === "devfile" ? target.place : undefined;
}

async function listFiles(
  { files }: Build,
  { folder }: DevfilePlace,
): Promise<readonly VersionFile[]> {
  const found: VersionFile[] = [];
  for (const name of await files.list(folder)) {
    const path = `${folder}/${name}`;
    const file = await files.stat(path);
    if (file === undefined) continue;
    const small = file.size <= COMPARED_FILE_BYTES;
    const hash = small ? hashOf(await files.read(path)) : String(file.size);
    found.push({ name, sizeBytes: file.size, isPacked: false, hash });
  }
  return found;
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64");
}
