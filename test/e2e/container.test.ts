import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { devregBinary } from "../support/devreg.ts";
import { runProgram } from "../support/program.ts";

// Whole processes and their peers on a busy machine.
setDefaultTimeout(60_000);

const EXAMPLE = join(import.meta.dir, "../../examples/registry");
const work = mkdtempSync(join(tmpdir(), "devreg-e2e-container-"));
const root = join(work, "root");

/** What the distroless base image holds that the binary is linked to. */
const LIBRARIES = ["libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0"];

/**
 * Runs a command in a mount namespace of its own whose root is the folder: read-only, with /proc
 * and nothing else, as an arbitrary uid of group 0, with an empty environment.
 */
function contained(command: string): string[] {
  const script = [
    `mount --bind ${root} ${root}`,
    `mount -t proc proc ${root}/proc`,
    `mount -o remount,ro,bind ${root}`,
    `exec env -i /usr/sbin/chroot --userspec=123456:0 ${root} ${command}`,
  ].join(" && ");
  const map = process.getuid?.() === 0 ? [] : ["--map-root-user"];
  return ["unshare", "--mount", "--pid", "--fork", ...map, "sh", "-c", script];
}

beforeAll(async () => {
  const libraries = await runProgram(["ldd", devregBinary()]);
  for (const folder of ["proc", "registry", "empty", "lib", "lib64"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const library of LIBRARIES) {
    const path = new RegExp(`${library.replaceAll(".", "\\.")} => (\\S+)`).exec(libraries)?.[1];
    expect(path).toBeDefined();
    await runProgram(["cp", "-L", path ?? "", join(root, "lib", library)]);
  }
  const loader = /(\/\S*ld-linux\S*)/.exec(libraries)?.[1] ?? "";
  await runProgram(["cp", "-L", loader, join(root, loader.startsWith("/lib64") ? "lib64" : "lib")]);
  await runProgram(["cp", devregBinary(), join(root, "devreg")]);
  await runProgram(["cp", "-r", `${EXAMPLE}/.`, join(root, "registry")]);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe("devreg in a container", () => {
  test("needs nothing but five libraries, /proc and a read-only root to tell its version", async () => {
    expect(await runProgram(contained("/devreg --version"))).toMatch(/^devreg \d+\.\d+\.\d+/);
  });

  test("serves /registry as an arbitrary uid without HOME", async () => {
    const child = Bun.spawn(
      contained("/devreg serve /registry --no-network --listen=127.0.0.1:0 --metrics-listen=off"),
      { stdin: "ignore", stdout: "pipe", stderr: "pipe" },
    );
    let url: string | undefined;
    let out = "";
    for await (const chunk of child.stdout) {
      out += new TextDecoder().decode(chunk);
      url = /http:\/\/\S+/.exec(out)?.[0];
      if (url !== undefined) break;
    }
    if (url === undefined) throw new Error(`not served:\n${out}${await child.stderr.text()}`);
    const answer = await fetch(`${url}/devfiles/go-service`);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(
      readFileSync(join(EXAMPLE, "stacks/go-service/1.1.0/devfile.yaml"), "utf8"),
    );
    // The shell's child is the first process of its namespace: only its own signal handler stops it.
    const pids = await runProgram(["pgrep", "-f", "^/devreg serve /registry --no-network"]);
    for (const pid of pids.trim().split("\n")) process.kill(Number(pid), "SIGTERM");
    expect(await child.exited).toBe(0);
  });

  test("an empty /registry is a clear error", async () => {
    const child = Bun.spawn(contained("/devreg serve /empty"), { stdout: "pipe", stderr: "pipe" });
    const [err, code] = await Promise.all([child.stderr.text(), child.exited]);
    expect(code).not.toBe(0);
    expect(err).toContain("/empty");
    expect(err).toContain("stacks");
    expect(err).toContain("Hint:");
  });
});

describe("the executable in a hostile folder", () => {
  test("runs no code and reads no variables from where it is started", async () => {
    const cwd = mkdtempSync(join(work, "hostile-"));
    writeFileSync(join(cwd, "bunfig.toml"), 'preload = ["./evil.ts"]\n');
    writeFileSync(join(cwd, "evil.ts"), 'console.log("EVIL");\n');
    writeFileSync(join(cwd, ".env"), "DEVREG_LISTEN=not-an-address\n");
    const out = await runProgram([devregBinary(), "generate", EXAMPLE, "--check", "--no-network"], {
      cwd,
    });
    expect(out).not.toContain("EVIL");
    const refused = Bun.spawnSync([devregBinary(), "serve", "--no-such-flag"], { cwd });
    expect(refused.stderr.toString()).not.toContain("DEVREG_LISTEN");
  });
});
