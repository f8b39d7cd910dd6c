/** Builds the self-contained executable: `bun run build` → dist/devreg. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeValidators } from "./schemas.ts";

const ROOT = join(import.meta.dir, "..");

/** Where the executable is built. */
export const BINARY = join(ROOT, "dist", "devreg");

/** Headers of 32 KiB must be accepted; Bun's own limit is half of that. */
const HEADER_BYTES = 65_536;

function commit(): string {
  const git = Bun.spawnSync(["git", "-C", ROOT, "rev-parse", "--short=12", "HEAD"], {
    stdout: "pipe",
    stderr: "ignore",
  });
  return git.success ? git.stdout.toString().trim() : "";
}

/**
 * Builds the executable. The two --no-compile-autoload flags keep it from reading .env and
 * running code named by a bunfig.toml in the folder it is started in. --smol keeps garbage small: a
 * loaded server with thousands of stack versions needs half the memory, and is as fast.
 */
export function build(outfile = BINARY): void {
  writeValidators();
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const dist = join(ROOT, "dist");
  mkdirSync(dist, { recursive: true });
  // Each build leaves source maps of its chunks under names of their own.
  for (const name of readdirSync(dist)) if (name.endsWith(".js.map")) rmSync(join(dist, name));
  const result = Bun.spawnSync(
    [
      process.execPath,
      "build",
      "--compile",
      "--production",
      "--splitting",
      "--bytecode",
      "--format=esm",
      "--sourcemap",
      "--no-compile-autoload-dotenv",
      "--no-compile-autoload-bunfig",
      `--compile-exec-argv=--smol --max-http-header-size=${HEADER_BYTES}`,
      `--define=DEVREG_VERSION=${JSON.stringify(version)}`,
      `--define=DEVREG_COMMIT=${JSON.stringify(commit())}`,
      `--outfile=${outfile}`,
      join(ROOT, "src", "main.ts"),
      join(ROOT, "src", "hash-worker.ts"),
    ],
    { cwd: dist, stdout: "pipe", stderr: "pipe" },
  );
  if (!result.success) {
    throw new Error(`bun build failed:\n${result.stdout}${result.stderr}`);
  }
}

if (import.meta.main) {
  const started = performance.now();
  build();
  const mib = (statSync(BINARY).size / 1024 / 1024).toFixed(1);
  console.log(`dist/devreg: ${mib} MiB in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
