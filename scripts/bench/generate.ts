/**
 * Times `devreg generate` with full validation, phase by phase: bun scripts/bench/generate.ts
 * [REGISTRY] [--runs=5] [--copies=1,10,100] [--binary=FILE]. Beside REGISTRY (else ../shared, else
 * the example) larger ones are made of it in a temporary folder, each stack so many times.
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { BINARY, build } from "../build.ts";
import { median, table } from "./measure.ts";
import { countVersions, makeSyntheticRegistry } from "./synthetic-registry.ts";

/** Seconds of the Go generator on two cores of this kind, recorded beside the oracle. */
const GO_S: Readonly<Record<number, string>> = { 1: "0.72 (0.17 unchecked)", 100: "3.9 unchecked" };
/** Seconds and MiB that a whole process may take. */
const BARS: Readonly<Record<number, { readonly s: number; readonly mib: number }>> = {
  1: { s: 0.35, mib: 512 },
  100: { s: 4, mib: 512 },
};

/** What one run of the executable took. */
interface Run {
  readonly wallS: number;
  readonly cpuS: number;
  readonly mib: number;
  readonly phasesMs: Readonly<Record<string, number>>;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "5" },
    copies: { type: "string", default: "1,10,100" },
    binary: { type: "string" },
  },
});
const registry = positionals[0] ?? defaultRegistry();
const work = mkdtempSync(join(tmpdir(), "devreg-bench-"));
try {
  if (values.binary === undefined) build();
  const rows: (readonly (string | number)[])[] = [];
  for (const copies of values.copies.split(",").map(Number)) {
    const source = registryOf(copies);
    const runs: Run[] = [];
    // Each run writes a folder of its own: files just deleted make new ones slow on some disks.
    for (let at = 0; at < Number(values.runs); at++) {
      runs.push(await generateOnce(source, join(work, `build-${copies}-${at}`)));
    }
    rows.push(rowOf(copies, countVersions(source), runs));
    showPhases(countVersions(source), runs);
  }
  table([
    ["versions", "wall s", "min s", "cpu s", "µs/version", "peak MiB", "Go s", "bar"],
    ...rows,
  ]);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function defaultRegistry(): string {
  const root = join(import.meta.dir, "../..");
  const shared = join(root, "../shared/data/devfile-registry");
  return existsSync(shared) ? shared : join(root, "examples/registry");
}

function registryOf(copies: number): string {
  if (copies === 1) return registry;
  const target = join(work, `registry-${copies}`);
  makeSyntheticRegistry(registry, copies, target);
  return target;
}

/** Runs the executable and takes its phases from what it prints with --timing. */
async function generateOnce(source: string, output: string): Promise<Run> {
  const startedMs = performance.now();
  const child = Bun.spawn(
    [
      values.binary ?? BINARY,
      "generate",
      source,
      "-o",
      output,
      "--no-network",
      "--force",
      "--timing",
    ],
    { stdout: "ignore", stderr: "pipe" },
  );
  const [text] = await Promise.all([child.stderr.text(), child.exited]);
  const wallS = (performance.now() - startedMs) / 1000;
  const usage = child.resourceUsage();
  const line = /time in ms: (.*)/.exec(text)?.[1];
  if (line === undefined) throw new Error(`generate did not end: ${text}`);
  const phases = line.split(", ").map((part) => part.split(" "));
  return {
    wallS,
    cpuS: Number(usage?.cpuTime.total ?? 0) / 1e6,
    mib: (usage?.maxRSS ?? 0) / 1024 / 1024,
    phasesMs: Object.fromEntries(phases.map(([name, ms]) => [name, Number(ms)])),
  };
}

function rowOf(copies: number, versions: number, runs: readonly Run[]) {
  const wallS = median(runs.map((run) => run.wallS));
  const mib = Math.max(...runs.map((run) => run.mib));
  const bar = BARS[copies];
  return [
    versions,
    wallS,
    Math.min(...runs.map((run) => run.wallS)),
    median(runs.map((run) => run.cpuS)),
    Math.round((wallS / versions) * 1e6),
    Math.round(mib),
    GO_S[copies] ?? "",
    bar === undefined ? "" : `${bar.s} s, ${bar.mib} MiB: ${verdict(bar, wallS, mib)}`,
  ];
}

function verdict(bar: { readonly s: number; readonly mib: number }, s: number, mib: number) {
  return s <= bar.s && mib <= bar.mib ? "held" : "MISSED";
}

function showPhases(versions: number, runs: readonly Run[]): void {
  const names = Object.keys(runs[0]?.phasesMs ?? {});
  const times = names.map((name) => {
    const ms = median(runs.map((run) => run.phasesMs[name] ?? Number.NaN));
    return `${name} ${ms.toFixed(0)}`;
  });
  console.log(`${versions} versions, ms: ${times.join(", ")}`);
}
