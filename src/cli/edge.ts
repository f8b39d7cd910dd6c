import type { ByteStream } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import type { Platform } from "../oci-client/index.ts";

/** A standard stream of the process. */
export interface OutputStream {
  readonly write: (text: string) => void;
  readonly isTerminal: boolean;
  /** Width of the terminal in characters. */
  readonly columns: number;
}

/** Which build of devreg is running. */
export interface ToolVersion {
  readonly version: string;
  /** Commit it was built from; empty when not known. */
  readonly commit: string;
}

/** The executable that is running. */
export interface RunningExecutable {
  /** Absolute. */
  readonly path: string;
  readonly platform: Platform;
}

/** Everything a command may know of the process it runs in; tests pass their own. */
export interface ProcessEdge {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Undefined where the user has none, as in a container with an arbitrary uid. */
  readonly home: string | undefined;
  readonly uid: number;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Opens standard input; it can be read once. */
  readonly stdin: () => ByteStream;
  /** Writes bytes to standard output; done when they are taken. Rejects when the reader is gone. */
  readonly writeBytes: (bytes: Uint8Array) => Promise<void>;
  readonly tool: ToolVersion;
  /** Undefined when devreg is run from source. */
  readonly executable: RunningExecutable | undefined;
  readonly now: () => Date;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly random: () => number;
  /** Waits; ends early, without an error, when the signal aborts. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Calls back again and again, without keeping the process alive; gives the way to stop. */
  readonly every: (ms: number, run: () => void) => () => void;
  /** Aborts at the first SIGINT, SIGTERM or SIGHUP. */
  readonly stopped: AbortSignal;
  /** Aborts at the second signal. */
  readonly killed: AbortSignal;
}

/**
 * Gives a signal for work under way: it aborts a while after the first request to stop, and at once
 * with the second.
 */
export function patience(edge: ProcessEdge, graceMs: number): AbortSignal {
  const broken = new AbortController();
  const breakOff = () => broken.abort();
  const begin = () => {
    const end = edge.every(graceMs, () => {
      end();
      breakOff();
    });
  };
  if (edge.stopped.aborted) begin();
  else edge.stopped.addEventListener("abort", begin, { once: true });
  edge.killed.addEventListener("abort", breakOff, { once: true });
  return broken.signal;
}

/** Ends a command that was told to stop. @throws {DevregError} ABORTED when it was */
export function throwIfStopped({ stopped }: ProcessEdge): void {
  if (!stopped.aborted) return;
  throw new DevregError("ABORTED", "Cannot go on: interrupted");
}
