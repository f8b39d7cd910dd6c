import { expect, test } from "bun:test";
import { join } from "node:path";
import { requireSpace } from "../../src/airgap/disk-space.ts";
import { failureOf } from "../support/remote.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

test("requireSpace() looks at the volume that a path will be on, before it is there", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "not/yet/there.tar");
  await requireSpace(path, 1);
  const error = await failureOf(requireSpace(path, Number.MAX_SAFE_INTEGER));
  expect(error.code).toBe("IO");
  expect(error.message).toContain("there.tar");
  expect(error.hint).toContain("Free space");
});
