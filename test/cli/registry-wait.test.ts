import { describe, expect, test } from "bun:test";
import { waitForRegistry } from "../../src/cli/registry-wait.ts";
import { DevregError } from "../../src/errors.ts";
import { silentLogger } from "../../src/log.ts";
import { testEdge } from "../support/edge.ts";

const WAIT_MS = 120_000;

/** A registry that fails with each error in turn, then answers. */
function registryOf(...errors: DevregError[]) {
  let pings = 0;
  const ping = async () => {
    const error = errors[pings++];
    if (error !== undefined) throw error;
  };
  return { ping, pings: () => pings };
}

function networkError(code: string): DevregError {
  const cause = Object.assign(new Error(code), { code });
  return new DevregError("NETWORK", "Cannot reach r.example", { cause });
}

describe("waitForRegistry()", () => {
  test("asks again while nobody listens", async () => {
    const registry = registryOf(networkError("ECONNREFUSED"), new DevregError("TIMEOUT", "slow"));
    await waitForRegistry(testEdge([]), registry, WAIT_MS, silentLogger);
    expect(registry.pings()).toBe(3);
  });

  test.each(["SELF_SIGNED_CERT_IN_CHAIN", "CERT_HAS_EXPIRED", "ERR_SSL_WRONG_VERSION_NUMBER"])(
    "does not wait for %s to mend itself",
    async (code) => {
      const registry = registryOf(networkError(code));
      const waiting = waitForRegistry(testEdge([]), registry, WAIT_MS, silentLogger);
      await expect(waiting).rejects.toThrow("Cannot reach r.example");
      expect(registry.pings()).toBe(1);
    },
  );

  test("does not wait for a registry that says no", async () => {
    const registry = registryOf(new DevregError("UNAUTHORIZED", "Cannot talk to the registry"));
    const waiting = waitForRegistry(testEdge([]), registry, WAIT_MS, silentLogger);
    await expect(waiting).rejects.toThrow("Cannot talk");
    expect(registry.pings()).toBe(1);
  });

  test("gives the last error when its time is over", async () => {
    const errors = Array.from({ length: 1000 }, () => networkError("ECONNREFUSED"));
    const registry = registryOf(...errors);
    const waiting = waitForRegistry(testEdge([]), registry, WAIT_MS, silentLogger);
    await expect(waiting).rejects.toThrow("Cannot reach r.example");
    expect(registry.pings()).toBeGreaterThan(2);
  });
});
