import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import type { Serving } from "../support/devreg.ts";
import {
  type LiveWorld,
  liveWorld,
  SECRET,
  servedStacks,
  stackFiles,
} from "../support/live-world.ts";
import { rawConnection } from "../support/raw-http.ts";
import { until } from "../support/until.ts";

// Whole processes, and bodies that take ten seconds.
setDefaultTimeout(120_000);

let world: LiveWorld;
let server: Serving;

beforeAll(async () => {
  world = await liveWorld();
  const flags = ["--webhook-secret-file", world.secretFile, "--access-log=off"];
  server = await world.serve("--source", world.source, ...flags);
  await until("it serves", async () => (await servedStacks(server)).length === 2);
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

function pushOf(commit: string): string {
  const repository = { clone_url: world.source, default_branch: "main" };
  return JSON.stringify({ ref: "refs/heads/main", after: commit, repository, commits: [] });
}

/** Signs as GitHub does, and Gitea and Forgejo beside forms of their own. */
function signed(body: string, secret = SECRET): Record<string, string> {
  const mac = createHmac("sha256", secret).update(body).digest("hex");
  return {
    "content-type": "application/json",
    "x-github-event": "push",
    "x-hub-signature-256": `sha256=${mac}`,
  };
}

/** Posts from an address of its own, as a forge on another machine does; gives the status. */
function post(
  body: string,
  headers: Readonly<Record<string, string>>,
  localAddress = "127.0.0.3",
): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = { method: "POST", headers, localAddress, agent: false };
    const sent = request(`${server.url}/api/update`, options, (answer) => {
      answer.resume().on("end", () => resolve(answer.statusCode ?? 0));
    });
    sent.on("error", reject).end(body);
  });
}

function residentMib(): number {
  const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

describe("webhooks among strangers", () => {
  test("a push that Gitea tells of is served", async () => {
    const body = pushOf(await world.commit(stackFiles("alpha", "of Gitea")));
    const mac = createHmac("sha256", SECRET).update(body).digest("hex");
    const own = { "x-gitea-event": "push", "x-gitea-signature": mac, "x-gogs-event": "push" };
    expect(await post(body, { ...signed(body), ...own })).toBe(200);
    expect(await servedStacks(server)).toContain("alpha of Gitea");
  });

  test("a flood of forged ones and of bodies that never end keeps the forge's not out", async () => {
    const before = residentMib();
    const slow = await Promise.all(Array.from({ length: 500 }, () => rawConnection(server.url)));
    const head = "POST /api/update HTTP/1.1\r\nHost: x\r\nContent-Length: 262144\r\n\r\n";
    for (const { send } of slow) send(`${head}${"x".repeat(250_000)}`);
    const forged = "x".repeat(10_000);
    let statuses: number[] = [];
    for (let round = 0; round < 5; round++) {
      const flood = Array.from({ length: 100 }, () =>
        post(forged, signed(forged, "guessed"), "127.0.0.1"),
      );
      const body = pushOf(await world.commit(stackFiles("alpha", `round ${round}`)));
      expect(await post(body, signed(body))).toBe(200);
      expect(await servedStacks(server)).toContain(`alpha round ${round}`);
      statuses = [...new Set([...statuses, ...(await Promise.all(flood))])];
    }
    expect(statuses).toContain(429);
    expect(statuses.filter((status) => status !== 401 && status !== 429)).toEqual([]);
    expect(residentMib() - before).toBeLessThan(150);
    for (const each of slow) each.socket.destroy();
  });

  test("the same delivery a thousand times is looked at in git a few times", async () => {
    const body = pushOf(await world.commit(stackFiles("beta", "delivered")));
    expect(await post(body, signed(body))).toBe(200);
    const before = world.gitRequests();
    const statuses = await Promise.all(
      Array.from({ length: 1_000 }, (_, at) =>
        post(body, signed(body), `127.0.1.${1 + (at % 20)}`),
      ),
    );
    expect([...new Set(statuses)].filter((status) => ![200, 429, 503].includes(status))).toEqual(
      [],
    );
    expect(statuses).toContain(200);
    // One update runs at a time, and one more is made of all that came meanwhile.
    expect(world.gitRequests() - before).toBeLessThan(200);
    expect(await servedStacks(server)).toContain("beta delivered");
  });

  test("the log tells of what was refused, and never of the secret", () => {
    expect(server.log()).toContain("request for an update refused");
    expect(server.log()).not.toContain(SECRET);
  });
});
