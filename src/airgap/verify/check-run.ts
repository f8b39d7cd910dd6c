import { DevregError, describeError, type ErrorCode } from "../../errors.ts";
import { compareBytewise } from "../../generator/index.ts";
import type { Digest } from "../../oci-client/index.ts";
import { noProgress, type Progress, type StartProgress } from "../../progress.ts";
import type { Verification, VerifyCounts, VerifyLevel, VerifyProblem } from "./verification.ts";

/** How verifying is done. */
export interface VerifyOptions {
  readonly level: VerifyLevel;
  readonly progress?: StartProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a look at one piece of content came to. */
export interface Checked {
  /** Undefined when it is right. */
  readonly problem?: string;
  readonly error?: unknown;
}

/** Failures that say nothing of the content: who looks has to look again. */
const ENDING: ReadonlySet<ErrorCode> = new Set(["NETWORK", "TIMEOUT", "ABORTED"]);

/** Collects what was found while one thing is verified. */
export class CheckRun {
  readonly level: VerifyLevel;
  readonly signal: AbortSignal | undefined;
  /** Blobs that were read: content is what its digest says, wherever it is kept. */
  readonly reads = new Map<Digest, Promise<Checked>>();
  readonly #progress: Progress;
  readonly #problems: VerifyProblem[] = [];
  readonly #counts = { images: 0, artifacts: 0, manifests: 0, blobs: 0, bytes: 0 };

  constructor({ level, progress = noProgress, signal }: VerifyOptions) {
    this.level = level;
    this.signal = signal;
    this.#progress = progress("Verifying");
  }

  /** Says how many things there are to look at. */
  expect(things: number): void {
    this.#progress.total(things);
  }

  count(what: keyof VerifyCounts, by = 1): void {
    this.#counts[what] += by;
    if (what === "bytes") this.#progress.advance(by);
  }

  report(problem: VerifyProblem): void {
    this.#problems.push(problem);
  }

  /**
   * Looks at one image or artifact; what is refused on the way is a problem of it.
   *
   * @throws {DevregError} NETWORK, TIMEOUT, ABORTED
   */
  async look(what: string, task: () => Promise<void>): Promise<void> {
    if (this.signal?.aborted === true) {
      throw new DevregError("ABORTED", "Cannot verify: interrupted");
    }
    const { problem, error } = await checked(task);
    if (problem !== undefined) {
      this.report({ what, problem, ...(error === undefined ? {} : { error }) });
    }
    this.#progress.done(what);
  }

  /** Clears what was shown of it. */
  close(): void {
    this.#progress.end();
  }

  /** Gives what was found. */
  result(): Verification {
    const problems = this.#problems.sort(
      (a, b) => compareBytewise(a.what, b.what) || compareBytewise(a.problem, b.problem),
    );
    return { level: this.level, checked: this.#counts, problems };
  }
}

/** Verifies one thing. @throws {DevregError} NETWORK, TIMEOUT, ABORTED */
export async function runChecks(
  options: VerifyOptions,
  task: (run: CheckRun) => Promise<void>,
): Promise<Verification> {
  const run = new CheckRun(options);
  try {
    await task(run);
    return run.result();
  } finally {
    run.close();
  }
}

/** Runs a check; a failure of it is what is wrong. @throws {DevregError} NETWORK, TIMEOUT, ABORTED */
export async function checked(task: () => Promise<void>): Promise<Checked> {
  try {
    await task();
    return {};
  } catch (error) {
    if (!(error instanceof DevregError) || ENDING.has(error.code)) throw error;
    return { problem: describeError(error), error };
  }
}
