/**
 * Pulls a long blob through `devreg serve --registry` and through nginx, both in front of the same
 * docker-registry: bun scripts/bench/serve-proxy.ts [GIB] [REGISTRY]. Needs curl, docker-registry
 * and nginx.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { createTransportPool } from "../../src/net/index.ts";
import { parseDigest } from "../../src/oci-client/index.ts";
import { startDockerRegistry } from "../../test/support/docker-registry.ts";
import { openRemote } from "../../test/support/remote.ts";
import { build } from "../build.ts";
import { cpuS, median, peakMib, run, table } from "./measure.ts";
import { startNginx, startServing } from "./peers.ts";

const [gib = "5", registry = join(import.meta.dir, "../../examples/registry")] =
  process.argv.slice(2);
const ROUNDS = 3;
const CHUNK = new Uint8Array(1024 * 1024).map((_, at) => at % 251);
const CHUNKS = Math.round(Number(gib) * 1024);
const REPOSITORY = "bench/blob";

const work = mkdtempSync(join(tmpdir(), "devreg-bench-proxy-"));
build();
const docker = await startDockerRegistry();
const digest = await pushBlob();
const ours = await startServing([registry, "--no-network", `--registry=${docker.host}`]);
const nginx = await startNginx(
  join(work, "nginx"),
  `location / { proxy_pass http://${docker.host}; proxy_http_version 1.1; proxy_buffering on;
    proxy_max_temp_file_size 0; proxy_set_header Connection ""; }`,
);
const path = `/v2/${REPOSITORY}/blobs/${digest}`;
const peers = { devreg: ours, nginx };
const speeds: Record<string, number[]> = { devreg: [], nginx: [] };
const cpu: Record<string, number[]> = { devreg: [], nginx: [] };
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [name, peer] of Object.entries(peers)) {
    const before = cpuS(peer.pid);
    const format = "%{http_code} %{size_download} %{time_total}";
    const out = await run(["curl", "-s", "-o", "/dev/null", "-w", format, peer.url + path]);
    const [status, bytes = 0, seconds = 1] = out.split(" ").map(Number);
    if (status !== 200 || bytes !== CHUNKS * CHUNK.byteLength) throw new Error(`${name}: ${out}`);
    speeds[name]?.push(bytes / 1e6 / seconds);
    cpu[name]?.push((cpuS(peer.pid) - before) / (bytes / 1e9));
  }
}
const middle = (of: Record<string, number[]>, name: string) => median(of[name] ?? []);
table([
  [`${gib} GiB blob`, "MB/s", "cpu s/GB", "peak MiB"],
  ...Object.entries(peers).map(([name, peer]) => [
    name,
    middle(speeds, name),
    middle(cpu, name),
    peakMib(peer.pid),
  ]),
  ["ratio", middle(speeds, "devreg") / middle(speeds, "nginx"), "", ""],
]);
console.log(`load ${loadavg()[0]?.toFixed(1)}`);
await Promise.all([ours.stop(), nginx.stop()]);
await docker.stop();
rmSync(work, { recursive: true, force: true });

async function pushBlob() {
  const hash = createHash("sha256");
  for (let chunk = 0; chunk < CHUNKS; chunk += 1) hash.update(CHUNK);
  const found = parseDigest(`sha256:${hash.digest("hex")}`);
  const pool = createTransportPool({ userAgent: "devreg-bench" });
  const size = CHUNKS * CHUNK.byteLength;
  const descriptor = { mediaType: "application/octet-stream", digest: found, size };
  await openRemote(docker.host, { send: pool.send })
    .repository(REPOSITORY)
    .push(descriptor, async function* content() {
      for (let chunk = 0; chunk < CHUNKS; chunk += 1) yield CHUNK;
    });
  await pool.close();
  return found;
}
