import { textOf as decode } from "../../../bytes.ts";
import { DevregError } from "../../../errors.ts";
import {
  type Build,
  type IndexEntry,
  readDevfileValue,
  readStackArchive,
} from "../../../generator/index.ts";
import { LISTED_ARCHIVE_BYTES } from "../../../viewer-limits.ts";
import { type DevfilePlace, findDevfile } from "../../rest/devfile-lookup.ts";
import { openDevfile } from "../../rest/open-devfile.ts";
import type { PreparedGeneration } from "../../served.ts";
import { type DevfileModel, modelOf } from "./devfile-model.ts";
import type { ShownVersion } from "./find-entry.ts";

/** A file of a version: beside its devfile, or packed into its archive. */
export interface VersionFile {
  readonly name: string;
  readonly sizeBytes: number;
  readonly isPacked: boolean;
}

/** Everything that a page shows of one version. */
export interface OpenedVersion {
  readonly entry: IndexEntry;
  readonly version: ShownVersion;
  /** Undefined where the build has no devfile of it. */
  readonly devfile: string | undefined;
  /** Undefined where the devfile is broken, too. */
  readonly model: DevfileModel | undefined;
  readonly files: readonly VersionFile[];
  /** Packed files with their bytes. */
  readonly packed: ReadonlyMap<string, Uint8Array>;
  /** True when there is an archive that is too large, or too damaged, to look into. */
  readonly isClosed: boolean;
}

const ARCHIVE = "archive.tar";

/** Opens one version of an entry. */
export async function openVersion(
  { build, reader }: PreparedGeneration,
  entry: IndexEntry,
  version: ShownVersion,
): Promise<OpenedVersion> {
  const place = await placeOf(build, entry, version);
  const devfile = place && (await openDevfile(reader, place));
  const read = devfile && readDevfileValue(devfile.parts.bytes);
  const files = place === undefined ? [] : await listFiles(build, place);
  const archive = files.find(({ name }) => name === ARCHIVE);
  const packed = place && archive ? await unpack(build, place, archive) : new Map();
  const inside = [...(packed ?? [])].map(([name, bytes]) => ({
    name,
    sizeBytes: bytes.byteLength,
    isPacked: true,
  }));
  return {
    entry,
    version,
    devfile: devfile && decode(devfile.parts.bytes),
    model: read && modelOf(read),
    files: [...files, ...inside],
    packed: packed ?? new Map(),
    isClosed: packed === undefined,
  };
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
    const file = await files.stat(`${folder}/${name}`);
    if (file !== undefined) found.push({ name, sizeBytes: file.size, isPacked: false });
  }
  return found;
}

/** Gives what is in an archive; undefined when that cannot be told. */
async function unpack(
  { files }: Build,
  { folder }: DevfilePlace,
  { sizeBytes }: VersionFile,
): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
  if (sizeBytes > LISTED_ARCHIVE_BYTES) return undefined;
  const bytes = await files.read(`${folder}/${ARCHIVE}`);
  try {
    const entries = await readStackArchive([{ name: ARCHIVE, bytes }], LISTED_ARCHIVE_BYTES);
    return new Map(entries.map((file) => [file.name.replace(/^\.\//, ""), file.bytes]));
  } catch (error) {
    if (error instanceof DevregError) return undefined;
    throw error;
  }
}
