import { join } from "node:path";
import { startCountingProxy } from "./counting-proxy.ts";
import { startDockerRegistry } from "./docker-registry.ts";
import { seededRandom } from "./git-repository.ts";
import {
  liveWorld,
  pullDevfile,
  reasonsOf,
  requestUpdate,
  servedStacks,
  stackFiles,
} from "./live-world.ts";
import { until } from "./until.ts";

/** The most requests that an update of these tests needs, of git and of the registry. */
const REQUESTS = 36;

/**
 * Kills a server by SIGKILL at random points of updates, again and again. What it leaves must be
 * whole for others, and started once more it must serve at once, whole, and go on to the commit.
 *
 * @throws {Error} at the first thing that is not so, naming the round
 */
export async function killInUpdates(options: {
  readonly seed: number;
  readonly rounds: number;
}): Promise<void> {
  const random = seededRandom(options.seed);
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await liveWorld());
  const peer = await startDockerRegistry();
  stack.defer(() => peer.stop());
  let left = Number.POSITIVE_INFINITY;
  let reached = Promise.withResolvers<void>();
  const fault = () => {
    left -= 1;
    if (left === 0) reached.resolve();
    return undefined;
  };
  const registry = await startCountingProxy(peer.host, { fault });
  stack.defer(() => registry.stop());
  const source = new URL(world.source);
  const gitProxy = await startCountingProxy(source.host, { fault });
  stack.defer(() => gitProxy.stop());
  const flags = [
    `--source=http://${gitProxy.host}${source.pathname}`,
    `--registry=${registry.host}`,
    `--webhook-secret-file=${world.secretFile}`,
    `--data-dir=${join(world.folder.path, "killed")}`,
    "--follow-interval=1h",
  ];
  let server = await world.serve(...flags);
  const follower = await world.serve(`--follow=${peer.host}`, "--follow-interval=100ms");
  for (let round = 0; round < options.rounds; round += 1) {
    const before = `alpha ${round === 0 ? "first" : `round ${round - 1}`}`;
    await until(`round ${round}: all is well`, async () => {
      const stacks = [await servedStacks(server), await servedStacks(follower)];
      return stacks.every((all) => all.includes(before)) && (await reasonsOf(server)) === "";
    });
    const note = `round ${round}`;
    await world.commit({ ...stackFiles("alpha", note), ...stackFiles(`more-${round}`) });
    reached = Promise.withResolvers();
    left = 1 + random(REQUESTS);
    const update = requestUpdate(server).catch(() => undefined);
    await Promise.race([reached.promise, update]);
    await Bun.sleep(random(20));
    await server.stop("SIGKILL");
    left = Number.POSITIVE_INFINITY;
    await whole(follower.url, round);
    server = await world.serve(...flags);
    const shown = await servedStacks(server);
    if (!shown.includes(before) && !shown.includes(`alpha ${note}`)) {
      throw new Error(`round ${round}: begins with ${shown.join()}\n${server.log()}`);
    }
    await whole(server.url, round);
  }
}

/** Everything that the index names can be pulled, and is what the index says. */
async function whole(url: string, round: number): Promise<void> {
  for (;;) {
    const stacks = await servedStacks({ url });
    const wrong: string[] = [];
    for (const line of stacks) {
      const [name = "", ...note] = line.split(" ");
      const devfile = await pullDevfile(url, name);
      if (!devfile?.includes(`description: ${note.join(" ")}\n`)) wrong.push(line);
    }
    // Another generation may have come between the index and the pull.
    const isSwapped = (await servedStacks({ url })).join() !== stacks.join();
    if (isSwapped) continue;
    if (wrong.length > 0 || stacks.length < 2) {
      throw new Error(`round ${round}: ${url} has ${stacks.join()}, not whole: ${wrong.join()}`);
    }
    return;
  }
}
