import {
  SERVED_ARCHIVE_BYTES,
  SERVED_ARCHIVE_ENTRIES,
  SERVED_ARCHIVES,
  SERVED_ARCHIVES_BYTES,
  SERVED_UNPACKINGS,
  SERVED_UNPACKINGS_WAITING,
} from "../../api-limits.ts";
import { DevregError } from "../../errors.ts";
import { type Build, type BuildFile, readStackArchive } from "../../generator/index.ts";
import { Slots } from "../../slots.ts";
import { ServerBusy } from "../busy.ts";
import { BoundedCache } from "../http/index.ts";

/** A file inside the archive of a stack version. */
export interface ArchivedFile extends BuildFile {
  readonly bytes: Uint8Array;
}

interface Unpacked {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly modified: Date | undefined;
  /** In memory: names and what an empty file comes to are counted too. */
  readonly sizeBytes: number;
}

const ARCHIVE = "archive.tar";
/** What a file comes to in memory beside its name and bytes. */
const FILE_BYTES = 300;
/** Unpacking goes on for who comes next, though this visitor may have left. */
const WHATEVER_HAPPENS = new AbortController().signal;
const NOTHING: Unpacked = { files: new Map(), modified: undefined, sizeBytes: 0 };
/** "stacks/go/2.0.0" and "stacks/go" are the folders of versions that have an archive. */
const FOLDER_DEPTHS = [3, 2];

/**
 * Reads what was packed into the archives of a build: clients ask for these files where they were in
 * the registry repository. An archive is unpacked once, a few at a time, and kept for a while; one
 * that is damaged or too large has no files.
 */
export class ArchiveReader {
  readonly #build: Build;
  readonly #kept = new BoundedCache<Unpacked>(
    { name: "archives", entries: SERVED_ARCHIVES, bytes: SERVED_ARCHIVES_BYTES },
    ({ sizeBytes }) => sizeBytes,
  );
  readonly #unpacking = new Map<string, Promise<Unpacked>>();
  readonly #slots = new Slots(
    SERVED_UNPACKINGS,
    SERVED_UNPACKINGS_WAITING,
    () => new ServerBusy("the archive"),
  );

  constructor(build: Build) {
    this.#build = build;
  }

  /**
   * Gives a file by the path that it would have in the build, had it not been packed.
   *
   * @throws {ServerBusy} when too many wait
   */
  async find(path: string): Promise<ArchivedFile | undefined> {
    const parts = path.split("/");
    if (parts[0] !== "stacks") return undefined;
    for (const depth of FOLDER_DEPTHS) {
      if (parts.length <= depth) continue;
      const archive = `${parts.slice(0, depth).join("/")}/${ARCHIVE}`;
      const { files, modified } = await this.#open(archive);
      const bytes = files.get(parts.slice(depth).join("/"));
      if (bytes === undefined) continue;
      return { bytes, size: bytes.byteLength, ...(modified === undefined ? {} : { modified }) };
    }
    return undefined;
  }

  async #open(archive: string): Promise<Unpacked> {
    const kept = this.#kept.get(archive);
    if (kept !== undefined) return kept;
    const stat = await this.#build.files.stat(archive);
    if (stat === undefined) return NOTHING;
    const unpack = () => this.#unpack(archive, stat);
    const unpacking = this.#unpacking.get(archive) ?? this.#slots.run(WHATEVER_HAPPENS, unpack);
    this.#unpacking.set(archive, unpacking);
    try {
      const unpacked = await unpacking;
      this.#kept.set(archive, unpacked);
      return unpacked;
    } finally {
      this.#unpacking.delete(archive);
    }
  }

  async #unpack(archive: string, { size, modified }: BuildFile): Promise<Unpacked> {
    if (size > SERVED_ARCHIVE_BYTES) return NOTHING;
    const bytes = await this.#build.files.read(archive);
    try {
      const archive = [{ name: ARCHIVE, bytes }];
      const limits = [SERVED_ARCHIVE_BYTES, SERVED_ARCHIVE_ENTRIES] as const;
      const entries = await readStackArchive(archive, ...limits);
      const files = new Map(entries.map((entry) => [entry.name.replace(/^\.\//, ""), entry.bytes]));
      const sizeBytes = entries.reduce(
        (sum, { name, bytes }) => sum + bytes.byteLength + name.length * 2 + FILE_BYTES,
        0,
      );
      return { files, modified, sizeBytes };
    } catch (error) {
      if (error instanceof DevregError) return NOTHING;
      throw error;
    }
  }
}
