import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readAll } from "../../src/bytes.ts";
import {
  createLayout,
  openReadonlyLayout,
  type ReadonlyLayoutRegistry,
} from "../../src/oci-client/index.ts";
import { writtenGraph, writtenRepository } from "../support/layout-writing.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

// Whole processes, on a busy machine.
setDefaultTimeout(60_000);

const WRITER = join(import.meta.dir, "../support/layout-writer.ts");
const ARTIFACTS = 60;
/** After how many artifacts, and how many further turns of the event loop, the writer is killed. */
const KILLS = [
  { after: 0, turns: 0 },
  { after: 0, turns: 40 },
  { after: 1, turns: 3 },
  { after: 5, turns: 11 },
  { after: 12, turns: 0 },
  { after: 20, turns: 77 },
  { after: 33, turns: 5 },
];

/** Starts the writer, kills it at that point and gives the numbers it said were done. */
async function writeUntilKilled(
  folder: string,
  first: number,
  { after, turns }: (typeof KILLS)[number],
): Promise<number[]> {
  const child = Bun.spawn([process.execPath, WRITER, folder, `${first}`, `${ARTIFACTS}`], {
    stdout: "pipe",
    stderr: "inherit",
  });
  let printed = "";
  let killing = false;
  for await (const chunk of child.stdout) {
    printed += new TextDecoder().decode(chunk);
    if (killing || printed.split("\n").length < after + 2) continue;
    killing = true;
    for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
    child.kill("SIGKILL");
  }
  await child.exited;
  const [, ...done] = printed.split("\n").slice(0, -1);
  return done.map(Number);
}

/** Reads everything below every tag, and gives the numbers of the tags. */
async function readEverything(registry: ReadonlyLayoutRegistry): Promise<Set<number>> {
  const numbers = new Set<number>();
  for await (const name of registry.repositories()) {
    const repository = registry.repository(name);
    for await (const tag of repository.tags()) {
      const number = Number.parseInt(tag, 10);
      const { root, below } = writtenGraph(number);
      expect(name).toBe(writtenRepository(number));
      expect(await repository.resolve(tag)).toEqual(root.descriptor);
      for (const { descriptor, bytes } of [...below, root]) {
        const stored = await readAll(await repository.fetch(descriptor), descriptor.size, tag);
        expect(stored.byteLength).toBe(bytes.byteLength);
      }
      numbers.add(number);
    }
  }
  return numbers;
}

describe("a process killed while it writes an image layout", () => {
  for (const kill of KILLS) {
    test(`after ${kill.after} artifacts and ${kill.turns} turns leaves every tag complete`, async () => {
      await using folder = await temporaryFolder();
      const done = await writeUntilKilled(folder.path, 0, kill);
      expect(done.length).toBeGreaterThanOrEqual(kill.after);
      const tagged = await readEverything(await openReadonlyLayout(folder.path));
      for (const number of done) expect(tagged).toContain(number);
    });
  }

  test("again and again in the same folder loses nothing, and the last run completes it", async () => {
    await using folder = await temporaryFolder();
    const done = new Set<number>();
    for (const [round, kill] of KILLS.entries()) {
      for (const number of await writeUntilKilled(folder.path, round * 4, kill)) done.add(number);
      const tagged = await readEverything(await openReadonlyLayout(folder.path));
      for (const number of done) expect(tagged).toContain(number);
    }
    await writeUntilKilled(folder.path, 0, { after: ARTIFACTS, turns: 0 });
    await createLayout(folder.path);
    expect(await readdir(join(folder.path, ".partial"))).toEqual([]);
    const tagged = await readEverything(await openReadonlyLayout(folder.path));
    for (let number = 0; number < ARTIFACTS; number += 1) expect(tagged).toContain(number);
  }, 60_000);
});

describe("a process that reads an image layout while another writes it", () => {
  test("finds every tag complete at any time", async () => {
    await using folder = await temporaryFolder();
    await createLayout(folder.path);
    const child = Bun.spawn([process.execPath, WRITER, folder.path, "0", `${ARTIFACTS}`], {
      stdout: "ignore",
      stderr: "inherit",
    });
    let running = true;
    void child.exited.then(() => {
      running = false;
    });
    const counts: number[] = [];
    while (running) {
      const registry = await openReadonlyLayout(folder.path);
      counts.push((await readEverything(registry)).size);
    }
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect((await readEverything(await openReadonlyLayout(folder.path))).size).toBe(ARTIFACTS);
  });
});
