import { describe, expect, test } from "bun:test";
import { RegistryWatch } from "../../../src/cli/serve/watched-registry.ts";
import { DevregError, type ErrorCode } from "../../../src/errors.ts";
import { MemoryRegistry, type ReadonlyRegistry } from "../../../src/oci-client/index.ts";

function failing(code: ErrorCode): ReadonlyRegistry {
  const memory = new MemoryRegistry();
  const fail = async () => {
    throw new DevregError(code, "Cannot ask: no");
  };
  return {
    repositories: async function* list() {
      yield* [];
      await fail();
    },
    repository: (name) => {
      const inner = memory.repository(name);
      return {
        exists: (target) => inner.exists(target),
        fetch: (target) => inner.fetch(target),
        resolveBlob: (digest) => inner.resolveBlob(digest),
        tags: () => inner.tags(),
        referrers: (subject) => inner.referrers(subject),
        resolve: fail,
      };
    },
  };
}

async function ask(registry: ReadonlyRegistry): Promise<void> {
  await registry
    .repository("a")
    .resolve("b")
    .catch(() => undefined);
}

async function list(registry: ReadonlyRegistry): Promise<void> {
  await Array.fromAsync(registry.repositories()).catch(() => undefined);
}

describe("RegistryWatch", () => {
  test("remembers how the registry answered last", async () => {
    const watch = new RegistryWatch();
    expect(watch.trouble()).toBeUndefined();
    await ask(watch.over(failing("NETWORK")));
    expect(watch.trouble()).toBe("unreachable");
    await ask(watch.over(new MemoryRegistry()));
    expect(watch.trouble()).toBeUndefined();
    watch.failed();
    expect(watch.trouble()).toBe("unreachable");
  });

  test("takes a refusal for trouble where names are listed, not of one repository", async () => {
    const watch = new RegistryWatch();
    await ask(watch.over(failing("UNAUTHORIZED")));
    expect(watch.trouble()).toBeUndefined();
    await list(watch.over(failing("UNAUTHORIZED")));
    expect(watch.trouble()).toBe("refused");
    await ask(watch.over(failing("NOT_FOUND")));
    expect(watch.trouble()).toBeUndefined();
  });

  test("learns nothing from a visitor who left", async () => {
    const watch = new RegistryWatch();
    await ask(watch.over(failing("TIMEOUT")));
    await ask(watch.over(failing("ABORTED")));
    expect(watch.trouble()).toBe("unreachable");
  });
});
