/** Runs `serve` as a pod does that gives it little, and streams more through it than it may hold. */
import { startBigBlobRegistry } from "../../test/support/big-blob-registry.ts";
import { confined, memoryGroup } from "../../test/support/confined.ts";
import { type Serving, startServe } from "../../test/support/devreg.ts";

/** How one part of an acceptance run is told. */
type Step = (name: string, run: () => Promise<string>) => Promise<void>;

const MIB = 1024 * 1024;
const LIMIT_MIB = 256;
const BLOB_MIB = 5 * 1024;

/** Pulls 5 GB through a server with 256 MiB, no home, no rights and nowhere to write. */
export async function acceptLimits(step: Step, data: string): Promise<void> {
  await step("5 GB through /v2 with 256 MiB, a read-only root and no rights", async () => {
    const behind = await startBigBlobRegistry(BLOB_MIB);
    const group = memoryGroup(`devreg-${process.pid}`, LIMIT_MIB * MIB);
    let server: Serving | undefined;
    try {
      const inside = (command: readonly string[]) => confined(command, group);
      const args = [data, "--no-network", "--registry", behind.host];
      // Without HOME, TMPDIR and the rest.
      server = await startServe(args, { inside, env: { HOME: "" } });
      const started = performance.now();
      const digest = await pullDigest(`${server.url}${behind.path}`);
      const seconds = (performance.now() - started) / 1000;
      if (digest !== behind.digest) throw new Error(`pulled ${digest}, not ${behind.digest}`);
      for (const path of ["/v2index/all", "/viewer", "/readyz", "/search?q=go"]) {
        const { status } = await fetch(`${server.url}${path}`);
        if (status !== 200) throw new Error(`${path} answers ${status} afterwards`);
      }
      const { bytes, limitMet } = group.peak();
      const code = await server.stop();
      if (code !== 0) throw new Error(`serve ended with ${code}:\n${server.log()}`);
      const rate = Math.round(BLOB_MIB / seconds);
      const peak = Math.round(bytes / MIB);
      return `${rate} MiB/s, ${group.kind}: at most ${peak} MiB, limit met ${limitMet} times`;
    } finally {
      await server?.stop("SIGKILL");
      await behind.stop();
      group.remove();
    }
  });
}

/** Reads a body to its end and gives its digest. */
async function pullDigest(url: string): Promise<string> {
  const answer = await fetch(url);
  if (answer.status !== 200 || answer.body === null) throw new Error(`answered ${answer.status}`);
  const hash = new Bun.CryptoHasher("sha256");
  for await (const chunk of answer.body) hash.update(chunk);
  return `sha256:${hash.digest("hex")}`;
}
