import { expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { syncVolume } from "../src/sync-volume.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

test.if(process.platform === "linux")("syncVolume() syncs the volume of a folder", async () => {
  await using folder = await temporaryFolder();
  writeFileSync(join(folder.path, "file"), "content");
  expect(await syncVolume(folder.path)).toBe(true);
});

test("syncVolume() says when the folder is not there", async () => {
  await using folder = await temporaryFolder();
  const missing = join(folder.path, "missing");
  expect(syncVolume(missing)).rejects.toMatchObject({ code: "IO" });
});
