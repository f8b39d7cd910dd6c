/**
 * Times `devreg bootstrap`, cold and again, beside a bare undici loop that sends the same requests
 * to a docker-registry of its own in the same run: bun scripts/bench/bootstrap.ts [REGISTRY].
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readAll } from "../../src/bytes.ts";
import { packStackArtifacts, readBuild } from "../../src/generator/index.ts";
import { fetchManifest, successors } from "../../src/oci-client/index.ts";
import { startDockerRegistry } from "../../test/support/docker-registry.ts";
import { BINARY, build } from "../build.ts";
import { median, run, table } from "./measure.ts";

const ROUNDS = 5;
const [registry = join(import.meta.dir, "../../examples/registry")] = process.argv.slice(2);
const work = mkdtempSync(join(tmpdir(), "devreg-bench-"));
const folder = join(work, "build");
const planFile = join(work, "plan.json");
build();
await run([BINARY, "generate", registry, "-o", folder, "--no-network", "--force"]);
writeFileSync(planFile, JSON.stringify(await makePlan()));

async function makePlan() {
  const artifacts = await packStackArtifacts(await readBuild(folder));
  return Promise.all(
    artifacts.artifacts.map(async ({ repository, tag, descriptor }) => {
      const source = artifacts.registry.repository(repository);
      const { bytes, manifest } = await fetchManifest(source, descriptor);
      const blobs = await Promise.all(
        successors(manifest).map(async (blob) => {
          const content = await readAll(await source.fetch(blob), blob.size, blob.digest);
          return { digest: blob.digest, bytes: Buffer.from(content).toString("base64") };
        }),
      );
      const { mediaType } = descriptor;
      return { repository, tag, mediaType, manifest: Buffer.from(bytes).toString("base64"), blobs };
    }),
  );
}

async function timed(command: readonly string[]): Promise<{ wallS: number; out: string }> {
  const startedMs = performance.now();
  const out = await run(command);
  return { wallS: (performance.now() - startedMs) / 1000, out };
}

const walls: Record<string, number[]> = { ours: [], bare: [], oursAgain: [], bareAgain: [] };
let requests = "";
for (let round = 0; round < ROUNDS; round += 1) {
  for (const who of round % 2 === 0 ? ["ours", "bare"] : ["bare", "ours"]) {
    const peer = await startDockerRegistry();
    const command =
      who === "ours"
        ? [BINARY, "bootstrap", folder, "--registry", peer.host]
        : [process.execPath, join(import.meta.dir, "bare-push.ts"), planFile, peer.host];
    const cold = await timed(command);
    const again = await timed(command);
    walls[who]?.push(cold.wallS);
    walls[`${who}Again`]?.push(again.wallS);
    if (who === "bare")
      requests = `${JSON.parse(cold.out).requests}/${JSON.parse(again.out).requests}`;
    await peer.stop();
  }
}
const of = (name: string) => median(walls[name] ?? []);
table([
  ["whole process, median s", "devreg", "bare undici loop", "ratio"],
  ["cold", of("ours"), of("bare"), of("ours") / of("bare")],
  ["again", of("oursAgain"), of("bareAgain"), of("oursAgain") / of("bareAgain")],
]);
console.log(`bare loop: ${requests} requests (cold/again), ${ROUNDS} rounds`);
rmSync(work, { recursive: true, force: true });
