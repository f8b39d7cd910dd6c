import type { CountedRequest, ProxyOptions } from "./counting-proxy.ts";
import { devregBinary, type Finished } from "./devreg.ts";

/** How a run ended that was to be ended. */
export interface Ended extends Finished {
  /** The signal that ended it, where one did. */
  readonly signal: NodeJS.Signals | number | null;
}

/** Sends a signal to a mirror command when it is about to get some answer that is watched for. */
export class MirrorKiller {
  readonly #watched: (request: CountedRequest) => boolean;
  readonly #signal: NodeJS.Signals;
  /** What was asked during this run: answers to the one before may still be on their way. */
  #asked = new WeakSet<CountedRequest>();
  #left = Number.POSITIVE_INFINITY;
  #pid = 0;

  constructor(watched: (request: CountedRequest) => boolean, signal: NodeJS.Signals) {
    this.#watched = watched;
    this.#signal = signal;
  }

  /** What a proxy is told. */
  get options(): ProxyOptions {
    return {
      fault: (request) => {
        this.#asked.add(request);
        return undefined;
      },
      answered: (request) => {
        if (!this.#asked.has(request) || !this.#watched(request)) return;
        this.#left -= 1;
        if (this.#left === 0) process.kill(this.#pid, this.#signal);
      },
    };
  }

  /** Runs a mirror command in a folder, and sends the signal when so many answers came. */
  async run(
    folder: string,
    words: readonly string[],
    answers: number,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Ended> {
    const child = Bun.spawn([devregBinary(), "mirror", ...words], {
      cwd: folder,
      env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...env },
      stdout: "pipe",
      stderr: "pipe",
    });
    this.#pid = child.pid;
    this.#asked = new WeakSet();
    this.#left = answers;
    const [stdout, stderr, code] = await Promise.all([
      child.stdout.text(),
      child.stderr.text(),
      child.exited,
    ]);
    this.#left = Number.POSITIVE_INFINITY;
    return { code, stdout, stderr, signal: child.signalCode };
  }
}
