import { join } from "node:path";

const ENTRY = join(import.meta.dir, "../src/server/viewer/browser/main.ts");

/**
 * Makes the script of the viewer's pages from its modules. It is a macro: it runs while the
 * executable is built, or while Bun reads the file that calls it, and its answer takes its place.
 */
export function browserScript(): string {
  const built = Bun.spawnSync([process.execPath, "build", ENTRY, "--minify", "--target=browser"], {
    env: {},
  });
  if (!built.success) throw new Error(`Cannot build the viewer's script: ${built.stderr}`);
  return built.stdout.toString();
}
