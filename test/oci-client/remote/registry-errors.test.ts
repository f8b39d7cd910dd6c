import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { RegistryResponseError } from "../../../src/errors.ts";
import { ERROR_TEXT_CHARS } from "../../../src/limits.ts";
import { createLogger } from "../../../src/log.ts";
import { createTransportPool, type TransportPool } from "../../../src/net/index.ts";
import { startFaultServer } from "../../support/fault-server.ts";
import { failureOf, openRemote } from "../../support/remote.ts";
import { blobOf } from "../../support/sample-content.ts";
import { type StubAnswer, stubTransport } from "../../support/stub-transport.ts";

const failing = async (answer: StubAnswer) => {
  const { send } = stubTransport(() => answer);
  const failure = await failureOf(openRemote("a.example", { send }).ping());
  if (!(failure instanceof RegistryResponseError)) throw failure;
  return failure;
};

describe("an error answer", () => {
  test("has a code by its status", async () => {
    const codes = [401, 403, 404, 400, 500].map(async (status) => (await failing({ status })).code);
    expect(await Promise.all(codes)).toEqual([
      "UNAUTHORIZED",
      "UNAUTHORIZED",
      "NOT_FOUND",
      "REGISTRY_RESPONSE",
      "REGISTRY_RESPONSE",
    ]);
  });

  test("shows short text, not pages", async () => {
    expect((await failing({ status: 400, body: "bad\n request" })).message).toContain(
      "(bad request)",
    );
    expect((await failing({ status: 400, body: " <html>x</html>" })).message).toEndWith(" 400");
    const long = await failing({ status: 400, body: "y".repeat(100_000) });
    expect(long.message.length).toBeLessThan(ERROR_TEXT_CHARS + 200);
  });

  test("keeps secrets of addresses and texts to itself", async () => {
    const stub = stubTransport(({ method }) => {
      if (method === "HEAD") return { status: 404 };
      const location = "/u?_state=canary&n=1";
      if (method === "POST") return { status: 202, headers: { location } };
      return { status: 400, body: "see https://u:canary@b.example/?token=canary" };
    });
    const { descriptor, bytes } = blobOf("x");
    const repository = openRemote("a.example", { send: stub.send }).repository("r");
    const failure = await failureOf(repository.push(descriptor, bytes));
    if (!(failure instanceof RegistryResponseError)) throw failure;
    expect(`${failure.message} ${failure.exchange.url}`).not.toContain("canary");
    expect(failure.exchange.url).toContain("_state=…&n=1&digest=sha256:");
  });
});

describe("an error answer over the wire", () => {
  let pool: TransportPool;
  beforeAll(() => {
    pool = createTransportPool({ userAgent: "devreg/test" });
  });
  afterAll(() => pool.close());

  for (const fault of [{ endless: true }, { cutAfter: 5 }]) {
    test(`is read in part when it is ${JSON.stringify(fault)}`, async () => {
      const server = await startFaultServer(() => ({
        status: 404,
        body: "it is not here ",
        ...fault,
      }));
      const failure = await failureOf(openRemote(server.host, { send: pool.send }).ping());
      await server.stop();
      expect(failure.code).toBe("NOT_FOUND");
      expect(failure.message).toContain("(it is");
    });
  }
});

test("a warning of a registry is logged once", async () => {
  const lines: string[] = [];
  const log = createLogger({
    format: "text",
    level: "warn",
    write: (line) => lines.push(line),
    now: () => new Date(0),
  });
  const warning = ['299 - "goes \\"away\\" soon"', '199 - "other"'];
  const { send } = stubTransport(() => ({ status: 200, headers: { warning } }));
  const registry = openRemote("a.example", { send, log });
  await registry.ping();
  await registry.ping();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain("goes");
});
