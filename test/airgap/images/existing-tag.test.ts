import { describe, expect, test } from "bun:test";
import { isToTag, type OnExistingTag } from "../../../src/airgap/images/existing-tag.ts";
import { keepAliveTag } from "../../../src/airgap/target-paths.ts";
import { MemoryRepository } from "../../../src/oci-client/index.ts";
import { failureOf } from "../../support/remote.ts";
import { platformImage, pushImage } from "../../support/sample-image.ts";

const OLD = platformImage("linux/amd64", ["old"]);
const NEW = platformImage("linux/amd64", ["new"]);
const WANTED = NEW.root.descriptor.digest;
const SHOWN = "registry.internal/mirror/app:1";

/** A target whose tag points to an image. */
async function tagged(image: typeof OLD): Promise<MemoryRepository> {
  const target = new MemoryRepository();
  await pushImage(target, "1", image);
  return target;
}

function decide(target: MemoryRepository, policy: OnExistingTag): Promise<boolean> {
  return isToTag(target, "1", WANTED, policy, SHOWN);
}

describe("isToTag()", () => {
  test("sets a tag that is not there, and leaves one that points there already", async () => {
    const there = await tagged(NEW);
    for (const policy of ["owned", "error", "skip"] as const) {
      expect(await decide(new MemoryRepository(), policy)).toBe(true);
      expect(await decide(there, policy)).toBe(false);
    }
  });

  test("leaves or refuses what somebody else set, and moves what devreg set", async () => {
    const target = await tagged(OLD);
    expect(await decide(target, "skip")).toBe(false);
    expect(await decide(target, "overwrite")).toBe(true);
    for (const policy of ["owned", "error"] as const) {
      const failure = await failureOf(decide(target, policy));
      expect(failure).toMatchObject({ code: "INPUT_INVALID" });
      expect(failure.message).toContain(`Cannot set tag "${SHOWN}"`);
    }
    const { descriptor, bytes } = OLD.root;
    await target.tag(descriptor, keepAliveTag(descriptor.digest), bytes);
    expect(await decide(target, "owned")).toBe(true);
    expect((await failureOf(decide(target, "error"))).code).toBe("INPUT_INVALID");
  });
});
