import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ioError, syncFolder, systemCode } from "../atomic-file.ts";

const OLD = ".old";
const INDEX = "index.json";

/**
 * Puts a finished folder in the place of another, which may be missing or empty. Where a build has
 * to make room there is a moment between two renames; a failure there puts it back.
 *
 * @throws {DevregError} IO
 */
export async function swapFolder(staged: string, target: string): Promise<void> {
  const old = `${staged}${OLD}`;
  try {
    try {
      await rename(staged, target);
    } catch (error) {
      const code = systemCode(error);
      if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
      await rename(target, old);
      await rename(staged, target).catch(async (failure: unknown) => {
        await rename(old, target);
        throw failure;
      });
    }
    await syncFolder(dirname(target));
    await rm(old, { recursive: true, force: true });
  } catch (error) {
    throw ioError("replace", target, error);
  }
}

/**
 * Exchanges what a folder holds for what a finished folder inside it holds: the old index.json goes
 * first and the new one comes last, so that no mixture of the two is ever a build. A failure puts
 * everything back.
 *
 * @throws {DevregError} IO
 */
export async function swapContents(staged: string, target: string): Promise<void> {
  const old = join(staged, OLD);
  const undo: (() => Promise<void>)[] = [];
  const move = async (from: string, to: string) => {
    await rename(from, to);
    undo.push(() => rename(to, from));
  };
  try {
    const incoming = (await readdir(staged)).sort(indexLast);
    const outgoing = (await readdir(target)).filter(
      (name) => incoming.includes(name) || isOurs(name),
    );
    await mkdir(old);
    for (const name of outgoing.sort(indexLast).reverse()) {
      await move(join(target, name), join(old, name));
    }
    await syncFolder(target);
    for (const name of incoming.filter((each) => each !== INDEX)) {
      await move(join(staged, name), join(target, name));
    }
    await syncFolder(target);
    if (incoming.includes(INDEX)) await move(join(staged, INDEX), join(target, INDEX));
    await syncFolder(target);
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw ioError("replace", target, error);
  }
}

/** Names that a build may have and the new one may lack. */
function isOurs(name: string): boolean {
  return [INDEX, "build.json", "stacks", "samples", "icons", "documents"].includes(name);
}

function indexLast(a: string, b: string): number {
  return Number(a === INDEX) - Number(b === INDEX);
}
