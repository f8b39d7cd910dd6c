/**
 * Times `devreg serve` from start to ready and loads it beside nginx (one worker) that serves the
 * same bytes as static files: bun scripts/bench/serve.ts [REGISTRY] [COPIES]. With COPIES every
 * stack is there so many times. Also tells how long others wait while what is made once is made,
 * and what many different wide filters at once cost. Needs wrk and nginx. The time of the processor
 * per request says more than requests per second where other things run.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { BINARY, build } from "../build.ts";
import { askAtOnce, waitsDuring, wideFilters } from "./burst.ts";
import { cpuS, median, peakMib, run, table, type WrkOptions, wrk } from "./measure.ts";
import { type Peer, startNginx, startServing } from "./peers.ts";
import { countVersions, makeSyntheticRegistry } from "./synthetic-registry.ts";

const [given = join(import.meta.dir, "../../examples/registry"), copies = "1"] =
  process.argv.slice(2);
const ROUNDS = 3;
const SECONDS = 2;
const CONNECTIONS = 64;
const BLOB_BYTES = 1_000_000;

const work = mkdtempSync(join(tmpdir(), "devreg-bench-"));
const registry = join(work, "registry");
const folder = join(work, "build");
if (Number(copies) > 1) makeSyntheticRegistry(given, Number(copies), registry);
else cpSync(given, registry, { recursive: true });
const blobStack = addStackWithBlob();
build();
const options = ["--no-network", "--force"];
await run([BINARY, "generate", registry, "-o", folder, ...options]);

const ready: (string | number)[][] = [];
for (const [name, input] of Object.entries({ build: folder, repository: registry })) {
  const times: number[] = [];
  const rounds = Number(copies) > 1 ? ROUNDS : 7;
  for (let round = 0; round < rounds; round += 1) {
    const peer = await startServing([input, ...options]);
    times.push(peer.readyS);
    await peer.stop();
  }
  ready.push([`from the ${name}`, median(times)]);
}
console.log(`${countVersions(registry)} versions; load ${loadavg()[0]?.toFixed(1)}`);
table([["start to ready", "median s"], ...ready]);

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly versions?: readonly { readonly version: string }[];
}
interface Target {
  readonly name: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly script?: string;
}

const ours = await startServing([folder, ...options]);
const readyMib = peakMib(ours.pid);
const targets = await chooseTargets(ours.url);
const waits: (string | number)[][] = [];
for (const path of ["/search?q=node", "/viewer", "/viewer?search=jva"]) {
  const { p99Ms, mostMs } = await waitsDuring(ours.url, "/devfiles/go", () =>
    fetch(ours.url + path).then((answer) => answer.arrayBuffer()),
  );
  waits.push([path, p99Ms, mostMs]);
}
table([["while the first asks for", "others wait p99 ms", "at most"], ...waits]);
const bursts: (string | number)[][] = [];
for (const encoding of ["identity", "gzip"]) {
  const { seconds, megabytes, failed } = await askAtOnce(
    ours.url,
    wideFilters(CONNECTIONS),
    encoding,
  );
  bursts.push([encoding, seconds, megabytes, failed, peakMib(ours.pid)]);
}
table([[`${CONNECTIONS} wide filters at once`, "s", "MB", "failed", "peak MiB"], ...bursts]);
const www = join(work, "www");
mkdirSync(www);
for (const target of targets) await keepAnswer(target);
const nginx = await startNginx(join(work, "nginx"), `root ${www};`);

const rows: (string | number)[][] = [];
for (const target of targets) rows.push([...(await compare(target)), peakMib(ours.pid)]);
table([
  [
    "answer",
    "bytes",
    "devreg req/s",
    "nginx req/s",
    "ratio",
    "p99 ms",
    "nginx",
    "cpu µs",
    "nginx",
    "peak MiB",
  ],
  ...rows,
]);
table([
  ["memory", "MiB"],
  ["ready", readyMib],
  ["peak under load", peakMib(ours.pid)],
]);
console.log(`load ${loadavg()[0]?.toFixed(1)}`);
await Promise.all([ours.stop(), nginx.stop()]);
rmSync(work, { recursive: true, force: true });

/** A stack whose archive is as long as the blob that is asked for. */
function addStackWithBlob(): string {
  const target = join(registry, "stacks", "bench-blob");
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, "blob.bin"), new Uint8Array(BLOB_BYTES).fill(1));
  writeFileSync(
    join(target, "devfile.yaml"),
    "schemaVersion: 2.2.0\nmetadata:\n  name: bench-blob\n  version: 1.0.0\n  displayName: Blob\n" +
      "  language: go\n  projectType: go\n",
  );
  if (!readdirSync(registry).includes("stacks")) throw new Error(`${given} is no registry`);
  return "devfile-catalog/bench-blob";
}

