/**
 * Acceptance runs against real input and recorded answers, kept beside the project and never read
 * by the checks: `bun run accept [FOLDER]` (default ../shared).
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startServe } from "../test/support/devreg.ts";
import { startDockerRegistry } from "../test/support/docker-registry.ts";
import { acceptConformance } from "./accept/conformance.ts";
import { acceptDiscovery } from "./accept/discovery.ts";
import { acceptLimits } from "./accept/limits.ts";
import { acceptLiveUpdates } from "./accept/live-updates.ts";
import { acceptMirror } from "./accept/mirror.ts";
import { acceptOffline } from "./accept/offline.ts";
import { acceptVerdictFuzz, hasGo } from "./accept/verdict-fuzz.ts";
import { acceptVerdicts } from "./accept/verdicts.ts";
import { BINARY, build } from "./build.ts";

const SHARED = resolve(process.argv[2] ?? join(import.meta.dir, "..", "..", "shared"));
const DATA = join(SHARED, "data", "devfile-registry");
const WORK = mkdtempSync(join(tmpdir(), "devreg-accept-"));
const BUILD = join(WORK, "build");

let passed = 0;
let failed = 0;

async function step(name: string, run: () => Promise<string>): Promise<void> {
  const started = performance.now();
  try {
    const said = await run();
    passed += 1;
    console.log(`ok   ${name}: ${said} (${Math.round(performance.now() - started)} ms)`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}: ${error instanceof Error ? error.message : error}`);
  }
}

async function output(command: string[]): Promise<{ code: number; out: string; text: string }> {
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "pipe" });
  const [out, err, code] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  return { code, out, text: `${out}${err}`.trim() };
}

async function must(command: string[]): Promise<string> {
  const { code, out, text } = await output(command);
  if (code !== 0) throw new Error(`${command.join(" ")} exited ${code}:\n${text}`);
  return out.trim();
}

async function parity(url: string): Promise<string> {
  const text = await must(["node", join(SHARED, "tools", "parity.mjs"), url]);
  return text.split("\n").at(-1) ?? "";
}

build();
await step("generate gives the Go generator's index bytes", async () => {
  await must([BINARY, "generate", DATA, "-o", BUILD, "--no-network"]);
  const [ours, theirs] = [join(BUILD, "index.json"), join(SHARED, "oracle", "index.json")];
  const [a, b] = [readFileSync(ours), readFileSync(theirs)];
  if (!a.equals(b)) throw new Error(`${ours} differs from ${theirs}`);
  return `${a.length} bytes equal`;
});
await step("generate twice gives the same build", async () => {
  await must([BINARY, "generate", DATA, "-o", `${BUILD}-2`, "--no-network"]);
  await must(["diff", "-r", BUILD, `${BUILD}-2`]);
  return "no difference";
});
for (const [input, path] of Object.entries({ build: BUILD, repository: DATA })) {
  await step(`parity, embedded, from the ${input}`, async () => {
    const server = await startServe([path, "--no-network"]);
    try {
      return await parity(server.url);
    } finally {
      await server.stop();
    }
  });
}
await step("parity, as the Go server answers (--strict-compat)", async () => {
  const server = await startServe([BUILD, "--no-network", "--strict-compat"]);
  try {
    return await parity(server.url);
  } finally {
    await server.stop();
  }
});
await step("parity, in front of docker-registry", async () => {
  const registry = await startDockerRegistry();
  try {
    await must([BINARY, "bootstrap", BUILD, "--registry", registry.host]);
    const server = await startServe([BUILD, "--registry", registry.host]);
    try {
      return await parity(server.url);
    } finally {
      await server.stop();
    }
  } finally {
    await registry.stop();
  }
});
await step("two registries get equal digests", async () => {
  const [one, two] = await Promise.all([startDockerRegistry(), startDockerRegistry()]);
  try {
    const reports = [];
    for (const { host } of [one, two]) {
      const text = await must([BINARY, "bootstrap", BUILD, "--registry", host, "--format=json"]);
      reports.push(JSON.stringify(JSON.parse(text).digests));
    }
    if (reports[0] !== reports[1]) throw new Error("digests differ");
    return `${Object.keys(JSON.parse(reports[0] ?? "{}")).length} digests equal`;
  } finally {
    await Promise.all([one.stop(), two.stop()]);
  }
});

await acceptConformance(BUILD, step);
await step("devfiles get the Go generator's verdicts", () =>
  acceptVerdicts(join(SHARED, "oracle", "verdicts.json")),
);
if (hasGo()) await step("made-up devfiles get the library's verdicts", () => acceptVerdictFuzz());
else console.log("skip made-up devfiles get the library's verdicts: there is no Go here");
await step("every reference to an image is found and classed", () => acceptDiscovery(DATA));
await acceptOffline({ repository: DATA, work: WORK, binary: BINARY, step });
await acceptMirror({ repository: DATA, work: WORK, binary: BINARY, step });
await acceptLiveUpdates(step);
await acceptLimits(step, DATA);

rmSync(WORK, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
