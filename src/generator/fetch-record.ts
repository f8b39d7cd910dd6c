import { isDeepStrictEqual } from "node:util";
import { DevregError } from "../errors.ts";
import { digestOf, hexOf } from "../oci-client/index.ts";
import type {
  GitProjectSource,
  OpenedProject,
  ProjectSource,
  ZipProjectSource,
} from "./fetch/index.ts";
import type { FetchDevfile } from "./fetch-devfile.ts";
import type { IconFetcher } from "./icons.ts";
import type { OpenProject } from "./open-project.ts";
import { compareBytewise } from "./ordering.ts";

/** A project, as it was asked for and what that was. */
export interface RecordedProject {
  /** Without user information. */
  readonly url: string;
  /** What a devfile asked for; absent for the default branch and for archives. */
  readonly revision?: string;
  /** Of a project in git. */
  readonly commit_hash?: string;
  /** Of an archive as it was downloaded, hexadecimal. */
  readonly sha256?: string;
}

/** A file at an address. */
export interface RecordedFile {
  /** Without user information. */
  readonly url: string;
  /** Hexadecimal. */
  readonly sha256: string;
  /** In bytes. */
  readonly size: number;
}

/** What was fetched to make a build. */
export interface FetchRecord {
  /** Sorted by url and revision. */
  readonly projects: readonly RecordedProject[];
  /** Icons, parents, documents; sorted by url. */
  readonly files: readonly RecordedFile[];
}

/** The ways in which content is fetched for a build. */
export interface RecordableDeps {
  readonly openProject: OpenProject;
  readonly fetchDevfile: FetchDevfile;
  readonly icons: IconFetcher;
}

/** Fetching that is written down. */
export interface RecordedDeps {
  readonly deps: RecordableDeps;
  /** Gives what was fetched so far. */
  record(): FetchRecord;
}

/**
 * Writes down what is fetched. What a former record names is fetched as it was then: git at its
 * commit, everything else only with its sha256. What was fetched once has to stay as it is for the
 * rest of the run, too, so that a record is true of all that was made from it.
 *
 * The functions given back throw DevregError DIGEST_MISMATCH for what changed.
 *
 * @param pinned a former record; what it does not name is fetched as it is now
 */
export function recordFetches(deps: RecordableDeps, pinned: FetchRecord = NOTHING): RecordedDeps {
  const projects = new Records<RecordedProject>(pinned.projects, projectKey);
  const files = new Records<RecordedFile>(pinned.files, ({ url }) => url);
  return {
    deps: {
      openProject: (source) => openRecorded(source, deps.openProject, projects),
      fetchDevfile: async (url) => {
        const fetched = await deps.fetchDevfile(url);
        files.add(recordFile(url.href, fetched.bytes));
        return fetched;
      },
      icons: async (url) => {
        const fetched = await deps.icons(url);
        files.add(recordFile(url, fetched.bytes));
        return fetched;
      },
    },
    record: () => ({
      projects: projects.sorted((a, b) => compareBytewise(a.revision ?? "", b.revision ?? "")),
      files: files.sorted(() => 0),
    }),
  };
}

const NOTHING: FetchRecord = { projects: [], files: [] };

/** Records of one kind: those of a former run, and those that were made since. */
class Records<Item extends { readonly url: string }> {
  readonly #keyOf: (item: Item) => string;
  readonly #pinned: ReadonlyMap<string, Item>;
  readonly #made = new Map<string, Item>();

  constructor(pinned: readonly Item[], keyOf: (item: Item) => string) {
    this.#keyOf = keyOf;
    this.#pinned = new Map(pinned.map((item) => [keyOf(item), item]));
  }

  /** Gives what has to be fetched again; undefined for what was never fetched. */
  find(item: Item): Item | undefined {
    const key = this.#keyOf(item);
    return this.#made.get(key) ?? this.#pinned.get(key);
  }

  /** @throws {DevregError} DIGEST_MISMATCH when it is not what it was */
  add(item: Item): void {
    const known = this.find(item);
    const key = this.#keyOf(item);
    // Of both the fields are the same ones, in whatever order.
    if (known !== undefined && !isDeepStrictEqual({ ...known }, { ...item })) {
      throw changed(item.url, this.#pinned.has(key));
    }
    this.#made.set(key, item);
  }

  sorted(then: (a: Item, b: Item) => number): readonly Item[] {
    return [...this.#made.values()].sort((a, b) => compareBytewise(a.url, b.url) || then(a, b));
  }
}

/** An archive and a repository may be at one address. */
function projectKey({ url, revision, sha256 }: RecordedProject): string {
  return JSON.stringify([url, sha256 === undefined ? "git" : "zip", revision ?? ""]);
}

async function openRecorded(
  source: ProjectSource,
  open: OpenProject,
  records: Records<RecordedProject>,
): Promise<OpenedProject> {
  const asked = source.kind === "git" ? await gitAsked(source) : zipAsked(source);
  const known = records.find(asked);
  const opened = await open(source.kind === "git" ? atCommit(source, known?.commit_hash) : source);
  return {
    read: async (subDir) => {
      const project = await opened.read(subDir);
      const { provenance } = project;
      records.add(
        provenance.kind === "git"
          ? { ...asked, commit_hash: provenance.commit }
          : { ...asked, sha256: provenance.sha256 },
      );
      return project;
    },
    close: () => opened.close(),
  };
}

async function gitAsked(source: GitProjectSource): Promise<RecordedProject> {
  // Loaded on use: it brings what only those who fetch should load.
  const { parseGitAddress, remoteOf } = await import("./fetch/index.ts");
  const address = parseGitAddress(remoteOf(source));
  const url = address.kind === "http" ? address.url.href : address.text;
  const revision = source.checkoutFrom?.revision;
  return { url, ...(revision === undefined ? {} : { revision }) };
}

function zipAsked({ location }: ZipProjectSource): RecordedProject {
  return { url: publicUrl(location), sha256: "" };
}

/** Only the revision changes: the remote may name credentials that no record has. */
function atCommit(source: GitProjectSource, commit: string | undefined): GitProjectSource {
  if (commit === undefined) return source;
  return { ...source, checkoutFrom: { ...source.checkoutFrom, revision: commit } };
}

function recordFile(url: string, bytes: Uint8Array): RecordedFile {
  return { url: publicUrl(url), sha256: hexOf(digestOf(bytes)), size: bytes.byteLength };
}

/** Takes user information and fragment away. */
function publicUrl(address: string): string {
  const url = URL.parse(address);
  if (url === null) return address;
  url.username = "";
  url.password = "";
  url.hash = "";
  return url.href;
}

function changed(url: string, planned: boolean): DevregError {
  const since = planned ? "it was planned" : "it was first fetched";
  const hint = planned ? "Plan again, and look at what changed" : "Run it again";
  return new DevregError("DIGEST_MISMATCH", `Cannot use "${url}": it changed since ${since}`, {
    hint,
  });
}
