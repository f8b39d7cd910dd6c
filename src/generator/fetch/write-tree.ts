import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ioError } from "../../atomic-file.ts";
import { eachBounded } from "../../concurrent.ts";
import { FILE_CONCURRENCY } from "../../limits.ts";
import type { ProjectEntry } from "./project.ts";

/**
 * Writes files below a folder that is empty. Links come last, so that nothing is written through
 * them.
 *
 * @throws {DevregError} IO
 */
export async function writeTree(folder: string, entries: readonly ProjectEntry[]): Promise<void> {
  const folders = new Set(entries.map(({ path }) => dirname(join(folder, path))));
  try {
    for (const each of folders) await mkdir(each, { recursive: true });
    await eachBounded(entries, FILE_CONCURRENCY, async (entry) => {
      if (entry.mode === "symlink") return;
      const mode = entry.mode === "executable" ? 0o755 : 0o644;
      await writeFile(join(folder, entry.path), entry.bytes, { flag: "wx", mode });
    });
    for (const entry of entries) {
      if (entry.mode === "symlink") await symlink(entry.target, join(folder, entry.path));
    }
  } catch (error) {
    throw ioError("check out into", folder, error);
  }
}
