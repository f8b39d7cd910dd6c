/** Registries whose requests the benchmark of mirrors counts, by their access logs. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DockerRegistry, startDockerRegistry } from "../../test/support/docker-registry.ts";

const MIB = 1024 * 1024;

/** A registry whose requests are counted. */
export interface Counted extends DockerRegistry {
  /** Gives what was asked since the last time. */
  readonly traffic: () => Traffic;
}

/** What a registry was asked. */
export interface Traffic {
  readonly requests: number;
  /** Bytes of answers to GET. */
  readonly readMib: number;
  /** Bytes of blobs sent. */
  readonly sentMib: number;
  readonly mounts: number;
}

/** Nothing was asked. */
export const NO_TRAFFIC: Traffic = { requests: 0, readMib: 0, sentMib: 0, mounts: 0 };

/** Starts a registry that keeps everything in a folder. `sizes` tells those of blobs by digest. */
export async function startCounted(
  folder: string,
  sizes: () => ReadonlyMap<string, number>,
): Promise<Counted> {
  mkdirSync(folder, { recursive: true });
  const accessLog = join(folder, "access.log");
  const registry = await startDockerRegistry({ dir: join(folder, "storage"), accessLog });
  let read = 0;
  return {
    ...registry,
    traffic: () => {
      const log = readFileSync(accessLog, "utf8");
      const lines = log.slice(read);
      read = log.length;
      return trafficOf(lines, sizes());
    },
  };
}

function trafficOf(lines: string, sizes: ReadonlyMap<string, number>): Traffic {
  let requests = 0;
  let readBytes = 0;
  let sentBytes = 0;
  let mounts = 0;
  for (const line of lines.matchAll(/"([A-Z]+) (\S+) HTTP\/[\d.]+" (\d+) (\d+)/g)) {
    const [, method, path = "", status, bytes] = line;
    requests += 1;
    if (method === "GET") readBytes += Number(bytes);
    if (method === "POST" && path.includes("mount=") && status === "201") mounts += 1;
    const digest = /[?&]digest=([^&]+)/.exec(path)?.[1];
    if (method === "PUT" && digest !== undefined && status === "201") {
      sentBytes += sizes.get(decodeURIComponent(digest)) ?? 0;
    }
  }
  return { requests, readMib: readBytes / MIB, sentMib: sentBytes / MIB, mounts };
}
