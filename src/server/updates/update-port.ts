import type { TroubleKind } from "../reason.ts";

/** Asks for the registry to be brought up to date. */
export interface UpdateRequest {
  /** Whose form the request had; "own" is devreg's. */
  readonly origin: "own" | "github" | "gitlab";
  /** The commit to serve, 40 or 64 lower-case hexadecimal digits; else the newest of the source. */
  readonly commit?: string;
  /** Names of stacks that are said to have changed, sorted. A hint: it never limits an update. */
  readonly stacks?: readonly string[];
  /** Also looks again at samples and parents that live in other repositories. */
  readonly samples?: boolean;
  /** Also takes a commit that is older than what is served. Only requests of our form have it. */
  readonly force?: boolean;
  /** The source that changed: its `url` in {@link UpdatePort.sources}. Absent where not said. */
  readonly repository?: string;
  /** Its `ref` there, where it has one. */
  readonly ref?: string;
}

/** How an update ended. */
export type UpdateState = "updated" | "unchanged" | "refused" | "failed" | "ignored";

/** Stack versions of one generation against those of the one before, as "name:version", sorted. */
export interface UpdateChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** What came of an update. */
export interface UpdateOutcome {
  readonly state: UpdateState;
  /** What is served now: the commit, or the tag of the generation where there are several sources. */
  readonly generation?: string;
  /** Why it was refused, failed or ignored; broken devfiles as "file:line:column: message". */
  readonly reasons: readonly string[];
  /** Present when something was updated. */
  readonly changed?: UpdateChanges;
  /**
   * What a failure is due to: "content" when the commit cannot be generated or does not exist (no
   * use in trying again), "source" or "registry" when these could not be reached. Absent is
   * something here, such as a full disk or a server that stops.
   */
  readonly fault?: "content" | "source" | "registry";
  /** What is wrong, as far as strangers may know, where it failed or was refused. */
  readonly kind?: TroubleKind;
}

/** A git repository that the server is kept up to date with. */
export interface UpdateSource {
  /** As configured; it may carry credentials, so it is never shown as it is. */
  readonly url: string;
  /** Branch, tag or commit as configured; absent for the default branch. */
  readonly ref?: string;
}

/** Brings what is served up to date. */
export interface UpdatePort {
  /**
   * Resolves when what was asked for is served, or will not be; whatever devreg understands is an
   * outcome, not an error. Requests may come side by side. The signal is aborted when the server
   * stops, never because a client went away.
   */
  request(update: UpdateRequest, signal: AbortSignal): Promise<UpdateOutcome>;
  sources(): readonly UpdateSource[];
}

/** What the server needs to take requests for updates. */
export interface UpdateDeps {
  readonly port: UpdatePort;
  /**
   * Gives the secret that requests are signed with, as it is now, without a line end behind it.
   * While it is undefined or empty there is no such address as /api/update.
   */
  secret(): Promise<Uint8Array | undefined>;
  now(): Date;
  /** Aborted when the server stops. */
  readonly stopped: AbortSignal;
}
