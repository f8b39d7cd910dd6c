import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTransportPool } from "../../src/net/index.ts";
import type { Registry } from "../../src/oci-client/index.ts";
import type { ArtifactListing } from "../../src/server/artifacts/index.ts";
import { runDevreg, type Serving, startServe } from "../support/devreg.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker-registry.ts";
import { jsonOf } from "../support/json-of.ts";
import { pushMixedArtifacts } from "../support/mixed-artifacts.ts";
import { always, openRemote } from "../support/remote.ts";
import { writeSampleBundle } from "../support/sample-bundle.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(60_000);

const EXAMPLE = join(import.meta.dir, "../../examples/registry");
const USER = { username: "robot", password: "s3cret" };
const closing = new AsyncDisposableStack();
let folder: TemporaryFolder;
let typesFile: string;
let registry: DockerRegistry;

beforeAll(async () => {
  folder = await temporaryFolder();
  closing.defer(() => folder.remove());
  typesFile = join(folder.path, "types.yaml");
  await writeFile(
    typesFile,
    "types: [{id: odd, text: Odd thing, match: [application/vnd.example.odd], scan: none}]\n",
  );
  registry = await startDockerRegistry();
  await filled(registry);
});
afterAll(() => closing.disposeAsync());

async function filled({ host }: DockerRegistry, credential?: typeof USER): Promise<void> {
  const pool = createTransportPool({ userAgent: "devreg-tests" });
  const credentials = credential && { credentials: always({ kind: "basic", ...credential }) };
  const remote: Registry = openRemote(host, { send: pool.send, ...credentials });
  await pushMixedArtifacts(remote);
  await pool.close();
}

async function list({ url }: Serving, query = ""): Promise<ArtifactListing> {
  return await jsonOf(await fetch(`${url}/artifacts${query}`));
}

async function isLoaded({ url }: Serving): Promise<boolean> {
  const { status }: { status: string } = await jsonOf(await fetch(`${url}/readyz`));
  return status === "ready";
}

describe("devreg serve --registry", () => {
  test("lists what is behind it by type, and what it knows when that goes away", async () => {
    const args = [EXAMPLE, "--no-network", "--registry", registry.host];
    const server = await startServe([...args, "--artifact-types", typesFile]);
    try {
      await until("the registry is loaded", () => isLoaded(server));
      const { complete, types, artifacts } = await list(server);
      expect(complete).toBe(true);
      const counts = Object.fromEntries(types.map(({ id, count }) => [id, count]));
      expect(counts).toMatchObject({ "helm-chart": 1, "container-image": 1, odd: 1, cnab: 1 });
      expect(counts["devfile-stack"]).toBeGreaterThan(0);
      const app = artifacts.find(({ repository }) => repository === "team/app");
      expect(app?.referrers.map(({ type }) => type.id).sort()).toEqual([
        "cosign-signature",
        "notation-signature",
        "sbom",
      ]);
      // What it says to scan can be pulled from it.
      const [image] = (await list(server, "?scan=image")).artifacts;
      const { reference = "" } = image?.scan ?? {};
      const [, name, digest] = /^[^/]+\/(.+)@(.+)$/.exec(reference) ?? [];
      const manifest = await fetch(`${server.url}/v2/${name}/manifests/${digest}`);
      expect(manifest.headers.get("docker-content-digest")).toBe(digest ?? "");
      const page = await (await fetch(`${server.url}/viewer/artifacts?type=odd`)).text();
      expect(page).toContain("Odd thing");
      expect(page).toContain("mixed/odd");
    } finally {
      expect(await server.stop()).toBe(0);
    }
  });

  test("gives what it knows of a registry that is away, says so, and names no host", async () => {
    const gone = await startDockerRegistry();
    await filled(gone);
    await gone.stop();
    const server = await startServe([EXAMPLE, "--no-network", "--registry", gone.host]);
    try {
      const listing = await list(server);
      expect(listing.complete).toBe(false);
      expect(listing.notes.join()).toContain("unreachable");
      expect(listing.types.map(({ id }) => id)).toEqual(["devfile-stack", "registry-index"]);
      const status = async () => await (await fetch(`${server.url}/viewer/status`)).text();
      await until("the trouble is known", async () => (await status()).includes("unreachable"));
      for (const path of [
        "/artifacts",
        "/viewer/artifacts",
        "/viewer/status",
        "/readyz",
        "/info",
      ]) {
        const text = await (await fetch(`${server.url}${path}`)).text();
        expect([path, text.includes(gone.host)]).toEqual([path, false]);
      }
    } finally {
      expect(await server.stop()).toBe(0);
    }
  });

  test("lists its own alone where it has credentials for the registry", async () => {
    const closed = await startDockerRegistry({ auth: USER });
    try {
      await filled(closed, USER);
      const creds = `${USER.username}:${USER.password}`;
      const args = [EXAMPLE, "--no-network", "--registry", closed.host, "--creds", creds];
      const server = await startServe(args);
      try {
        await until("the registry is loaded", () => isLoaded(server));
        const { types, complete } = await list(server);
        expect(types.map(({ id }) => id)).toEqual(["devfile-stack", "registry-index"]);
        expect(complete).toBe(true);
      } finally {
        expect(await server.stop()).toBe(0);
      }
    } finally {
      await closed.stop();
    }
  });
});

describe("devreg serve BUNDLE", () => {
  test("lists the mirrored images beside the stacks", async () => {
    const bundle = join(folder.path, "bundle");
    await writeSampleBundle(bundle);
    const server = await startServe([bundle]);
    try {
      const { artifacts } = await list(server);
      const names = artifacts.map(({ repository }) => repository);
      expect(names.some((name) => name.includes("udi"))).toBe(true);
      expect(names.some((name) => name.startsWith("devfile-catalog/"))).toBe(true);
    } finally {
      expect(await server.stop()).toBe(0);
    }
  });
});

describe("devreg serve --artifact-types", () => {
  test("refuses a file with what is wrong and where", async () => {
    const file = join(folder.path, "broken.yaml");
    await writeFile(file, "types:\n  - id: a b\n    text: x\n    match: [y]\n    colour: red\n");
    const { code, stderr } = await runDevreg(["serve", EXAMPLE, "--artifact-types", file]);
    expect(code).not.toBe(0);
    expect(stderr).toContain("broken.yaml:2:9: types.0.id");
    expect(stderr).toContain("broken.yaml:5:5: types.0.colour");
  });
});
