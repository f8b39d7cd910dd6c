/**
 * Times `devreg generate` and `devreg --version`: bun scripts/bench/generate.ts [REGISTRY [OTHER]].
 * OTHER is a shell command of a peer that makes the same index, run in the same series.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BINARY, build } from "../build.ts";
import { hyperfine, peakOf, table } from "./measure.ts";

const [registry = join(import.meta.dir, "../../examples/registry"), other] = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), "devreg-bench-"));
build();
const generate = [
  BINARY,
  "generate",
  registry,
  "-o",
  join(work, "build"),
  "--no-network",
  "--force",
];
const check = [BINARY, "generate", registry, "--check", "--no-network", "--force"];
const commands = [
  generate.join(" "),
  check.join(" "),
  `${BINARY} --version`,
  ...(other === undefined ? [] : [other]),
];
const timings = await hyperfine(commands, { runs: 11 });
const peaks = [await peakOf(generate), await peakOf(check), await peakOf([BINARY, "--version"])];
table([
  ["command", "median s", "min s", "max s", "peak MiB"],
  ...timings.map((timing, at) => [
    ["generate", "generate --check", "--version", "peer"][at] ?? "",
    timing.medianS,
    timing.minS,
    timing.maxS,
    peaks[at] ?? "",
  ]),
]);
const [ours, , , peer] = timings;
if (ours && peer) console.log(`ratio to peer: ${(ours.medianS / peer.medianS).toFixed(2)}`);
rmSync(work, { recursive: true, force: true });
