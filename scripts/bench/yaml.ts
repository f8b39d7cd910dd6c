/**
 * Times the reading of YAML: bun scripts/bench/yaml.ts [FOLDER]. Reads every devfile and stack.yaml
 * of a folder (examples/registry unless told) by our own reader, by parseYaml() as a whole, by the
 * package yaml and by Bun.YAML, and gives milliseconds for 100 lines, warm.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { utf8 } from "../../src/bytes.ts";
import { readFullYaml } from "../../src/generator/yaml/full-reader.ts";
import { parseYaml } from "../../src/generator/yaml/index.ts";
import { readPlainYaml } from "../../src/generator/yaml/plain-reader.ts";
import { median, table } from "./measure.ts";

const ROUNDS = 15;
const LINES = 20_000;

const [folder = join(import.meta.dir, "../../examples/registry")] = process.argv.slice(2);
const files = [...new Bun.Glob("**/{devfile,stack}.yaml").scanSync({ cwd: folder })];
const texts = files.map((file) => readFileSync(join(folder, file), "utf8"));
const lines = texts.reduce((sum, text) => sum + text.split("\n").length, 0);
const plain = texts.filter((text) => readPlainYaml(text) !== undefined);
const bytes = texts.map(utf8);

/** Gives the milliseconds of a processor for 100 lines. */
function measure(readAll: () => void): number {
  const repeats = Math.max(1, Math.ceil(LINES / lines));
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = process.cpuUsage();
    for (let at = 0; at < repeats; at += 1) readAll();
    const { user, system } = process.cpuUsage(start);
    times.push((((user + system) / 1000) * 100) / (repeats * lines));
  }
  // The first rounds warm up.
  return median(times.slice(ROUNDS / 3));
}

const none = () => undefined;
const readers: readonly [string, () => void][] = [
  ["readPlainYaml()", () => texts.forEach((text) => void readPlainYaml(text))],
  ["parseYaml()", () => bytes.forEach((each) => void parseYaml("a", each, none))],
  ["readFullYaml()", () => texts.forEach((text) => void readFullYaml(text, none))],
  ["yaml", () => texts.forEach((text) => void parseDocument(text))],
  ["Bun.YAML", () => texts.forEach((text) => void Bun.YAML.parse(text))],
];
const results = readers.map(([name, readAll]) => [name, measure(readAll)] as const);
const own = results[1]?.[1] ?? Number.NaN;
console.log(`${files.length} files, ${lines} lines, ${plain.length} of them plain`);
table([
  ["reader", "ms per 100 lines", "times parseYaml()"],
  ...results.map(([name, ms]) => [name, ms.toFixed(4), (ms / own).toFixed(1)]),
]);
