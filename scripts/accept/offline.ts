import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { followOffline, openOutsideNetwork, unpack } from "../../test/support/offline-registry.ts";
import type { FollowedAll } from "../../test/support/strict-client.ts";
import { makeOutside, type Outside } from "./outside-registry.ts";

const PUBLIC = "http://devfiles.internal:8080";

/** What the offline run works with. */
export interface OfflineRun {
  /** The registry repository. */
  readonly repository: string;
  /** An existing folder. */
  readonly work: string;
  readonly binary: string;
  readonly step: (name: string, run: () => Promise<string>) => Promise<void>;
}

/**
 * Builds the repository offline, with content of our own behind every address that it names, then
 * serves the build where there is loopback alone and follows everything.
 */
export async function acceptOffline({ repository, work, binary, step }: OfflineRun): Promise<void> {
  const outside = await makeOutside(repository, join(work, "world"));
  const [build, again] = [join(work, "offline"), join(work, "offline-again")];
  await step("generate --offline brings everything, twice the same bytes", async () => {
    const network = await openOutsideNetwork(outside.world, join(work, "network"));
    try {
      for (const output of [build, again]) {
        const flags = ["--offline", "--public-url", PUBLIC, "--ca-file", network.caFile];
        const run = await network.run([binary, "generate", repository, "-o", output, ...flags]);
        if (run.code !== 0) throw new Error(`exit ${run.code}:\n${run.stdout}${run.stderr}`);
      }
    } finally {
      await network.close();
    }
    const same = Bun.spawnSync(["diff", "-r", build, again]);
    if (!same.success) throw new Error(same.stdout.toString());
    return JSON.stringify(outside.counts);
  });
  let all: FollowedAll = { followed: [], images: [], outNoRoutes: -1 };
  await step("serve of it answers every address without network", async () => {
    all = await followOffline([binary, "serve", build], PUBLIC);
    if (all.outNoRoutes !== 0) throw new Error(`${all.outNoRoutes} packets wanted out`);
    const foreign = all.followed.find(({ url }) => !url.startsWith(`${PUBLIC}/`));
    if (foreign !== undefined) throw new Error(`${foreign.from} leads to ${foreign.url}`);
    return JSON.stringify(countKinds(all));
  });
  await step("every starter project unpacks to its tree", () => checkTrees(all, outside, work));
}

function countKinds({ followed }: FollowedAll): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind } of followed) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** Trees are known by the path of their devfile, archives by their address. */
async function checkTrees(all: FollowedAll, outside: Outside, work: string): Promise<string> {
  const archives = all.followed.filter(({ kind }) => kind === "starter");
  const byUrl = new Map(archives.map((archive) => [archive.url, archive]));
  for (const [key, wanted] of outside.trees) {
    const [path = "", name] = key.split(" ");
    const archive = byUrl.get(`${PUBLIC}/${dirname(path)}/${name}-offline.zip`);
    if (archive === undefined) throw new Error(`${key} was not found`);
    const found = await unpack(archive, join(work, "unpacked", dirname(path), name ?? ""));
    if (!isDeepStrictEqual(found, wanted)) throw new Error(`the tree of ${key} differs`);
  }
  return `${outside.trees.size} trees equal`;
}
