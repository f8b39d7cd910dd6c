import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { devregBinary, runDevreg } from "../support/devreg.ts";
import { type NetworkNamespace, openNetworkNamespace } from "../support/network-namespace.ts";
import { runProgram } from "../support/program.ts";
import { until } from "../support/until.ts";

// Whole processes and their peers on a busy machine.
setDefaultTimeout(60_000);

const EXAMPLE = join(import.meta.dir, "../../examples/registry");
const work = mkdtempSync(join(tmpdir(), "devreg-e2e-go-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** The registry container of the pod, on its fixed port. */
function startRegistryContainer(network: NetworkNamespace) {
  const config = join(work, "registry.yml");
  const storage = { filesystem: { rootdirectory: join(work, "storage") } };
  writeFileSync(config, JSON.stringify({ version: 0.1, storage, http: { addr: ":5000" } }));
  return Bun.spawn(network.inside(["docker-registry", "serve", config]), {
    stdout: "ignore",
    stderr: "ignore",
  });
}

/** The environment that the Go server's image and its chart set. */
function goEnvironment(registry: string): Record<string, string> {
  return {
    DEVFILE_STACKS: join(registry, "stacks"),
    DEVFILE_SAMPLES: join(registry, "samples"),
    DEVFILE_INDEX: join(registry, "index.json"),
    DEVFILE_SAMPLE_INDEX: "/tmp/sample_index.json",
    DEVFILE_STACK_INDEX: "/tmp/stack_index.json",
    DEVFILE_SAMPLE_BASE64_INDEX: "/tmp/sample_base64_index.json",
    REGISTRY_NAME: "Community",
    REGISTRY_HEADLESS: "true",
    ENABLE_HTTP2: "false",
    TELEMETRY_KEY: "",
  };
}

test("serve takes the place of the Go server: its environment, layout, ports and registry", async () => {
  const registry = join(work, "registry");
  const made = await runDevreg(["generate", EXAMPLE, "-o", registry, "--no-network"]);
  expect(made.code).toBe(0);
  rmSync(join(registry, "build.json"));
  const network = await openNetworkNamespace();
  const peer = startRegistryContainer(network);
  const server = Bun.spawn(network.inside([devregBinary(), "serve"]), {
    cwd: "/",
    stdin: "ignore",
    stdout: "ignore",
    stderr: "ignore",
    env: { PATH: "/usr/bin:/bin", ...goEnvironment(registry) },
  });
  const curl = (url: string, ...flags: string[]) =>
    runProgram(network.inside(["curl", "-sS", ...flags, url]));
  const status = (url: string) => curl(url, "-o", "/dev/null", "-w", "%{http_code}");
  try {
    await until("it is ready on port 8080", async () => {
      const body = await curl("http://127.0.0.1:8080/readyz").catch(() => "");
      return body.includes('"ready"');
    });
    expect(await status("http://127.0.0.1:8080/viewer")).toBe("400");
    expect(await status("http://127.0.0.1:8080/health")).toBe("200");
    expect(await status("http://127.0.0.1:7071/metrics")).toBe("200");
    expect(await curl("http://127.0.0.1:8080/devfiles/go-service")).toContain("schemaVersion");
    const pushed = await curl("http://127.0.0.1:5000/v2/devfile-catalog/go-service/tags/list");
    expect(JSON.parse(pushed).tags.sort()).toEqual(["1.0.0", "1.1.0"]);
  } finally {
    server.kill();
    peer.kill();
    expect(await server.exited).toBe(0);
    await peer.exited;
    await network.close();
  }
});
