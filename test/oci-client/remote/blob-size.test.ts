import { describe, expect, test } from "bun:test";
import { utf8 } from "../../../src/bytes.ts";
import { digestOf } from "../../../src/oci-client/index.ts";
import { failureOf, openRemote } from "../../support/remote.ts";
import { stubTransport } from "../../support/stub-transport.ts";

const NOTHING = new Uint8Array();

/** A repository whose registry tells this length of every blob. */
function telling(length: string | undefined) {
  const headers = length === undefined ? {} : { "content-length": length };
  const { send } = stubTransport(() => ({ status: 200, headers }));
  return openRemote("registry.example", { send }).repository("a");
}

describe("resolveBlob()", () => {
  test.each(["sha256", "sha512"] as const)("knows the size of nothing by %s", async (algorithm) => {
    const digest = digestOf(NOTHING, algorithm);
    for (const told of [undefined, "0"]) {
      expect(await telling(told).resolveBlob(digest)).toMatchObject({ digest, size: 0 });
    }
  });

  test("takes the size that the registry tells", async () => {
    const digest = digestOf(utf8("some"), "sha512");
    expect(await telling("4").resolveBlob(digest)).toMatchObject({ digest, size: 4 });
  });

  test.each([undefined, "0", "none"])(
    "fails when the registry tells %p of a blob",
    async (told) => {
      const failure = await failureOf(telling(told).resolveBlob(digestOf(utf8("some"))));
      expect(failure.code).toBe("REGISTRY_RESPONSE");
      expect(failure.message).toEndWith("registry.example does not tell it");
    },
  );
});
