/** A reference as a git server lists it. */
export interface GitReference {
  /** "HEAD", "refs/heads/main", "refs/tags/v1.0.0". */
  readonly name: string;
  /** What it names: a commit, or the object of an annotated tag. */
  readonly oid: string;
  /** The object that an annotated tag stands for. */
  readonly peeled?: string;
  /** The reference that it points to, for HEAD. */
  readonly target?: string;
}

/** What is wanted of a git server. */
export interface GitWants {
  /** Names of objects, or the whole of branches and tags. */
  readonly oids: readonly string[] | "all";
  /** Only the commits named, without their parents. */
  readonly shallow?: boolean;
  /** What may be left out, where the server can: the content of files, or of folders too. */
  readonly without?: "blobs" | "trees";
}

/** A git repository elsewhere. */
export interface GitRemote {
  /** Its address without user information, for messages and provenance. */
  readonly url: string;
  /**
   * Lists references whose names begin with one of the prefixes, "HEAD" being one; perhaps more.
   *
   * @throws {DevregError} UNAUTHORIZED, NOT_FOUND, NETWORK, TIMEOUT, LIMIT_EXCEEDED, UNSUPPORTED
   */
  listReferences(prefixes: readonly string[]): Promise<readonly GitReference[]>;
  /**
   * Fetches objects into a git folder (`objects/`, `shallow`), which is made if need be.
   *
   * @throws {DevregError} NOT_FOUND when the server lacks an object or does not give it by name;
   *   otherwise as listReferences, and INPUT_INVALID when what it sends is damaged
   */
  fetch(wants: GitWants, gitDir: string): Promise<void>;
  /**
   * Fetches what a commit has beyond an ancestor of it that is in the git folder already. Gives
   * false when the server does not know it as one, or cannot do so; nothing is fetched then.
   *
   * @throws {DevregError} as fetch()
   */
  fetchAfter(oid: string, ancestor: string, gitDir: string): Promise<boolean>;
}
