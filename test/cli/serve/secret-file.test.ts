import { describe, expect, test } from "bun:test";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openSecret } from "../../../src/cli/serve/secret-file.ts";
import { silentLogger } from "../../../src/log.ts";
import { testEdge } from "../../support/edge.ts";
import { failureOf } from "../../support/remote.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

describe("openSecret()", () => {
  test("reads it again when it changes, without the line end of an editor", async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, "secret");
    await writeFile(path, "one\n");
    const secret = await openSecret(testEdge([], {}, folder.path), "secret", silentLogger);
    const text = async () => Buffer.from((await secret()) ?? []).toString();
    expect(await text()).toBe("one");
    await writeFile(path, "another\r\n");
    expect(await text()).toBe("another");
    await writeFile(path, " with blanks \n\n");
    expect(await text()).toBe(" with blanks \n");
    await rm(path);
    expect(await secret()).toBeUndefined();
    await writeFile(path, "back");
    expect(await text()).toBe("back");
    await writeFile(path, "x".repeat(5000));
    expect(await text()).toBe("back");
  });

  test("refuses an empty file at the start", async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, "secret"), "\n");
    const error = await failureOf(
      openSecret(testEdge([], {}, folder.path), "secret", silentLogger),
    );
    expect(error.code).toBe("CONFIG_INVALID");
    expect(error.message).toBe('Cannot use --webhook-secret-file "secret": it is empty');
  });

  test("names the flag when the file is not there", async () => {
    const error = await failureOf(openSecret(testEdge([]), "/nowhere/secret", silentLogger));
    expect(error.code).toBe("CONFIG_INVALID");
    expect(error.message).toBe(
      'Cannot read --webhook-secret-file "/nowhere/secret": no such file or directory',
    );
  });
});
