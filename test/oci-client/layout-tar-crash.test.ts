import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { tarIn } from "../support/tar-layout.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

setDefaultTimeout(60_000);

const WRITER = join(import.meta.dir, "../support/tar-writer.ts");
const ARTIFACTS = 40;
/** After how many blobs, and how many further turns of the event loop, the writer is killed. */
const KILLS = [
  { after: 0, turns: 0 },
  { after: 1, turns: 9 },
  { after: 5, turns: 3 },
  { after: 9, turns: 77 },
  { after: 14, turns: 5 },
  { after: 20, turns: 0 },
];

/** Runs the writer, kills it at that point, and gives the blobs that it read from its source. */
async function write(folder: string, kill?: (typeof KILLS)[number]): Promise<string[]> {
  const child = Bun.spawn([process.execPath, WRITER, folder, `${ARTIFACTS}`], {
    stdout: "pipe",
    stderr: "inherit",
  });
  let printed = "";
  let killing = kill === undefined;
  for await (const chunk of child.stdout) {
    printed += new TextDecoder().decode(chunk);
    if (killing || printed.split("\n").length < (kill?.after ?? 0) + 2) continue;
    killing = true;
    for (let turn = 0; turn < (kill?.turns ?? 0); turn += 1) await new Promise(setImmediate);
    child.kill("SIGKILL");
  }
  await child.exited;
  const [, ...read] = printed.split("\n").slice(0, -1);
  return read;
}

describe("a process killed while it writes a tar", () => {
  test("again and again reads little twice, and the last run gives the same bytes", async () => {
    await using folder = await temporaryFolder();
    await using other = await temporaryFolder();
    const once = await write(other.path);
    const read: string[] = [];
    for (const kill of KILLS) {
      read.push(...(await write(folder.path, kill)));
      expect(existsSync(tarIn(folder.path))).toBe(false);
    }
    read.push(...(await write(folder.path)));
    const [bytes, expected] = await Promise.all(
      [folder, other].map((one) => readFile(tarIn(one.path))),
    );
    expect(expected && bytes?.equals(expected)).toBe(true);
    // Each kill loses at most what was under way and what waited in memory.
    expect(new Set(read)).toEqual(new Set(once));
    expect(read.length).toBeLessThan(once.length + KILLS.length * 8);
  });
});
