/** Small tools that the benchmarks share: medians, hyperfine, wrk, peak memory. */
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives the middle value; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** Runs a program to its end and gives its standard output. @throws when it fails */
export async function run(
  command: readonly string[],
  env?: Record<string, string>,
): Promise<string> {
  const child = Bun.spawn([...command], {
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, ...env },
  });
  const [out, err, code] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  if (code !== 0) throw new Error(`${command.join(" ")} exited ${code}:\n${out}${err}`);
  return out;
}

/** One command's timing by hyperfine, in seconds. */
export interface Timing {
  readonly medianS: number;
  readonly minS: number;
  readonly maxS: number;
}

/** Times shell commands in one hyperfine run, each after one warm-up. */
export async function hyperfine(
  commands: readonly string[],
  options: { readonly runs?: number; readonly prepare?: string } = {},
): Promise<readonly Timing[]> {
  const file = join(tmpdir(), `devreg-hyperfine-${process.pid}.json`);
  await run([
    "hyperfine",
    "--warmup=1",
    `--runs=${options.runs ?? 7}`,
    "--style=none",
    `--export-json=${file}`,
    ...(options.prepare === undefined ? [] : [`--prepare=${options.prepare}`]),
    ...commands,
  ]);
  const { results } = JSON.parse(readFileSync(file, "utf8"));
  rmSync(file);
  return results.map((result: { median: number; min: number; max: number }) => ({
    medianS: result.median,
    minS: result.min,
    maxS: result.max,
  }));
}

/** Gives the most memory a process had resident so far, in MiB. */
export function peakMib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1024;
}

/** Gives the seconds of processor time that a process used so far; a tick of the kernel is 10 ms. */
export function cpuS(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name of the program, which may hold anything, ends at the last bracket.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Runs a command once and gives its peak memory in MiB. */
export async function peakOf(command: readonly string[]): Promise<number> {
  const child = Bun.spawn([...command], { stdout: "ignore", stderr: "ignore" });
  await child.exited;
  return (child.resourceUsage()?.maxRSS ?? 0) / 1024 / 1024;
}

/** What wrk measured of one URL. */
export interface Load {
  readonly requests: number;
  readonly requestsPerS: number;
  readonly p99Ms: number;
}

/** How a URL is loaded. */
export interface WrkOptions {
  readonly seconds?: number;
  readonly connections?: number;
  readonly headers?: readonly string[];
  /** Path of a script of wrk that makes the requests. */
  readonly script?: string;
}

/** Loads a URL with wrk for a while; every answer must be a success. */
export async function wrk(url: string, options: WrkOptions = {}): Promise<Load> {
  const { seconds = 5, connections = 32, headers = [], script } = options;
  const out = await run([
    "wrk",
    "-t1",
    `-c${connections}`,
    `-d${seconds}s`,
    "--latency",
    ...headers.flatMap((header) => ["-H", header]),
    ...(script === undefined ? [] : ["-s", script]),
    url,
  ]);
  if (/Non-2xx/.test(out)) throw new Error(`${url} did not always succeed:\n${out}`);
  const unit: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 };
  const p99 = /99%\s+([\d.]+)(us|ms|s)/.exec(out);
  return {
    requests: Number(/(\d+) requests in/.exec(out)?.[1] ?? 0),
    requestsPerS: Number(/Requests\/sec:\s+([\d.]+)/.exec(out)?.[1] ?? 0),
    p99Ms: Number(p99?.[1] ?? 0) * (unit[p99?.[2] ?? "ms"] ?? 1),
  };
}

/** Prints rows as a table with aligned columns. */
export function table(rows: readonly (readonly (string | number)[])[]): void {
  const cells = rows.map((row) =>
    row.map((cell) => (typeof cell === "number" ? round(cell) : cell)),
  );
  const widths =
    cells[0]?.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0))) ?? [];
  for (const row of cells) {
    console.log(
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    );
  }
}

function round(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 3);
}
