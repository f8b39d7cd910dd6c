import { DevregError, describeError } from "../../../errors.ts";
import type { FetchedRepository, GitLocation } from "../../../generator/fetch/index.ts";
import type { CommitOrder } from "../../../generator/index.ts";
import type { Logger } from "../../../log.ts";
import { COMPARED_COMMITS } from "../../../update-limits.ts";
import type { Network } from "../../network.ts";

/** A git repository that a server is kept up to date with. */
export class GitSource {
  readonly location: GitLocation;
  /** Its address without user information. */
  readonly shown: string;
  readonly #network: Network;
  readonly #log: Logger;
  readonly #parents = new Map<string, readonly string[]>();
  readonly #compared = new Map<string, CommitOrder>();
  #fetched: FetchedRepository | undefined;

  constructor(location: GitLocation, shown: string, network: Network, log: Logger) {
    this.location = location;
    this.shown = shown;
    this.#network = network;
    this.#log = log;
  }

  /** Asks what its branch stands at. @throws {DevregError} as resolveRevision() */
  async latest(): Promise<string> {
    return (await this.#network.open()).resolveRevision(this.location);
  }

  /**
   * Fetches the repository at exactly that commit. It can be read until another commit is fetched.
   *
   * @throws {DevregError} NOT_FOUND when the server does not have it; as fetchRepository()
   */
  async fetch(commit: string): Promise<FetchedRepository> {
    if (this.#fetched?.commit_hash === commit) return this.#fetched;
    const { url } = this.location;
    const access = await this.#network.open();
    const before = this.#fetched?.base;
    const fetched = await access.fetchRepository({ url, revision: commit }, before);
    await this.close();
    this.#fetched = fetched;
    remember(this.#parents, fetched.commit_hash, fetched.parents);
    return fetched;
  }

  /** Tells how two of its commits stand to each other; undefined when git does not tell. */
  async compare(a: string, b: string): Promise<CommitOrder> {
    if (this.#follows(a, b)) return "newer";
    if (this.#follows(b, a)) return "older";
    const key = `${a} ${b}`;
    const known = this.#compared.get(key);
    if (known !== undefined) return known;
    try {
      const access = await this.#network.open();
      const history = await access.fetchHistory(this.location, [a, b]);
      // What only the place of the branch tells may be told otherwise later.
      const isLasting = history.leadsTo(a, b) || history.leadsTo(b, a);
      const order = history.order(a, b);
      if (isLasting) remember(this.#compared, key, order);
      return order;
    } catch (error) {
      if (!(error instanceof DevregError) || error.code === "ABORTED") throw error;
      this.#log.debug("cannot compare commits", { url: this.shown, error: describeError(error) });
      return undefined;
    }
  }

  /** Removes what was fetched. */
  async close(): Promise<void> {
    const fetched = this.#fetched;
    this.#fetched = undefined;
    await fetched?.close();
  }

  /** Tells by the commits that were fetched alone. */
  #follows(a: string, b: string): boolean {
    const seen = new Set(this.#parents.get(a));
    for (const commit of seen) {
      if (commit === b) return true;
      for (const parent of this.#parents.get(commit) ?? []) seen.add(parent);
    }
    return false;
  }
}

function remember<Value>(known: Map<string, Value>, key: string, value: Value): void {
  known.set(key, value);
  const [oldest] = known.keys();
  if (known.size > COMPARED_COMMITS && oldest !== undefined) known.delete(oldest);
}
