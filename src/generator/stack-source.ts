import type { Finding } from "./findings.ts";

/** One file of a registry repository. */
export interface SourceFile {
  /** Relative to the repository, parts joined by "/": "stacks/go/2.0.0/devfile.yaml". */
  readonly path: string;
  readonly sizeBytes: number;
  readonly executable: boolean;
  /** The content of a file that lies in another repository and was fetched. */
  readonly bytes?: Uint8Array;
}

/** What a registry repository holds that matters to the generator. */
export interface SourceListing {
  /**
   * The files below `stacks/` (or `devfiles/`, where an older registry has that instead) and
   * `samples/`, `extraDevfileEntries.yaml` and `last_modified.json`,
   * sorted bytewise by path.
   */
  readonly files: readonly SourceFile[];
  /** What could not be listed: links that leave the repository, loops, unreadable folders; sorted. */
  readonly findings: readonly Finding[];
}

/** A registry repository as the generator reads it, whatever it lies on. */
export interface StackSource {
  /** Folder or address as the user gave it. */
  readonly name: string;
  /**
   * Lists the files.
   *
   * @throws {DevregError} NOT_FOUND when there is no such repository, LIMIT_EXCEEDED
   */
  list(): Promise<SourceListing>;
  /**
   * Reads one file whole; a path that leaves the repository is not there.
   *
   * @throws {DevregError} NOT_FOUND, IO, LIMIT_EXCEEDED when it holds more than `limitBytes`
   */
  read(path: string, limitBytes: number): Promise<Uint8Array>;
}
