import type { Finished } from "./devreg.ts";

export type { Finished } from "./devreg.ts";

/** Runs a command to its end, whatever its exit code. */
export async function runFinished(command: readonly string[]): Promise<Finished> {
  const child = Bun.spawn([...command], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, code] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  return { code, stdout, stderr };
}
