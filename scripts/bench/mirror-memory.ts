/** How much memory a program has, together with the programs that it starts. */
import { readFileSync } from "node:fs";

const EVERY_MS = 25;

/**
 * Watches a process and all below it. What a finished process is told to have taken is of no use
 * here: it counts what its parent had before the program began.
 */
export function watchMemory(pid: number): { end(): number } {
  let peakKib = 0;
  const look = () => {
    peakKib = Math.max(peakKib, highWaterKib(pid));
  };
  const timer = setInterval(look, EVERY_MS);
  return {
    end: () => {
      clearInterval(timer);
      return peakKib / 1024;
    },
  };
}

function highWaterKib(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const own = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ");
    return children
      .filter((child) => child !== "")
      .reduce((sum, child) => sum + highWaterKib(Number(child)), own);
  } catch {
    // It ended while it was looked at.
    return 0;
  }
}
