import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createServer, type Socket } from "node:net";
import { textOf } from "../../src/bytes.ts";
import { TELEMETRY_ATTEMPTS } from "../../src/observe-limits.ts";
import { type Serving, startServe } from "../support/devreg.ts";
import { type FaultServer, startFaultServer } from "../support/fault-server.ts";
import { devfileText, registryRepository } from "../support/registry-repository.ts";
import type { TemporaryFolder } from "../support/temporary-folder.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(60_000);

let folder: TemporaryFolder;
let segment: FaultServer;
let answer: { readonly status: number } | "reset" = { status: 200 };

beforeAll(async () => {
  const alpha = { name: "alpha", version: "1.0.0", displayName: "Alpha" };
  folder = await registryRepository({ "stacks/alpha/devfile.yaml": devfileText(alpha) });
  segment = await startFaultServer(() => answer);
});

afterAll(async () => {
  await segment.stop();
  await folder.remove();
});

function serve(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Serving> {
  return startServe([folder.path, `--telemetry-url=http://${segment.host}`, ...args], { env });
}

async function ask({ url }: Serving): Promise<void> {
  const answers = ["/index", "/v2index/all", "/viewer", "/health"].map((path) =>
    fetch(`${url}${path}`, { headers: { client: "a-client" } }),
  );
  for (const each of await Promise.all(answers)) expect(each.status).toBe(200);
}

describe("telemetry of devreg serve", () => {
  test("is off without a key: nothing is sent", async () => {
    const before = segment.connections();
    const server = await serve({});
    await ask(server);
    expect(await server.stop()).toBe(0);
    expect(segment.connections()).toBe(before);
  });

  test("is off with an empty key, and with --no-network", async () => {
    const before = segment.connections();
    for (const server of [
      await serve({ TELEMETRY_KEY: "" }),
      await serve({ TELEMETRY_KEY: "a-key" }, "--no-network"),
    ]) {
      await ask(server);
      expect(await server.stop()).toBe(0);
    }
    expect(segment.connections()).toBe(before);
  });

  test("is sent in one batch at the end, with the key as Segment wants it", async () => {
    answer = { status: 200 };
    const before = segment.requests.length;
    const server = await serve({ TELEMETRY_KEY: "a-key", REGISTRY_NAME: "Ours" });
    await ask(server);
    expect(await server.stop()).toBe(0);
    const [request, ...others] = segment.requests.slice(before);
    expect(others).toEqual([]);
    expect(request?.method).toBe("POST");
    expect(request?.target).toBe("/v1/batch");
    expect(request?.headers["authorization"]).toBe(`Basic ${btoa("a-key:")}`);
    const { batch } = JSON.parse(textOf(request?.body ?? new Uint8Array()));
    const said = batch.map((each: { event: string; properties: Record<string, string> }) => [
      each.event,
      each.properties["type"],
      each.properties["registry"],
      each.properties["client"],
    ]);
    expect(said.sort()).toEqual([
      ["list devfile", "all", "Ours", "a-client"],
      ["list devfile", "stack", "Ours", "a-client"],
    ]);
    expect(server.log()).not.toContain("a-key");
  });

  test("does not keep a server that stops waiting for an answer", async () => {
    const sockets = new Set<Socket>();
    const givenUp = Promise.withResolvers<string>();
    const sink = createServer((socket) => {
      sockets.add(socket.on("close", () => givenUp.resolve("telemetry is given up")));
    });
    await new Promise<void>((resolve) => sink.listen(0, "127.0.0.1", resolve));
    const address = sink.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const to = `--telemetry-url=http://127.0.0.1:${address.port}`;
    const server = await serve({ TELEMETRY_KEY: "a-key" }, to);
    await ask(server);
    await until("a batch is on its way", async () => sockets.size > 0);
    const stopped = server.stop();
    const isRefused = () =>
      fetch(`${server.url}/health`).then(
        () => false,
        () => true,
      );
    const refused = until("new requests are refused", isRefused).then(() => "requests are refused");
    expect(await Promise.race([givenUp.promise, refused])).toBe("requests are refused");
    expect(await stopped).toBe(0);
    // A batch that took as long as one may would have timed out.
    const failures = server.log().match(/.*cannot send telemetry.*/g);
    expect(failures?.filter((line) => !line.includes("interrupted"))).toEqual([]);
    for (const socket of sockets) socket.destroy();
    sink.close();
  });

  test("harms nobody while nobody takes it", async () => {
    answer = "reset";
    const before = segment.requests.length;
    const server = await serve({ TELEMETRY_KEY: "a-key" });
    await ask(server);
    expect(await server.stop()).toBe(0);
    expect(server.log()).toContain("cannot send telemetry");
    expect(segment.requests.length - before).toBeLessThanOrEqual(TELEMETRY_ATTEMPTS);
  });
});
