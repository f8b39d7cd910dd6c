/**
 * Runs every gate: `bun run check`. Installs the Debian packages that tests need when it may, else
 * names them. The last line is "N passed, N failed".
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "./build.ts";

const ROOT = join(import.meta.dir, "..");
const REPORTS = join(ROOT, "dist", "reports");

/** Programs that tests run as peers, and the Debian package that brings each. */
const PEERS: Readonly<Record<string, string>> = {
  "docker-registry": "docker-registry",
  skopeo: "skopeo",
  chromium: "chromium",
  git: "git",
  curl: "curl",
  ip: "iproute2",
  pgrep: "procps",
  unzip: "unzip",
  nsenter: "util-linux",
  openssl: "openssl",
};

/** A busy machine may take many times as long as a quiet one; a test that hangs still ends. */
const TEST_MS = 60_000;

interface Tally {
  passed: number;
  failed: number;
}

const tally: Tally = { passed: 0, failed: 0 };

function missingPackages(): string[] {
  return [
    ...new Set(Object.entries(PEERS).flatMap(([name, pkg]) => (Bun.which(name) ? [] : [pkg]))),
  ];
}

async function installPeers(): Promise<void> {
  const missing = missingPackages();
  if (missing.length === 0) return;
  const root = process.getuid?.() === 0 && Bun.which("apt-get") !== null;
  if (root) {
    console.log(`Installing ${missing.join(", ")} …`);
    await quiet(["apt-get", "update"]);
    await quiet(["apt-get", "install", "-y", "--no-install-recommends", ...missing]);
  }
  const still = missingPackages();
  if (still.length === 0) return;
  console.error(`Tests need these Debian packages: apt-get install ${still.join(" ")}`);
  finish({ passed: 0, failed: 1 });
  process.exit(1);
}

async function quiet(command: string[]): Promise<void> {
  const child = Bun.spawn(command, {
    stdout: "pipe",
    stderr: "pipe",
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  const [out, err, code] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  if (code !== 0) console.error(`${command.join(" ")} failed (${code}):\n${out}${err}`);
}

async function gate(name: string, command: string[]): Promise<void> {
  const started = performance.now();
  const child = Bun.spawn(command, { cwd: ROOT, stdout: "inherit", stderr: "inherit" });
  const code = await child.exited;
  report(name, code === 0, started);
}

function report(name: string, good: boolean, started: number): void {
  tally[good ? "passed" : "failed"] += 1;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${good ? "ok  " : "FAIL"} ${name} (${seconds} s)`);
}

/**
 * Runs a group of tests and adds its cases to the tally; a group without a case is a failure. What a
 * group beside others prints is held back until it has ended.
 */
async function testGroup(name: string, patterns: string[], beside = false): Promise<void> {
  const started = performance.now();
  const file = join(REPORTS, `${name}.xml`);
  const child = Bun.spawn(
    [
      ...[process.execPath, "test", `--timeout=${TEST_MS}`],
      ...["--reporter=junit", `--reporter-outfile=${file}`, ...patterns],
    ],
    {
      cwd: ROOT,
      stdout: beside ? Bun.file(join(REPORTS, `${name}.out`)) : "inherit",
      stderr: beside ? Bun.file(join(REPORTS, `${name}.err`)) : "inherit",
      env: { ...process.env, CI: "true" },
    },
  );
  const code = await child.exited;
  if (beside) for (const kind of ["out", "err"]) printReport(`${name}.${kind}`);
  const counts = existsSync(file)
    ? readCounts(readFileSync(file, "utf8"))
    : { passed: 0, failed: 1 };
  const empty = counts.passed + counts.failed === 0;
  tally.passed += counts.passed;
  tally.failed += counts.failed + ((code !== 0 && counts.failed === 0) || empty ? 1 : 0);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(
    `${code === 0 && !empty ? "ok  " : "FAIL"} ${name} tests: ${counts.passed} passed, ${counts.failed} failed (${seconds} s)`,
  );
}

function printReport(name: string): void {
  console.log(readFileSync(join(REPORTS, name), "utf8"));
}

function readCounts(xml: string): Tally {
  const suite = /<testsuites[^>]*>/.exec(xml)?.[0] ?? "";
  const number = (name: string) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = number("failures") + number("errors");
  return {
    passed: number("tests") - failed - number("skipped"),
    failed: failed + number("skipped"),
  };
}

function finish({ passed, failed }: Tally): void {
  console.log(`${passed} passed, ${failed} failed`);
}

await installPeers();
rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });
await gate("format and lint", [process.execPath, "x", "biome", "ci", "."]);
await gate("types", [process.execPath, "x", "tsc", "--noEmit"]);
const browser = ["-p", "src/server/viewer/browser"];
await gate("types in the browser", [process.execPath, "x", "tsc", "--noEmit", ...browser]);
const started = performance.now();
try {
  build();
  report("build", true, started);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  report("build", false, started);
}
// Faults are waited for more than worked on, so they run beside the units.
const faults = testGroup("faults", ["./test/faults/"], true);
await testGroup("unit", ["./test/", "--path-ignore-patterns=test/{faults,parity,e2e,browser}/**"]);
await testGroup("parity", ["./test/parity/"]);
await faults;
for (const group of ["e2e", "browser"]) await testGroup(group, [`./test/${group}/`]);
finish(tally);
process.exitCode = tally.failed === 0 ? 0 : 1;
