import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { EXIT, type OutputStream, type ProcessEdge, renderError, run } from "./cli/index.ts";

/** Set by scripts/build.ts; a run from source has neither. */
declare const DEVREG_VERSION: string | undefined;
declare const DEVREG_COMMIT: string | undefined;

/** Of what is no terminal, and of a terminal that does not know its width and says 0. */
const COLUMNS = 80;
const PATIENCE_MS = 2_000;
const DISK_FULL: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const stop = new AbortController();
const kill = new AbortController();

/** The first signal asks to stop, the second to stop at once; then patience ends. */
function onSignal(): void {
  if (!stop.signal.aborted) {
    stop.abort();
    return;
  }
  kill.abort();
  setTimeout(() => process.exit(EXIT.interrupted), PATIENCE_MS).unref();
}

/** A terminal that closes tells its programs; the shell in it may do so once more. */
function onHangup(): void {
  stop.abort();
}

/** Tells whether closing the terminal is to end this process: `nohup` says no. */
function hearsHangup(): boolean {
  try {
    const status = readFileSync("/proc/self/status", "utf8");
    const [, ignored = ""] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(status) ?? [];
    // Signal 1 is the lowest bit; without a mask nobody knows, so that nothing is changed.
    return ignored !== "" && (Number.parseInt(ignored.slice(-1), 16) & 1) === 0;
  } catch {
    return false;
  }
}

function streamOf(stream: NodeJS.WriteStream): OutputStream {
  return {
    write: (text) => {
      stream.write(text);
    },
    isTerminal: stream.isTTY === true,
    columns: stream.columns || COLUMNS,
  };
}

/** An arbitrary uid in a container has no home folder; asking for it throws. */
function homeFolder(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end);
  });
}

function every(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms);
  timer.unref();
  return () => clearInterval(timer);
}

/** The names of processors that images use, where they differ. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", ia32: "386" };

/** From source the program that runs is bun, which is no devreg. */
function runningExecutable(): ProcessEdge["executable"] {
  if (typeof DEVREG_VERSION !== "string") return undefined;
  const { arch, platform, execPath } = process;
  return { path: execPath, platform: { os: platform, architecture: ARCHITECTURES[arch] ?? arch } };
}

const edge: ProcessEdge = {
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  home: homeFolder(),
  uid: process.getuid?.() ?? 0,
  stdout: streamOf(process.stdout),
  stderr: streamOf(process.stderr),
  stdin: () => process.stdin,
  writeBytes: (bytes) =>
    new Promise((resolve, reject) => {
      process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
    }),
  tool: {
    version: typeof DEVREG_VERSION === "string" ? DEVREG_VERSION : "0.0.0-source",
    commit: typeof DEVREG_COMMIT === "string" ? DEVREG_COMMIT : "",
  },
  executable: runningExecutable(),
  now: () => new Date(),
  nowMs: () => performance.now(),
  random: Math.random,
  sleep,
  every,
  stopped: stop.signal,
  killed: kill.signal,
};

process.on("SIGINT", onSignal);
process.on("SIGTERM", onSignal);
if (hearsHangup()) process.on("SIGHUP", onHangup);
process.on("unhandledRejection", (error) => {
  edge.stderr.write(`${renderError(error)}\n`);
  process.exitCode = EXIT.failed;
});
process.on("uncaughtException", (error) => {
  edge.stderr.write(`${renderError(error)}\n`);
  process.exitCode = EXIT.failed;
});
// A reader that leaves early (`| head`) is no failure; a disk that is too full for the result is,
// unless the command goes on without it until it is told to stop.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
  if (code === undefined || !DISK_FULL.has(code) || stop.signal.aborted) return;
  edge.stderr.write(`Error: Cannot write standard output: the disk is full (${code})\n`);
  process.exitCode = EXIT.failed;
});
// Without this each line of the log that cannot be written would make the next.
process.stderr.on("error", () => undefined);

const code = await run(edge);
if (code !== EXIT.done || stop.signal.aborted) process.exitCode = code;
