import { describe, expect, test } from "bun:test";
import { statSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { TarSpool } from "../../src/oci-client/layout-tar-spool.ts";
import { failureOf } from "../support/remote.ts";
import { blobOf } from "../support/sample-content.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const modeOf = (path: string) => statSync(path).mode & 0o777;
const blob = blobOf("waits for its turn");
const name = blob.descriptor.digest.replace(":", "-");

describe("TarSpool", () => {
  test("lets nobody else look into it, also where the folder was there", async () => {
    await using work = await temporaryFolder();
    for (const folder of ["new/spool", "old"].map((path) => join(work.path, path))) {
      if (folder.endsWith("old")) await mkdir(folder, { mode: 0o777 });
      const spool = await TarSpool.open(folder);
      await spool.put(blob.descriptor, blob.bytes);
      expect([modeOf(folder), modeOf(join(folder, name))]).toEqual([0o700, 0o600]);
      await spool.end();
    }
  });

  test("follows no link that stands in the place of its folder", async () => {
    await using work = await temporaryFolder();
    await symlink(work.path, join(work.path, "spool"));
    const failure = await failureOf(TarSpool.open(join(work.path, "spool")));
    expect([failure.code, failure.message]).toEqual([
      "INPUT_INVALID",
      `Cannot write to "${join(work.path, "spool")}": it is not a folder`,
    ]);
  });

  test("writes through no link that stands in the place of a file", async () => {
    await using work = await temporaryFolder();
    const precious = join(work.path, "precious");
    await Bun.write(precious, "all that I know");
    const folder = join(work.path, "spool");
    await mkdir(folder);
    await symlink(precious, join(folder, `${name}.partial`));
    const spool = await TarSpool.open(folder);
    await spool.put(blob.descriptor, blob.bytes);
    expect(await Bun.file(precious).text()).toBe("all that I know");
    expect(await Bun.file(join(folder, name)).text()).toBe("waits for its turn");
  });
});
