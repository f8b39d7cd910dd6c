import type { Trouble } from "../reason.ts";
import type { UpdateState } from "./update-port.ts";

/**
 * What made the server look for something new: "command" is a request of devreg's own form,
 * "registry" something that the registry has or lost, "folder" a change of a folder that is watched.
 */
export type UpdateTrigger =
  | "start"
  | "webhook"
  | "command"
  | "poll"
  | "resync"
  | "retry"
  | "registry"
  | "folder";

/** One update that ended, or several alike. */
export interface UpdateRecord {
  readonly askedBy: readonly UpdateTrigger[];
  readonly state: UpdateState;
  /** When the last of them began. */
  readonly began: Date;
  /** How long that one took, in milliseconds. */
  readonly ms: number;
  /** Names of the generations served before and after; undefined where none is known. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  /** What is wrong, after one that failed or was refused. */
  readonly trouble: Trouble | undefined;
  /** How many were alike, which changed nothing. */
  readonly times: number;
  /** When the first of them began. */
  readonly firstBegan: Date;
}

/** What is asked for something new. */
export type LookedAt = "source" | "registry";

/** When something was asked for something new, and will be. */
export interface Look {
  readonly of: LookedAt;
  /** Undefined before the first time. */
  readonly last: Date | undefined;
  /** When what is served was last known to be as new as what it has. */
  readonly upToDate: Date | undefined;
  /** Past while it is under way; undefined where the server looks only when it is told to. */
  readonly next: Date | undefined;
}

/** How updates went since the server was started. */
export interface UpdateLog {
  /** The last ones, the newest first. */
  readonly updates: readonly UpdateRecord[];
  /** When an update last changed what is served. */
  readonly lastChange: Date | undefined;
  readonly looks: readonly Look[];
}

/** The log of a server that is not kept up to date with anything. */
export const NO_UPDATES: UpdateLog = { updates: [], lastChange: undefined, looks: [] };