async function chooseTargets(url: string): Promise<readonly Target[]> {
  // The routes' own schemas say what these are.
  const index = (await (await fetch(`${url}/v2index/all`)).json()) as readonly Entry[];
  const entry =
    index.find((each) => each.name === "go") ?? index.find((each) => each.type === "stack");
  const name = entry?.name ?? "";
  const version = entry?.versions?.[0]?.version ?? "";
  const manifest = (await (await fetch(`${url}/v2/${blobStack}/manifests/1.0.0`)).json()) as {
    readonly layers: readonly { readonly digest: string; readonly size: number }[];
  };
  const [blob] = manifest.layers.filter(({ size }) => size >= BLOB_BYTES);
  const script = join(work, "filters.lua");
  writeFileSync(
    script,
    `local n = 0
request = function()
  n = n + 1
  return wrk.format("GET", "/v2index?name=${name}&description=" .. string.rep("%20", n % 997))
end`,
  );
  return [
    { name: "index", path: "/v2index/all" },
    { name: "index, gzip", path: "/v2index/all", headers: { "accept-encoding": "gzip" } },
    { name: "filtered", path: `/v2index?name=${name}` },
    { name: "filtered, each anew", path: `/v2index?name=${name}`, script },
    { name: "devfile", path: `/devfiles/${name}` },
    { name: "manifest", path: `/v2/devfile-catalog/${name}/manifests/${version}` },
    { name: "blob of 1 MB", path: `/v2/${blobStack}/blobs/${blob?.digest}` },
    { name: "home page", path: "/viewer" },
  ];
}

async function keepAnswer({ name, path, headers }: Target): Promise<void> {
  const answer = await fetch(ours.url + path, {
    headers: { "accept-encoding": "identity", ...headers },
    // The bytes as they were sent.
    decompress: false,
  });
  await Bun.write(join(www, fileOf(name)), await answer.arrayBuffer());
}

function fileOf(name: string): string {
  return name.replace(/\W+/g, "-");
}

async function compare({ name, path, headers = {}, script }: Target) {
  const lines = Object.entries(headers).map(([field, value]) => `${field}: ${value}`);
  const mine: Measured[] = [];
  const theirs: Measured[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const scripted = script === undefined ? {} : { script };
    mine.push(await measure(ours, path, { headers: lines, ...scripted }));
    theirs.push(await measure(nginx, `/${fileOf(name)}`, {}));
  }
  const middle = (of: readonly Measured[], field: keyof Measured) =>
    median(of.map((each) => each[field]));
  const rates = [middle(mine, "requestsPerS"), middle(theirs, "requestsPerS")] as const;
  const bytes = Bun.file(join(www, fileOf(name))).size;
  const late = [middle(mine, "p99Ms"), middle(theirs, "p99Ms")];
  const cpu = [middle(mine, "cpuUs"), middle(theirs, "cpuUs")];
  return [name, bytes, ...rates, rates[0] / rates[1], ...late, ...cpu];
}

interface Measured {
  readonly requestsPerS: number;
  readonly p99Ms: number;
  readonly cpuUs: number;
}

async function measure(peer: Peer, path: string, options: WrkOptions): Promise<Measured> {
  const before = cpuS(peer.pid);
  const shape = { seconds: SECONDS, connections: CONNECTIONS, ...options };
  const { requests, requestsPerS, p99Ms } = await wrk(peer.url + path, shape);
  return { requestsPerS, p99Ms, cpuUs: ((cpuS(peer.pid) - before) / requests) * 1e6 };
}
