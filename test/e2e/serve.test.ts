import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDevreg, startServe } from "../support/devreg.ts";
import { startDockerRegistry } from "../support/docker-registry.ts";
import { ownLoopback } from "../support/loopback.ts";
import { until } from "../support/until.ts";

// Whole processes and their peers on a busy machine.
setDefaultTimeout(60_000);

const EXAMPLE = join(import.meta.dir, "../../examples/registry");
const work = mkdtempSync(join(tmpdir(), "devreg-e2e-serve-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

function copyOfExample(): string {
  const folder = mkdtempSync(join(work, "repository-"));
  cpSync(EXAMPLE, folder, { recursive: true });
  return folder;
}

/** Without it docker-registry denies that an OCI manifest is there. */
const ACCEPT = { accept: "application/vnd.oci.image.manifest.v1+json" };

interface Ready {
  readonly status: string;
  readonly reasons: readonly string[];
}

interface Info {
  readonly updates: readonly { readonly asked_by: readonly string[]; readonly state: string }[];
}

interface Entry {
  readonly name: string;
  readonly description: string;
}

async function json<Body>(url: string): Promise<Body> {
  // Each caller names the document that the route answers with.
  return (await fetch(url)).json() as Promise<Body>;
}

describe("devreg serve", () => {
  test("prints the port it took, answers, and exits 0 on SIGTERM and on SIGINT", async () => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      const server = await startServe([EXAMPLE, "--no-network"]);
      expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
      expect((await fetch(`${server.url}/health`)).status).toBe(200);
      expect(await server.stop(signal)).toBe(0);
      await expect(fetch(`${server.url}/health`)).rejects.toThrow();
    }
  });

  test("names the flag when its port is taken and exits 1", async () => {
    const first = await startServe([EXAMPLE, "--no-network"]);
    const address = first.url.replace("http://", "");
    const { code, stderr } = await runDevreg([
      "serve",
      EXAMPLE,
      "--no-network",
      `--listen=${address}`,
      "--metrics-listen=off",
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain("--listen");
    expect(stderr).toContain(address);
    await first.stop();
  });

  test("refuses a repository with errors before it listens, and serves the rest with --force", async () => {
    const folder = copyOfExample();
    writeFileSync(join(folder, "stacks/static-site/devfile.yaml"), "a: [\n");
    const refused = await runDevreg(["serve", folder, "--no-network", "--listen=127.0.0.1:0"]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("stacks/static-site/devfile.yaml");
    expect(refused.stdout).toBe("");
    const forced = await startServe([folder, "--no-network", "--force"]);
    const index = await json<Entry[]>(`${forced.url}/index`);
    expect(index.map(({ name }) => name)).toEqual(["go-service", "node-api", "python-web"]);
    await forced.stop();
  });

  test("--watch shows a change, keeps serving through a broken one, and recovers", async () => {
    const folder = copyOfExample();
    const path = join(folder, "stacks/static-site/devfile.yaml");
    const good = readFileSync(path, "utf8");
    const server = await startServe([folder, "--no-network", "--watch"]);
    const description = async () => {
      const index = await json<Entry[]>(`${server.url}/index?name=static-site`);
      return index[0]?.description;
    };
    expect(await description()).toBe("Plain HTML served by nginx");
    writeFileSync(path, good.replace("Plain HTML served by nginx", "Changed"));
    await until("the change is served", async () => (await description()) === "Changed");
    writeFileSync(path, "a: [\n");
    const ready = () => json<Ready>(`${server.url}/readyz`);
    await until("the trouble is shown", async () => (await ready()).status === "degraded");
    expect((await ready()).reasons.join()).toContain("source");
    expect(await description()).toBe("Changed");
    writeFileSync(path, good);
    await until("it has recovered", async () => (await ready()).status === "ready");
    expect(await description()).toBe("Plain HTML served by nginx");
    const { updates } = await json<Info>(`${server.url}/info`);
    expect(updates[0]).toMatchObject({ asked_by: ["folder"], state: "updated" });
    expect(updates).toContainEqual(
      expect.objectContaining({ state: "failed", reason: "its content is broken" }),
    );
    await server.stop();
  });

  test("--watch follows a build that generate replaces", async () => {
    const folder = copyOfExample();
    const build = join(work, "watched-build");
    const generate = () => runDevreg(["generate", folder, "-o", build, "--no-network"]);
    expect((await generate()).code).toBe(0);
    const server = await startServe([build, "--watch"]);
    const path = join(folder, "stacks/static-site/devfile.yaml");
    for (const description of ["Once", "Twice"]) {
      writeFileSync(
        path,
        readFileSync(path, "utf8").replace(/description: .*/, `description: ${description}`),
      );
      expect((await generate()).code).toBe(0);
      await until(`"${description}" is served`, async () => {
        const [entry] = await json<Entry[]>(`${server.url}/index?name=static-site`);
        return entry?.description === description;
      });
    }
    await server.stop();
  });

  test("in front of a registry that is down it answers /v2 from the build, and loads it when it comes", async () => {
    const build = join(work, "build");
    expect((await runDevreg(["generate", EXAMPLE, "-o", build, "--no-network"])).code).toBe(0);
    const first = await startDockerRegistry({ address: `${ownLoopback()}:0` });
    await first.stop();
    const server = await startServe([build, "--registry", first.host]);
    const manifest = `${server.url}/v2/devfile-catalog/go-service/manifests/1.1.0`;
    const before = await fetch(manifest);
    expect(before.status).toBe(200);
    const digest = before.headers.get("docker-content-digest") ?? "";
    const ready = await fetch(`${server.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(((await ready.json()) as { status: string }).status).toBe("degraded");

    const peer = await startDockerRegistry({ address: first.host });
    const direct = `http://${peer.host}/v2/devfile-catalog/go-service/manifests`;
    await until("the registry is loaded", async () => {
      const answer = await fetch(`${direct}/1.1.0`, { method: "HEAD", headers: ACCEPT });
      return answer.headers.get("docker-content-digest") === digest;
    });
    await until(
      "it is ready",
      async () => (await json<Ready>(`${server.url}/readyz`)).status === "ready",
    );

    expect((await fetch(`${direct}/${digest}`, { method: "DELETE" })).status).toBe(202);
    const answered = await fetch(manifest);
    expect(answered.status).toBe(200);
    expect(answered.headers.get("docker-content-digest")).toBe(digest);
    await until("what was missing is pushed again", async () => {
      return (await fetch(`${direct}/1.1.0`, { method: "HEAD", headers: ACCEPT })).status === 200;
    });
    await server.stop();
    await peer.stop();
  });

  test("says in /readyz that a registry it had loaded went away, and that it is back", async () => {
    const dir = join(work, "storage");
    const first = await startDockerRegistry({ dir, address: `${ownLoopback()}:0` });
    const server = await startServe([EXAMPLE, "--no-network", "--registry", first.host]);
    const readiness = () => json<Ready>(`${server.url}/readyz`);
    await until("it is ready", async () => (await readiness()).status === "ready");

    await first.stop();
    const manifest = `${server.url}/v2/devfile-catalog/go-service/manifests/1.1.0`;
    expect((await fetch(manifest)).status).toBe(200);
    await until("it is degraded", async () => (await readiness()).status === "degraded");
    expect((await readiness()).reasons.join()).toContain("registry: ");

    const again = await startDockerRegistry({ dir, address: first.host });
    await until("it is ready again", async () => (await readiness()).status === "ready");
    await server.stop();
    await again.stop();
  });
});
