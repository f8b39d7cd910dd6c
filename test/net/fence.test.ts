import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { textOf } from "../../src/bytes.ts";
import { createTransportPool, fetchBytes } from "../../src/net/index.ts";
import { type FaultServer, startFaultServer } from "../support/fault-server.ts";
import { failureOf } from "../support/remote.ts";

let server: FaultServer;
beforeAll(async () => {
  server = await startFaultServer(() => ({ status: 200, body: "inside" }));
});
afterAll(() => server.stop());

/** Fetches from the server by one of its names, through a pool that judges addresses. */
async function fetchFrom(host: string, mayConnect: (address: string) => boolean): Promise<string> {
  const pool = createTransportPool({ userAgent: "devreg/test", mayConnect });
  try {
    const url = new URL(`http://${host}:${server.host.split(":")[1]}/`);
    const options = { limitBytes: 100, timeoutMs: 10_000, what: "page" };
    return textOf((await fetchBytes(pool.send, url, options)).bytes);
  } finally {
    await pool.close();
  }
}

describe("a pool that judges addresses", () => {
  test("connects to what a name stands for only if that is allowed", async () => {
    const judged: string[] = [];
    const refuse = (address: string) => {
      judged.push(address);
      return false;
    };
    const failure = await failureOf(fetchFrom("localhost", refuse));
    expect(failure.code).toBe("NETWORK");
    expect(failure.message).toBe("Cannot reach localhost: it is an address not to be gone to");
    expect(judged).toContain("127.0.0.1");
    expect(server.requests).toEqual([]);
  });

  test.each(["127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])(
    "judges %s as the number it is",
    async (host) => {
      const failure = await failureOf(fetchFrom(host, () => false));
      expect(failure.message).toEndWith("it is an address not to be gone to");
      expect(server.requests).toEqual([]);
    },
  );

  test("goes where it may, by the addresses that are left", async () => {
    const allowed = (address: string) => address === "127.0.0.1";
    expect(await fetchFrom("localhost", allowed)).toBe("inside");
    expect(await fetchFrom("127.0.0.1", allowed)).toBe("inside");
  });
});
