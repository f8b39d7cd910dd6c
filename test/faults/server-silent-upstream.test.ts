import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createServer } from "node:net";
import { type Serving, startServe } from "../support/devreg.ts";
import {
  type Answer,
  type FaultServer,
  type RecordedRequest,
  startFaultServer,
} from "../support/fault-server.ts";
import { jsonOf } from "../support/json-of.ts";
import { devfileText, registryRepository } from "../support/registry-repository.ts";
import type { TemporaryFolder } from "../support/temporary-folder.ts";
import { until } from "../support/until.ts";

// Whole processes, and time-outs of the registry behind.
setDefaultTimeout(120_000);

const DIGEST = `sha256:${"1".repeat(64)}`;
const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

let folder: TemporaryFolder;

beforeAll(async () => {
  const alpha = { name: "alpha", version: "1.0.0", displayName: "Alpha" };
  folder = await registryRepository({ "stacks/alpha/devfile.yaml": devfileText(alpha) });
});
afterAll(() => folder.remove());

/** A registry that takes connections and requests and never says anything. */
async function startSilentServer() {
  let heard = "";
  let open = 0;
  const server = createServer((socket) => {
    open += 1;
    socket.on("error", () => undefined);
    socket.on("close", () => {
      open -= 1;
    });
    socket.on("data", (chunk) => {
      heard += chunk;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    host: `127.0.0.1:${address.port}`,
    /** How many requests came for what others have. */
    asked: () => heard.split("/v2/other/").length - 1,
    /** Whether somebody waits for an answer. */
    isAwaited: () => open > 0,
    stop: () => server.close(),
  };
}

const HEAD_ONLY = { "content-length": "1000", "docker-content-digest": DIGEST };

/** Begins each answer and goes no further. */
function stall({ target }: RecordedRequest): Answer {
  const stalled = (type: string, body: string): Answer => {
    return { status: 200, headers: { "content-type": type, ...HEAD_ONLY }, body };
  };
  if (target === "/v2/") return { status: 200, body: "{}" };
  if (target.includes("/manifests/")) return stalled(MANIFEST_TYPE, "{");
  if (target.includes("/blobs/")) return stalled("application/octet-stream", "");
  return stalled("application/json", "{");
}

/** Expects an OCI answer that says that the registry behind is slow, and when to come back. */
async function expectLate(answers: Promise<readonly Response[]>): Promise<void> {
  for (const answer of await answers) {
    expect(answer.status).toBe(504);
    expect(answer.headers.get("retry-after")).toBe("5");
    expect(await jsonOf(answer)).toMatchObject({ errors: [{ code: "UNAVAILABLE" }] });
  }
}

const ask = (server: Serving, paths: readonly string[]) =>
  Promise.all(paths.map((path) => fetch(`${server.url}${path}`)));

const OTHERS = [
  "/v2/other/x/manifests/latest",
  "/v2/other/y/tags/list",
  `/v2/other/x/blobs/${DIGEST}`,
  `/v2/other/x/referrers/${DIGEST}`,
];

// Both at once: each takes as long as an answer may.
describe("a registry behind that is too slow", () => {
  let silent: Awaited<ReturnType<typeof startSilentServer>>;
  let stalling: FaultServer;
  let servers: readonly [Serving, Serving];
  let answers: readonly Promise<readonly Response[]>[];

  beforeAll(async () => {
    silent = await startSilentServer();
    stalling = await startFaultServer(stall);
    const serve = (host: string) => startServe([folder.path, "--registry", host]);
    servers = [await serve(silent.host), await serve(stalling.host)];
    const ours = "/v2/devfile-catalog/alpha/manifests/9.9.9";
    answers = [ask(servers[0], [...OTHERS, ours]), ask(servers[1], OTHERS)];
  });
  afterAll(async () => {
    for (const server of servers) await server.stop("SIGKILL");
    await stalling.stop();
    silent.stop();
  });

  test("is told as such where it says nothing", async () => {
    const [answered = Promise.resolve([])] = answers;
    await expectLate(answered);
    const { reasons } = await jsonOf(await fetch(`${servers[0].url}/readyz`));
    expect(reasons).toEqual(["registry: unreachable"]);
  });

  test("is not asked by each request then", async () => {
    const before = silent.asked();
    await expectLate(ask(servers[0], [...OTHERS, ...OTHERS]));
    // One may try whether it is there again, and another one after a pause.
    expect(silent.asked() - before).toBeLessThan(OTHERS.length);
  });

  test("keeps nobody from what is ours", async () => {
    const ours = ["/v2/devfile-catalog/alpha/manifests/1.0.0", "/v2index", "/v2/_catalog"];
    for (const server of servers) {
      for (const { status } of await ask(server, ours)) expect(status).toBe(200);
    }
  });

  test("is told as such where it begins answers and goes no further", async () => {
    const [, answered = Promise.resolve([])] = answers;
    await expectLate(answered);
  });

  test("keeps no server from refusing who is new, and stopping", async () => {
    const stopped = servers.map((server) => server.stop());
    for (const { url } of servers) {
      await until("new connections are refused", async () => {
        return await fetch(`${url}/health`, { keepalive: false }).then(
          () => false,
          () => true,
        );
      });
    }
    // The load of the registry behind waits still, and has a while to come to its end.
    expect(silent.isAwaited()).toBe(true);
    expect(await Promise.all(stopped)).toEqual([0, 0]);
  });
});

describe("a repository that nobody has", () => {
  const bodies = {
    "the code of the specification": '{"errors":[{"code":"NAME_UNKNOWN"}]}',
    "a code of its own": '{"errors":[{"code":"NOT_FOUND","message":"artifact not found"}]}',
    "no envelope": "404 page not found",
    nothing: "",
  };
  for (const [what, body] of Object.entries(bodies)) {
    test(`has no tags where the registry behind says so with ${what}`, async () => {
      const behind = await startFaultServer(({ target }) =>
        target === "/v2/" ? { status: 200, body: "{}" } : { status: 404, body },
      );
      const server = await startServe([folder.path, "--registry", behind.host]);
      try {
        const tags = await fetch(`${server.url}/v2/team/other/tags/list`);
        expect(tags.status).toBe(404);
        expect(await jsonOf(tags)).toMatchObject({ errors: [{ code: "NAME_UNKNOWN" }] });
        const referrers = await fetch(`${server.url}/v2/team/other/referrers/${DIGEST}`);
        expect(await jsonOf(referrers)).toMatchObject({ manifests: [] });
        const ours = await fetch(`${server.url}/v2/devfile-catalog/alpha/tags/list`);
        expect(await jsonOf(ours)).toMatchObject({ tags: ["1.0.0"] });
        const all = await jsonOf(await fetch(`${server.url}/v2/_catalog`));
        expect(all.repositories).toContain("devfile-catalog/alpha");
      } finally {
        await server.stop("SIGKILL");
        await behind.stop();
      }
    });
  }
});
