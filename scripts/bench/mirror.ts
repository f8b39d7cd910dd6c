/**
 * Times `devreg mirror` beside skopeo, oras-go and crane, registry to registry, and by a bundle:
 * bun scripts/bench/mirror.ts [--mib=528] [--images=40] [--rounds=3] [--refs=N] [--layer-gib=N]
 * [--no-peers] [--no-bundles]. --refs mirrors so many small images instead, --layer-gib one image
 * with one large layer; both are there for the memory they take. Registries and bundles are kept
 * below TMPDIR.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { BINARY, build } from "../build.ts";
import { median, run, table } from "./measure.ts";
import {
  bulkImages,
  type Corpus,
  pushCorpus,
  pushHugeImage,
  smallImages,
  writeRegistryRepository,
} from "./mirror-corpus.ts";
import { watchMemory } from "./mirror-memory.ts";
import { type Contender, ownContenders, peerContenders, type Route } from "./mirror-peers.ts";
import { type Counted, NO_TRAFFIC, startCounted, type Traffic } from "./mirror-traffic.ts";

const MIB = 1024 * 1024;
const PLAN = ["mirror", "plan", "--base=none"];
const text = (value: string) => ({ type: "string", default: value }) as const;
const { values } = parseArgs({
  options: {
    mib: text("528"),
    images: text("40"),
    rounds: text("3"),
    refs: text("0"),
    "layer-gib": text("0"),
    binary: text(""),
    "no-peers": { type: "boolean", default: false },
    "no-bundles": { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
const work = mkdtempSync(join(tmpdir(), "devreg-bench-"));
if (values.binary === "") build();
const binary = values.binary === "" ? BINARY : values.binary;

/** What one run of one program took. */
interface Sample {
  readonly wallS: number;
  readonly cpuS: number;
  readonly peakMib: number;
  readonly source: Traffic;
  readonly target: Traffic;
}

type Samples = Map<string, Sample[]>;

const source = await startCounted(join(work, "source"), () => corpus.sizes);
const corpus = await makeCorpus();
const repository = join(work, "repository");
writeRegistryRepository(repository, source.host, corpus);
source.traffic();
const mib = (corpus.distinctBytes / MIB).toFixed(1);
console.log(`${corpus.images.length} images, ${mib} MiB distinct, ${rounds} rounds, in ${work}`);

const peers = values["no-peers"] ? [] : await peerContenders(work);
const contenders = [...ownContenders(binary), ...peers];
const samples: Samples = new Map();
try {
  for (let round = 0; round < rounds; round += 1) {
    // Each comes first once, so that none always follows the same one.
    const order = contenders.map((_, at) => contenders[(at + round) % contenders.length]);
    for (const contender of order) if (contender !== undefined) await tryRound(contender);
    await sampled("devreg: plan", [binary, ...PLAN, repository, "-o", join(work, "lock")]);
  }
  printSamples();
} finally {
  await source.stop();
  rmSync(work, { recursive: true, force: true });
}

function makeCorpus(): Promise<Corpus> {
  const gib = Number(values["layer-gib"]);
  const refs = Number(values.refs);
  if (gib > 0) return pushHugeImage(source, gib * 1024 * MIB);
  if (refs > 0) return pushCorpus(source, smallImages(refs), 4 * MIB);
  return pushCorpus(source, bulkImages(Number(values.images)), Number(values.mib) * MIB);
}

/** A peer that fails is told of and left out of this round; devreg must not fail. */
async function tryRound(contender: Contender): Promise<void> {
  try {
    await runRound(contender);
  } catch (error) {
    if (!peers.includes(contender)) throw error;
    console.log(`${contender.name} failed, and misses what follows in this round: ${error}`);
  }
}

async function runRound({ name, copy, save, load }: Contender): Promise<void> {
  if (copy !== undefined) {
    await atTarget(async (route, target) => {
      await sampled(`${name}: copy`, copy(route), target);
      await checkImages(route);
      await sampled(`${name}: copy again`, copy(route), target);
    });
  }
  if (save === undefined || load === undefined || values["no-bundles"]) return;
  await atTarget(async (route, target) => {
    await sampled(`${name}: save`, save(route));
    await sampled(`${name}: load`, load(route), target);
    await checkImages(route);
    await sampled(`${name}: load again`, load(route), target);
  });
}

async function atTarget(use: (route: Route, target: Counted) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(work, "route-"));
  const target = await startCounted(join(folder, "target"), () => corpus.sizes);
  try {
    const { images } = corpus;
    await use({ source: source.host, target: target.host, repository, images, folder }, target);
  } finally {
    await target.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a program to its end and keeps what it took; the disk is quiet before. */
async function sampled(name: string, command: readonly string[], target?: Counted): Promise<void> {
  await run(["sync"]);
  const startedMs = performance.now();
  const child = Bun.spawn([...command], {
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, HOME: work },
  });
  const memory = watchMemory(child.pid);
  const [out, err, code] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  const wallS = (performance.now() - startedMs) / 1000;
  const peakMib = memory.end();
  if (code !== 0) throw new Error(`${command.join(" ")} exited ${code}:\n${out}${err}`);
  const all = samples.get(name) ?? [];
  all.push({
    wallS,
    cpuS: Number(child.resourceUsage()?.cpuTime.total ?? 0) / 1e6,
    peakMib,
    source: source.traffic(),
    target: target?.traffic() ?? NO_TRAFFIC,
  });
  samples.set(name, all);
}

/** Asks the target for each image that was copied. @throws when one is missing or another one */
async function checkImages({ target, folder }: Route): Promise<void> {
  const catalog = join(folder, "target", "storage", "docker", "registry", "v2", "repositories");
  const found = await run(["find", catalog, "-path", "*/_manifests/tags/*/current/link"]);
  const paths = found.split("\n").filter((path) => path !== "");
  const digests = new Set(paths.map((path) => readFileSync(path, "utf8")));
  const missing = corpus.images.filter(({ digest }) => !digests.has(digest));
  if (missing.length > 0) throw new Error(`${target} lacks ${JSON.stringify(missing)}`);
}

function printSamples(): void {
  const head = ["wall s", "best", "CPU s", "peak MiB", "source", "MiB", "target", "MiB", "mounts"];
  for (const kind of ["plan", "copy", "copy again", "save", "load", "load again"]) {
    const rows = [...samples].flatMap(([name, all]) => {
      const [who = "", what] = name.split(": ");
      return what === kind ? [{ who, all }] : [];
    });
    if (rows.length === 0) continue;
    const of = (all: readonly Sample[], pick: (sample: Sample) => number) => median(all.map(pick));
    const own = of(rows[0]?.all ?? [], ({ wallS }) => wallS);
    console.log("");
    table([
      [kind, ...head, "wall to devreg"],
      ...rows.map(({ who, all }) => [
        who,
        of(all, ({ wallS }) => wallS),
        Math.min(...all.map(({ wallS }) => wallS)),
        of(all, ({ cpuS }) => cpuS),
        of(all, ({ peakMib }) => peakMib),
        of(all, (one) => one.source.requests),
        of(all, (one) => one.source.readMib),
        of(all, (one) => one.target.requests),
        of(all, (one) => one.target.sentMib),
        of(all, (one) => one.target.mounts),
        of(all, ({ wallS }) => wallS) / own,
      ]),
    ]);
  }
}
