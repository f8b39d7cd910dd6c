import { existsSync } from "node:fs";
import { BINARY, build } from "../../scripts/build.ts";

/** What a finished run of the executable left. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running `devreg serve`. */
export interface Serving {
  readonly url: string;
  readonly pid: number;
  /** What it has written to standard error so far. */
  readonly log: () => string;
  /** Sends SIGTERM and gives the exit code. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number>;
  readonly exited: Promise<number>;
}

/** How a run differs from the plain one. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Puts the command into other surroundings. */
  readonly inside?: (command: readonly string[]) => string[];
}

/** Gives the path of the executable, building it when it is not there yet; or the one to try. */
export function devregBinary(): string {
  const tried = process.env["TRIED_DEVREG"];
  if (tried !== undefined) return tried;
  if (!existsSync(BINARY)) build();
  return BINARY;
}

/** Runs the executable to its end with an environment of its own. */
export async function runDevreg(
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const child = spawn(args, options);
  const [stdout, stderr, code] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  return { code, stdout, stderr };
}

/**
 * Starts `devreg serve` on free ports and resolves once it printed its address.
 *
 * @throws when it ends before that, with what it wrote
 */
export async function startServe(
  args: readonly string[],
  options: RunOptions = {},
): Promise<Serving> {
  const ports = ["--listen=127.0.0.1:0", "--metrics-listen=off"];
  const child = spawn(["serve", ...ports, ...args], options);
  let log = "";
  const drained = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of child.stderr) log += decoder.decode(chunk, { stream: true });
  })();
  const url = await firstUrl(child.stdout);
  if (url === undefined) {
    const code = await child.exited;
    await drained;
    throw new Error(`devreg serve ended with ${code} before it listened:\n${log}`);
  }
  return {
    url,
    pid: child.pid,
    log: () => log,
    exited: child.exited,
    stop: async (signal = "SIGTERM") => {
      child.kill(signal);
      const code = await child.exited;
      await drained;
      return code;
    },
  };
}

function spawn(args: readonly string[], options: RunOptions) {
  const { inside = (command) => [...command] } = options;
  return Bun.spawn(inside([devregBinary(), ...args]), {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: { PATH: process.env["PATH"] ?? "", HOME: "/nonexistent", ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
}

async function firstUrl(stdout: ReadableStream<Uint8Array>): Promise<string | undefined> {
  const reader = stdout.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return undefined;
    text += decoder.decode(value, { stream: true });
    const url = /(https?:\/\/\S+)\s/.exec(text)?.[1];
    if (url === undefined) continue;
    // Keep reading so that a full pipe never stops the server.
    void (async () => {
      while (!(await reader.read()).done);
    })();
    return url;
  }
}
