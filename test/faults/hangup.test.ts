import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { startServe } from "../support/devreg.ts";
import { liveWorld } from "../support/live-world.ts";
import { until } from "../support/until.ts";

// Whole processes and their peers on a busy machine.
setDefaultTimeout(60_000);

/** As `nohup` does. */
const deaf = (command: readonly string[]) => [
  "sh",
  "-c",
  "trap '' HUP; exec \"$@\"",
  "sh",
  ...command,
];

describe("SIGHUP, from a terminal that closes", () => {
  test("stops the server as SIGTERM does, and leaves nothing that was fetched", async () => {
    await using world = await liveWorld();
    const temporary = join(world.folder.path, "fetched");
    const server = await world.serve("--source", world.source);
    await until("the source is served", async () => {
      return (await fetch(`${server.url}/devfiles/alpha`)).ok;
    });
    expect(readdirSync(temporary)).toHaveLength(1);
    const stopped = server.stop("SIGHUP");
    // The kernel tells the program, and the shell tells it again.
    process.kill(server.pid, "SIGHUP");
    expect(await stopped).toBe(0);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test("does nothing to what was told not to hear it", async () => {
    await using world = await liveWorld();
    const server = await startServe(["--source", world.source], { inside: deaf });
    try {
      process.kill(server.pid, "SIGHUP");
      for (let asked = 0; asked < 20; asked += 1) {
        expect((await fetch(`${server.url}/health`, { keepalive: false })).status).toBe(200);
      }
      expect(server.log()).not.toContain("stopping");
      expect(await server.stop()).toBe(0);
      expect(server.log()).toContain("stopping");
    } finally {
      await server.stop("SIGKILL");
    }
  });
});
