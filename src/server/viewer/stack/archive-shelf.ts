import { createHash } from "node:crypto";
import { SERVED_ARCHIVE_ENTRIES } from "../../../api-limits.ts";
import { textOf } from "../../../bytes.ts";
import { DevregError } from "../../../errors.ts";
import { type Build, readStackArchive } from "../../../generator/index.ts";
import {
  ARCHIVES_KNOWN,
  ARCHIVES_KNOWN_BYTES,
  COMPARED_FILES,
  LISTED_ARCHIVE_BYTES,
  README_BYTES,
} from "../../../viewer-limits.ts";
import { BoundedCache } from "../../http/index.ts";

/** A file inside an archive. */
export interface PackedFile {
  readonly name: string;
  readonly sizeBytes: number;
  /** The same for the same bytes. */
  readonly hash: string;
}

/** What pages show of an archive. */
export interface ArchiveSummary {
  readonly files: readonly PackedFile[];
  /** The text of the README, where there is one of a size to be shown. */
  readonly readme: string | undefined;
}

/** Name of the archive beside a devfile. */
export const ARCHIVE = "archive.tar";
const README = /^readme(?:\.(?:md|markdown|txt))?$/i;
/** What a file comes to in memory beside its name. */
const FILE_BYTES = 200;

/** Stands for an archive that is too large, or damaged; finding that out again would cost as much. */
const CLOSED = "closed";

const shelves = new WeakMap<Build, ArchiveShelf>();

/** Gives the archives of a build. */
export function archivesOf(build: Build): ArchiveShelf {
  const shelf = shelves.get(build) ?? new ArchiveShelf(build);
  shelves.set(build, shelf);
  return shelf;
}

/**
 * Looks into the archives of stacks and remembers what it saw. They are unpacked one after the
 * other: many visitors at once must not need memory for many archives.
 */
class ArchiveShelf {
  readonly #build: Build;
  readonly #known = new BoundedCache<ArchiveSummary | typeof CLOSED>(
    { entries: ARCHIVES_KNOWN, bytes: ARCHIVES_KNOWN_BYTES },
    (summary) => (summary === CLOSED ? FILE_BYTES : memoryOf(summary)),
  );
  #turn: Promise<unknown> = Promise.resolve();

  constructor(build: Build) {
    this.#build = build;
  }

  /** Tells what is in the archive of a folder; undefined when it is too large or damaged. */
  async open(folder: string): Promise<ArchiveSummary | undefined> {
    const known = this.#known.get(folder);
    if (known !== undefined) return known === CLOSED ? undefined : known;
    const opening = this.#turn.then(() => this.#open(folder));
    // Who comes next does not care how this one ended.
    this.#turn = opening.catch(() => undefined);
    return await opening;
  }

  /** Whoever asked before may have found it by now. */
  async #open(folder: string): Promise<ArchiveSummary | undefined> {
    const known = this.#known.get(folder);
    if (known !== undefined) return known === CLOSED ? undefined : known;
    const path = `${folder}/${ARCHIVE}`;
    const size = (await this.#build.files.stat(path))?.size ?? 0;
    if (size > LISTED_ARCHIVE_BYTES) return undefined;
    const summary = await summarize(await this.#build.files.read(path));
    this.#known.set(folder, summary ?? CLOSED);
    return summary;
  }
}

function memoryOf({ files, readme = "" }: ArchiveSummary): number {
  return files.reduce((sum, { name }) => sum + name.length * 2 + FILE_BYTES, readme.length * 2);
}

async function summarize(bytes: Uint8Array): Promise<ArchiveSummary | undefined> {
  try {
    const archive = [{ name: ARCHIVE, bytes }];
    const limits = [LISTED_ARCHIVE_BYTES, SERVED_ARCHIVE_ENTRIES] as const;
    const entries = await readStackArchive(archive, ...limits);
    const files = entries.slice(0, COMPARED_FILES).map((entry) => ({
      name: plainName(entry.name),
      sizeBytes: entry.bytes.byteLength,
      hash: createHash("sha256").update(entry.bytes).digest("base64"),
    }));
    const readme = entries.find(
      (entry) => README.test(plainName(entry.name)) && entry.bytes.byteLength <= README_BYTES,
    );
    return { files, readme: readme && textOf(readme.bytes) };
  } catch (error) {
    if (error instanceof DevregError) return undefined;
    throw error;
  }
}

function plainName(name: string): string {
  return name.replace(/^\.\//, "");
}
