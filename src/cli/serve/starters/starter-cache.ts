import { createHash } from "node:crypto";
import {
  STARTER_FETCHES,
  STARTER_FRESH_MS,
  STARTER_HOST_WAITING,
  STARTER_RETRY_MS,
  STARTER_SLOW_FETCHES,
  STARTER_SLOW_MS,
  STARTER_WAITING,
  STARTERS_REMEMBERED,
} from "../../../api-limits.ts";
import { DevregError, describeError } from "../../../errors.ts";
import { Flights } from "../../../flights.ts";
import type { ProjectSource } from "../../../generator/fetch/index.ts";
import type { Logger } from "../../../log.ts";
import {
  type CacheUse,
  countCache,
  type StarterRequest,
  type StarterSource,
  StartersBusy,
  type StarterZip,
} from "../../../server/index.ts";
import type { ArchiveStore } from "./archive-store.ts";
import { HostTurns } from "./host-turns.ts";
import type { StarterRecord, StarterRecords } from "./starter-records.ts";

/** A project as it was fetched. */
export interface FetchedStarter {
  readonly zip: Uint8Array;
  /** The commit, of a project in git. */
  readonly commit?: string | undefined;
}

/** Gets projects from where they are, each within bounds of size and time. */
export interface StarterFetcher {
  /** @throws {DevregError} as fetchProject() */
  fetch(source: ProjectSource, signal: AbortSignal): Promise<FetchedStarter>;
  /** Asks what commit a project in git stands at; undefined for others. @throws {DevregError} */
  resolve(source: ProjectSource, signal: AbortSignal): Promise<string | undefined>;
  /** Names where a project is fetched from: what is slow there is slow for all of them. */
  hostOf(source: ProjectSource): string;
}

/** What a cache of starter projects works with. */
export interface StarterCacheParts {
  readonly fetcher: StarterFetcher;
  readonly store: ArchiveStore;
  /** Where what is known outlives the process. */
  readonly records?: StarterRecords | undefined;
  readonly log: Logger;
  readonly nowMs: () => number;
  /** Waits; ends early, without an error, when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

const TURNS = {
  atOnce: STARTER_FETCHES,
  slow: STARTER_SLOW_FETCHES,
  slowFromMs: STARTER_SLOW_MS,
  mostWaiting: STARTER_WAITING,
  waitingForHost: STARTER_HOST_WAITING,
};

/** What is known of one address. */
type Known =
  | {
      readonly kind: "archive";
      readonly sha256: string;
      readonly commit: string | undefined;
      atMs: number;
    }
  | { readonly kind: "failure"; readonly error: unknown; readonly atMs: number };

/** Failures that say nothing of the project, so that what was had before is still good. */
const PASSING: ReadonlySet<string> = new Set(["NETWORK", "TIMEOUT"]);
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/**
 * Fetches starter projects for visitors: once for all who ask meanwhile, a few at once, and keeps
 * the archives by their content. A branch is asked again after a while whether it moved; while its
 * server is away the archive fetched last is given.
 */
export class StarterCache implements StarterSource {
  readonly #parts: StarterCacheParts;
  readonly #known = new Map<string, Known>();
  readonly #flights = new Flights<StarterZip>();
  readonly #turns: HostTurns;
  readonly #use: CacheUse;

  constructor(parts: StarterCacheParts) {
    this.#parts = parts;
    const { sleep } = parts;
    this.#use = countCache("starters", parts.store);
    this.#turns = new HostTurns(TURNS, { sleep, full: () => new StartersBusy() });
  }

  async open(
    { project: { source } }: StarterRequest,
    signal: AbortSignal,
  ): Promise<StarterZip | undefined> {
    if (source === undefined) return undefined;
    const key = JSON.stringify(source);
    return await this.#flights.join(key, signal, (stop) => this.#get(key, source, stop));
  }

  async #get(key: string, source: ProjectSource, signal: AbortSignal): Promise<StarterZip> {
    const known = this.#known.get(key) ?? (await this.#recall(key));
    const { fetcher, nowMs, store } = this.#parts;
    if (known?.kind === "failure" && nowMs() - known.atMs < STARTER_RETRY_MS) throw known.error;
    const kept = known?.kind === "archive" ? await store.find(known.sha256) : undefined;
    if (known?.kind !== "archive" || kept === undefined) {
      this.#use.misses += 1;
      const host = fetcher.hostOf(source);
      return await this.#turns.run(host, signal, () => this.#fetch(key, source, signal));
    }
    this.#use.hits += 1;
    if (isFixed(source) || nowMs() - known.atMs < STARTER_FRESH_MS) return kept;
    try {
      return await this.#turns.run(fetcher.hostOf(source), signal, async () => {
        const commit = await fetcher.resolve(source, signal);
        if (commit === undefined || commit !== known.commit) {
          return await this.#fetch(key, source, signal);
        }
        this.#remember(key, { ...known, atMs: nowMs() });
        return kept;
      });
    } catch (error) {
      if (!isPassing(error)) throw error;
      this.#parts.log.warn("gave an older starter project", { error: describeError(error) });
      this.#remember(key, { ...known, atMs: nowMs() - STARTER_FRESH_MS + STARTER_RETRY_MS });
      return kept;
    }
  }

  async #fetch(key: string, source: ProjectSource, signal: AbortSignal): Promise<StarterZip> {
    const { fetcher, nowMs } = this.#parts;
    const before = this.#known.get(key);
    try {
      const { zip, commit } = await fetcher.fetch(source, signal);
      const sha256 = createHash("sha256").update(zip).digest("hex");
      this.#remember(key, { kind: "archive", sha256, commit, atMs: nowMs() });
      return await this.#keep(key, { sha256, ...(commit === undefined ? {} : { commit }) }, zip);
    } catch (error) {
      // Who went away proves nothing, and an archive that was had is worth more than a failure.
      if (!signal.aborted && before?.kind !== "archive") {
        this.#remember(key, { kind: "failure", error, atMs: nowMs() });
      }
      throw error;
    }
  }

  /** A full disk keeps nobody from what was fetched. */
  async #keep(key: string, record: StarterRecord, zip: Uint8Array): Promise<StarterZip> {
    const { store, records } = this.#parts;
    try {
      const kept = await store.keep(record.sha256, zip);
      await records?.record(key, record);
      return kept;
    } catch (error) {
      this.#parts.log.warn("cannot keep a starter project", { error: describeError(error) });
      return zip;
    }
  }

  /** What an earlier run knew may have changed since. */
  async #recall(key: string): Promise<Known | undefined> {
    const record = await this.#parts.records?.recall(key);
    if (record === undefined) return undefined;
    const { sha256, commit } = record;
    return { kind: "archive", sha256, commit, atMs: Number.NEGATIVE_INFINITY };
  }

  #remember(key: string, known: Known): void {
    this.#known.delete(key);
    this.#known.set(key, known);
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= STARTERS_REMEMBERED) return;
      this.#known.delete(oldest);
    }
  }
}

function isPassing(error: unknown): boolean {
  if (error instanceof StartersBusy) return true;
  return error instanceof DevregError && PASSING.has(error.code);
}

/** A commit named whole is what it is for ever. */
function isFixed(source: ProjectSource): boolean {
  return source.kind === "git" && COMMIT.test(source.checkoutFrom?.revision ?? "");
}
