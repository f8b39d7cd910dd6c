/**
 * Times `devreg serve` from start to ready and loads it beside nginx (one worker) that serves the
 * same bytes as static files: bun scripts/bench/serve.ts [REGISTRY]. Needs wrk and nginx.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BINARY, build } from "../build.ts";
import { median, peakMib, run, table, wrk } from "./measure.ts";

const [registry = join(import.meta.dir, "../../examples/registry")] = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), "devreg-bench-"));
const folder = join(work, "build");
build();
await run([BINARY, "generate", registry, "-o", folder, "--no-network", "--force"]);

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

async function startServing(path: string) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const startedMs = performance.now();
  const child = Bun.spawn(
    [
      BINARY,
      "serve",
      path,
      "--no-network",
      "--force",
      `--listen=127.0.0.1:${port}`,
      "--metrics-listen=off",
      "--log-level=error",
    ],
    { stdout: "ignore", stderr: "inherit" },
  );
  for (;;) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.status === 200) break;
    await Bun.sleep(2);
  }
  return { url, child, readyS: (performance.now() - startedMs) / 1000 };
}

async function readiness(path: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 7; round += 1) {
    const { child, readyS } = await startServing(path);
    times.push(readyS);
    child.kill();
    await child.exited;
  }
  return median(times);
}

async function startNginx(files: Readonly<Record<string, Uint8Array>>) {
  const port = await freePort();
  const root = join(work, "www");
  mkdirSync(root, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(root, name), bytes);
  const config = join(work, "nginx.conf");
  writeFileSync(
    config,
    `daemon off; worker_processes 1; pid ${work}/nginx.pid; error_log ${work}/error.log;
events { worker_connections 1024; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; default_type text/plain;
  client_body_temp_path ${work}/t1; proxy_temp_path ${work}/t2; fastcgi_temp_path ${work}/t3;
  uwsgi_temp_path ${work}/t4; scgi_temp_path ${work}/t5;
  open_file_cache max=100; server { listen 127.0.0.1:${port}; root ${root}; } }`,
  );
  // The root user's workers would drop to nobody and could not read the folder.
  const user = process.getuid?.() === 0 ? ["-g", "user root;"] : [];
  const child = Bun.spawn(["nginx", "-c", config, ...user], { stdout: "ignore", stderr: "ignore" });
  const url = `http://127.0.0.1:${port}`;
  while (!(await fetch(url).catch(() => undefined))) await Bun.sleep(10);
  return { url, child };
}

const ready = { build: await readiness(folder), repository: await readiness(registry) };
table([
  ["start to ready", "median s"],
  ["from a build", ready.build],
  ["from the repository", ready.repository],
]);

const ours = await startServing(folder);
const idleMib = peakMib(ours.child.pid);
interface Entry {
  readonly name: string;
  readonly type: string;
  readonly versions?: readonly { readonly version: string }[];
}
const answer = await fetch(`${ours.url}/v2index/all`);
// The route's own schema says that it is an array of entries.
const index = (await answer.json()) as readonly Entry[];
const entry =
  index.find((each) => each.name === "go") ?? index.find((each) => each.type === "stack");
const name = entry?.name ?? "";
const version = entry?.versions?.[0]?.version ?? "";
const paths: Readonly<Record<string, string>> = {
  "v2index-all": "/v2index/all",
  "index-name": `/index?name=${name}`,
  devfile: `/devfiles/${name}`,
  manifest: `/v2/devfile-catalog/${name}/manifests/${version}`,
};
const bodies: Record<string, Uint8Array> = {};
for (const [file, path] of Object.entries(paths)) {
  const answer = await fetch(ours.url + path, { headers: { "accept-encoding": "identity" } });
  bodies[file] = new Uint8Array(await answer.arrayBuffer());
}
const nginx = await startNginx(bodies);
const rows: (string | number)[][] = [];
for (const [file, path] of Object.entries(paths)) {
  const mine: number[] = [];
  const theirs: number[] = [];
  let p99Ms = 0;
  for (let round = 0; round < 3; round += 1) {
    const load = await wrk(ours.url + path, { seconds: 3 });
    mine.push(load.requestsPerS);
    p99Ms = load.p99Ms;
    theirs.push((await wrk(`${nginx.url}/${file}`, { seconds: 3 })).requestsPerS);
  }
  const bytes = bodies[file]?.byteLength ?? 0;
  rows.push([path, bytes, median(mine), median(theirs), median(mine) / median(theirs), p99Ms]);
}
table([["path", "bytes", "devreg req/s", "nginx req/s", "ratio", "p99 ms"], ...rows]);
table([
  ["memory", "MiB"],
  ["ready", idleMib],
  ["peak under load", peakMib(ours.child.pid)],
]);
ours.child.kill();
nginx.child.kill();
await Promise.all([ours.child.exited, nginx.child.exited]);
rmSync(work, { recursive: true, force: true });
