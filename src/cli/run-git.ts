import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { RunGit } from "../generator/fetch/index.ts";
import type { ProcessEdge } from "./edge.ts";

/** Gives the way to run the git program of PATH; undefined when there is none. */
export function findGit({ env }: Pick<ProcessEdge, "env">): RunGit | undefined {
  const program = (env["PATH"] ?? "")
    .split(delimiter)
    // An empty part would be the current folder, which may be a stranger's.
    .filter((folder) => folder.startsWith("/"))
    .map((folder) => join(folder, "git"))
    .find(isProgram);
  if (program === undefined) return undefined;
  return (args, { cwd, env: more, limitBytes, signal }) =>
    new Promise((done, fail) => {
      const child = spawn(program, args, {
        cwd,
        env: { ...env, ...more },
        stdio: ["ignore", "pipe", "pipe"],
        killSignal: "SIGKILL",
        ...(signal === undefined ? {} : { signal }),
      });
      const output = collect(child, limitBytes);
      child.on("error", fail);
      child.on("close", (code) => done({ code: code ?? 1, ...output() }));
    });
}

/** Gathers what a process prints, and ends it when that is too much. */
function collect(child: ReturnType<typeof spawn>, limitBytes: number) {
  let bytes = 0;
  const gather = (stream: typeof child.stdout) => {
    const chunks: Uint8Array[] = [];
    stream?.on("data", (chunk: Uint8Array) => {
      bytes += chunk.byteLength;
      if (bytes > limitBytes) child.kill("SIGKILL");
      else chunks.push(chunk);
    });
    return () => Buffer.concat(chunks).toString();
  };
  const [stdout, stderr] = [gather(child.stdout), gather(child.stderr)];
  return () => ({ stdout: stdout(), stderr: stderr() });
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
