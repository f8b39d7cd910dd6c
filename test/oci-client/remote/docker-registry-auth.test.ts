import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { createTransportPool, type TransportPool } from "../../../src/net/index.ts";
import { createCopier, MemoryRepository, type Repository } from "../../../src/oci-client/index.ts";
import { type Certificate, makeCertificate } from "../../support/certificate.ts";
import { realClock } from "../../support/clock.ts";
import { type DockerRegistry, startDockerRegistry } from "../../support/docker-registry.ts";
import { always, failureOf, openRemote } from "../../support/remote.ts";
import { artifactOf, pushGraph } from "../../support/sample-content.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";
import { startTokenServer, type TokenServer } from "../../support/token-server.ts";

const ACCOUNT = { username: "pusher", password: "pass:word ü" };
const GOOD = always({ kind: "basic", ...ACCOUNT });
const graph = artifactOf(["one", "two"]);

let pool: TransportPool;
let folder: TemporaryFolder;
let certificate: Certificate;
beforeAll(async () => {
  pool = createTransportPool({ userAgent: "devreg/test" });
  folder = await temporaryFolder();
  certificate = makeCertificate(folder.path);
});
afterAll(async () => {
  await pool.close();
  await folder.remove();
});

/** Copies an artifact there and finds it again. */
async function roundTrip(repository: Repository): Promise<void> {
  const source = new MemoryRepository();
  await pushGraph(source, graph);
  await createCopier().copyGraph(source, repository, graph.root.descriptor, { tag: "1.0.0" });
}

describe("docker-registry with htpasswd", () => {
  let peer: DockerRegistry;
  beforeAll(async () => {
    peer = await startDockerRegistry({ auth: ACCOUNT });
  });
  afterAll(() => peer.stop());

  test("takes what is pushed with the right password", async () => {
    const registry = openRemote(peer.host, { send: pool.send, credentials: GOOD });
    await registry.ping();
    await roundTrip(registry.repository("a"));
    expect(await registry.repository("a").resolve("1.0.0")).toEqual(graph.root.descriptor);
  });

  test("refuses the wrong one and none", async () => {
    const wrong = always({ kind: "basic", username: "pusher", password: "x" });
    for (const parts of [{ credentials: wrong }, {}]) {
      const registry = openRemote(peer.host, { send: pool.send, ...parts });
      expect((await failureOf(registry.ping())).code).toBe("UNAUTHORIZED");
    }
  });
});

describe("docker-registry with a token server", () => {
  const issuer = "devreg tests";
  const service = "registry";
  let tokens: TokenServer;
  let peer: DockerRegistry;
  beforeAll(async () => {
    tokens = startTokenServer({ issuer, service, signer: certificate, ...ACCOUNT });
    const realm = `http://${tokens.host}/token?keep=this`;
    const rootCertBundle = certificate.certificate;
    peer = await startDockerRegistry({ auth: { realm, service, issuer, rootCertBundle } });
  });
  afterAll(async () => {
    await peer.stop();
    await tokens.stop();
  });

  test("takes what is pushed with its tokens, two for one repository", async () => {
    const trustedRealms = [tokens.host];
    const registry = openRemote(peer.host, { send: pool.send, credentials: GOOD, trustedRealms });
    await roundTrip(registry.repository("a"));
    expect(tokens.issued).toEqual([["repository:a:pull"], ["repository:a:pull,push"]]);
    expect(await Array.fromAsync(registry.repository("a").tags())).toEqual(["1.0.0"]);
    expect(await Array.fromAsync(registry.repositories())).toEqual(["a"]);
    expect(tokens.issued.at(-1)).toEqual(["registry:catalog:*"]);
  });

  test("is not signed in to while its token server is not trusted", async () => {
    const before = tokens.issued.length;
    const registry = openRemote(peer.host, { send: pool.send, credentials: GOOD });
    const failure = await failureOf(registry.repository("a").resolve("1.0.0"));
    expect(failure.message).toContain("internal address");
    expect(tokens.issued).toHaveLength(before);
  });
});

describe("docker-registry over TLS", () => {
  let peer: DockerRegistry;
  beforeAll(async () => {
    peer = await startDockerRegistry({ tls: certificate });
  });
  afterAll(() => peer.stop());

  test("is trusted with its authority, beside the built-in ones", async () => {
    const extraCa = readFileSync(certificate.certificate, "utf8");
    const trusting = createTransportPool({ userAgent: "devreg/test", extraCa });
    const registry = openRemote(peer.host, { send: trusting.send, clock: realClock });
    await roundTrip(registry.repository("a"));
    await trusting.close();
  });

  test("is trusted blindly when checks are off", async () => {
    const blind = createTransportPool({ userAgent: "devreg/test", verifyTls: false });
    await openRemote(peer.host, { send: blind.send }).ping();
    await blind.close();
  });

  test("is refused without, once, naming --ca-file", async () => {
    const failure = await failureOf(openRemote(peer.host, { send: pool.send }).ping());
    expect(failure.message).toContain("certificate is not trusted");
    expect(failure.hint).toContain("--ca-file");
  });
});

describe("docker-registry that is read-only", () => {
  test("says so", async () => {
    const peer = await startDockerRegistry({ readonly: true });
    const registry = openRemote(peer.host, { send: pool.send });
    const failure = await failureOf(roundTrip(registry.repository("a")));
    await peer.stop();
    expect(failure.message).toContain("answered 405");
  });
});
