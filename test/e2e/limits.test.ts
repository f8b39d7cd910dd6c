import { expect, setDefaultTimeout, test } from "bun:test";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type BigBlobRegistry, startBigBlobRegistry } from "../support/big-blob-registry.ts";
import { startServe } from "../support/devreg.ts";
import { devfileText, registryRepository } from "../support/registry-repository.ts";

setDefaultTimeout(60_000);

const MOST_MIB = 200;

/** Pulls the blob through a server and gives its digest. */
async function pull(url: string, { path }: BigBlobRegistry): Promise<string> {
  const answer = await fetch(`${url}${path}`);
  const hash = createHash("sha256");
  for await (const chunk of answer.body ?? []) hash.update(chunk);
  return `sha256:${hash.digest("hex")}`;
}

test("a large blob passes through /v2 without being held in memory, four times at once", async () => {
  const alpha = { name: "alpha", version: "1.0.0", displayName: "Alpha" };
  const folder = await registryRepository({ "stacks/alpha/devfile.yaml": devfileText(alpha) });
  const behind = await startBigBlobRegistry(64);
  const server = await startServe([folder.path, "--registry", behind.host], { env: { HOME: "" } });
  try {
    const digests = await Promise.all([1, 2, 3, 4].map(() => pull(server.url, behind)));
    expect(new Set(digests)).toEqual(new Set([behind.digest]));
    const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
    const peakMib = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
    expect(peakMib).toBeLessThan(MOST_MIB);
    expect(await server.stop()).toBe(0);
  } finally {
    await server.stop("SIGKILL");
    await behind.stop();
    await folder.remove();
  }
});
