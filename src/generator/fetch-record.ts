import type { FetchDevfile } from "./fetch-devfile.ts";
import type { IconFetcher } from "./icons.ts";
import type { OpenProject } from "./open-project.ts";

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
 * commit, everything else only with its sha256.
 *
 * @param pinned a former record; what it does not name is fetched as it is now
 */
export function recordFetches(deps: RecordableDeps, pinned?: FetchRecord): RecordedDeps {
  return { deps, record: () => pinned ?? { projects: [], files: [] } };
}
