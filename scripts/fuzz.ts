/**
 * Fuzzes what must take any input: bun scripts/fuzz.ts [--runs=N] [--seed=N] [--target=NAME].
 * Runs chunks in processes of their own, as many side by side as there are processors; says inputs a
 * second, the slowest input and the peak of memory; fails when an input crashes, takes over 5 s of a
 * processor, or a process needs over 512 MiB. A chunk is run again by the command it fails with.
 */
import { availableParallelism } from "node:os";
import fc from "fast-check";
import { FUZZ_TARGETS, type FuzzTarget } from "../test/support/fuzz-targets.ts";
import { table } from "./bench/measure.ts";

const CHUNK_RUNS = 5000;
/** So many inputs are made at once; those of a whole chunk would count as memory that is needed. */
const BATCH_RUNS = 250;
/** A chunk that is not done by then hangs. */
const CHUNK_TIMEOUT_MS = 10 * 60_000;
const SLOWEST_MS = 5000;
const PEAK_BYTES = 512 * 1024 * 1024;
const SHOWN_CHARS = 2000;

/** What a chunk came to. */
interface ChunkResult {
  readonly slowestMs: number;
  readonly slowest: string;
  readonly failure?: string;
}

/** The results of all chunks of a target. */
interface Total {
  runs: number;
  seconds: number;
  slowestMs: number;
  slowest: string;
  peakBytes: number;
}

const options = new Map(process.argv.slice(2).map((each) => splitOption(each)));
const runs = Number(options.get("--runs") ?? 1_000_000);
const seed = Number(options.get("--seed") ?? Date.now() % 1_000_000_000);
const chunk = options.get("--chunk");
const targets = FUZZ_TARGETS.filter(({ name }) => name === (options.get("--target") ?? name));
if (targets.length === 0) throw new Error(`There is no such target: ${options.get("--target")}`);
if (chunk === undefined) process.exit((await fuzzAll()) ? 0 : 1);
else for (const target of targets) console.log(JSON.stringify(runChunk(target, Number(chunk))));

function splitOption(option: string): [string, string] {
  const [name = "", value = ""] = option.split("=");
  return [name, value];
}

/** Gives a target the inputs of one seed, in this process. */
function runChunk(target: FuzzTarget, chunkRuns: number): ChunkResult {
  const inputs: fc.Arbitrary<string | Uint8Array> = target.inputs;
  let result: ChunkResult = { slowestMs: 0, slowest: "" };
  for (const input of inBatches(inputs, chunkRuns)) {
    const start = process.cpuUsage();
    try {
      target.check(input);
    } catch (error) {
      return { ...result, failure: `${error}\non ${shown(input)}` };
    }
    const { user, system } = process.cpuUsage(start);
    const ms = (user + system) / 1000;
    if (ms > result.slowestMs) result = { slowestMs: ms, slowest: shown(input) };
  }
  return result;
}

function* inBatches(
  inputs: fc.Arbitrary<string | Uint8Array>,
  chunkRuns: number,
): Iterable<string | Uint8Array> {
  for (let done = 0; done < chunkRuns; done += BATCH_RUNS) {
    yield* fc.sample(inputs, { seed: seed * CHUNK_RUNS + done, numRuns: BATCH_RUNS });
  }
}

function shown(input: string | Uint8Array): string {
  const text = typeof input === "string" ? input : Buffer.from(input).toString("latin1");
  return JSON.stringify(text.slice(0, SHOWN_CHARS));
}

async function fuzzAll(): Promise<boolean> {
  let good = true;
  const rows: (string | number)[][] = [["target", "inputs", "inputs/s", "slowest ms", "peak MiB"]];
  for (const target of targets) {
    const { total, failures } = await fuzz(target, Math.ceil(runs / targets.length));
    for (const failure of failures) console.error(failure);
    good &&= failures.length === 0;
    const perSecond = Math.round(total.runs / total.seconds);
    const peak = Math.round(total.peakBytes / 1024 / 1024);
    rows.push([target.name, total.runs, perSecond, Math.round(total.slowestMs), peak]);
    console.log(`${target.name}: the slowest input was ${total.slowest}`);
  }
  table(rows);
  console.log(`seed ${seed}`);
  return good;
}

/** Gives a target its inputs, chunk by chunk in processes of their own; stops at failures. */
async function fuzz(
  target: FuzzTarget,
  targetRuns: number,
): Promise<{ readonly total: Total; readonly failures: readonly string[] }> {
  const total: Total = { runs: 0, seconds: 0, slowestMs: 0, slowest: "", peakBytes: 0 };
  const failures: string[] = [];
  const start = performance.now();
  let next = 0;
  const work = async () => {
    while (next * CHUNK_RUNS < targetRuns && failures.length === 0) {
      const chunkSeed = seed + next;
      next += 1;
      const command = chunkCommand(target.name, chunkSeed);
      const failure = await runProcess(command, total);
      if (failure !== undefined) failures.push(`${command.join(" ")}\n${failure}`);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  total.seconds = (performance.now() - start) / 1000;
  return { total, failures };
}

function chunkCommand(name: string, chunkSeed: number): readonly string[] {
  const script = import.meta.path;
  return [
    process.execPath,
    script,
    `--target=${name}`,
    `--seed=${chunkSeed}`,
    `--chunk=${CHUNK_RUNS}`,
  ];
}

/** Runs one chunk and adds it to the total; gives what went wrong. */
async function runProcess(command: readonly string[], total: Total): Promise<string | undefined> {
  const child = Bun.spawn([...command], {
    stdout: "pipe",
    stderr: "inherit",
    timeout: CHUNK_TIMEOUT_MS,
  });
  const [out, code] = await Promise.all([child.stdout.text(), child.exited]);
  if (code !== 0) return `The process ended with ${child.signalCode ?? code}`;
  const result: ChunkResult = JSON.parse(out);
  const peak = child.resourceUsage()?.maxRSS ?? 0;
  total.runs += CHUNK_RUNS;
  total.peakBytes = Math.max(total.peakBytes, peak);
  if (result.slowestMs > total.slowestMs) {
    total.slowestMs = result.slowestMs;
    total.slowest = result.slowest;
  }
  if (result.failure !== undefined) return result.failure;
  if (result.slowestMs > SLOWEST_MS) return `Over ${SLOWEST_MS} ms on ${result.slowest}`;
  return peak > PEAK_BYTES ? `The process needed ${peak} bytes` : undefined;
}
