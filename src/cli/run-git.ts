import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { DevregError, describeError } from "../errors.ts";
import type { RunGit, RunGitOptions } from "../generator/fetch/index.ts";
import type { ProcessEdge } from "./edge.ts";

/**
 * Gives the way to run the git program of PATH; undefined when there is none. A run fails with IO,
 * LIMIT_EXCEEDED, TIMEOUT or ABORTED.
 */
export function findGit({ env }: Pick<ProcessEdge, "env">): RunGit | undefined {
  const program = (env["PATH"] ?? "")
    .split(delimiter)
    // An empty part would be the current folder, which may be a stranger's.
    .filter((folder) => folder.startsWith("/"))
    .map((folder) => join(folder, "git"))
    .find(isProgram);
  if (program === undefined) return undefined;
  return (args, options) => run(program, args, { ...options, env: { ...env, ...options.env } });
}

type ProgramOptions = Omit<RunGitOptions, "env"> & { readonly env: ProcessEdge["env"] };

function run(
  program: string,
  args: readonly string[],
  { cwd, env, limitBytes, signal }: ProgramOptions,
): ReturnType<RunGit> {
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<RunGit>>>();
  if (signal?.aborted === true) return Promise.reject(interrupted(signal));
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const stop = (error: DevregError) => {
    child.kill("SIGKILL");
    // What git started, such as ssh, may hold the other ends; it sees that nobody reads.
    child.stdout.destroy();
    child.stderr.destroy();
    reject(error);
  };
  const abort = () => signal && stop(interrupted(signal));
  signal?.addEventListener("abort", abort, { once: true });
  let bytes = 0;
  const gather = (chunks: Uint8Array[]) => (chunk: Uint8Array) => {
    bytes += chunk.byteLength;
    chunks.push(chunk);
    if (bytes <= limitBytes) return;
    stop(new DevregError("LIMIT_EXCEEDED", `Cannot read what git says: over ${limitBytes} bytes`));
  };
  const [stdout, stderr]: [Uint8Array[], Uint8Array[]] = [[], []];
  child.stdout.on("data", gather(stdout));
  child.stderr.on("data", gather(stderr));
  child.on("error", (cause) =>
    reject(new DevregError("IO", `Cannot run git: ${describeError(cause)}`, { cause })),
  );
  child.on("close", (code) => {
    signal?.removeEventListener("abort", abort);
    const text = (chunks: readonly Uint8Array[]) => Buffer.concat(chunks).toString();
    resolve({ code: code ?? 1, stdout: text(stdout), stderr: text(stderr) });
  });
  return promise;
}

function interrupted({ reason }: AbortSignal): DevregError {
  if (reason instanceof DevregError) return reason;
  const late = reason instanceof Error && reason.name === "TimeoutError";
  if (late) return new DevregError("TIMEOUT", "Cannot wait for git: it took too long");
  return new DevregError("ABORTED", "Cannot wait for git: interrupted");
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
