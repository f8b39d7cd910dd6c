import { describe, expect, test } from "bun:test";
import { createTransportPool } from "../../../src/net/index.ts";
import { makeCertificate } from "../../support/certificate.ts";
import { startDockerRegistry } from "../../support/docker-registry.ts";
import { byRoute, startFaultServer } from "../../support/fault-server.ts";
import { always, failureOf, openRemote } from "../../support/remote.ts";
import { blobOf } from "../../support/sample-content.ts";
import { type StubAnswer, type StubRequest, stubTransport } from "../../support/stub-transport.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startTokenServer } from "../../support/token-server.ts";

const { descriptor, bytes } = blobOf("a layer");
const DIGEST = encodeURIComponent(descriptor.digest);
const ACCOUNT = { username: "pusher", password: "secret" };

/** A registry that answers to mounting in its way, and takes uploads. */
function mounting(mount: (request: StubRequest) => StubAnswer) {
  let session = 0;
  const stub = stubTransport((request) => {
    const { method, url } = request;
    if (method === "POST" && url.includes("mount=")) return mount(request);
    if (method === "POST") return { status: 202, headers: { location: `/u/${++session}` } };
    return { status: method === "HEAD" ? 404 : 201 };
  });
  const registry = openRemote("a.example/some/prefix", { send: stub.send });
  const asked = () => stub.requests.map(({ method, url }) => `${method} ${new URL(url).pathname}`);
  return { ...stub, asked, repository: registry.repository("target") };
}

describe("mount()", () => {
  test("asks by full names, and is done with 201", async () => {
    const { repository, requests } = mounting(() => ({ status: 201 }));
    expect(await repository.mount(descriptor, "team/donor")).toBe(true);
    expect(requests).toEqual([
      {
        method: "POST",
        url: `https://a.example/v2/some/prefix/target/blobs/uploads/?mount=${DIGEST}&from=some%2Fprefix%2Fteam%2Fdonor`,
        headers: {},
        body: "",
      },
    ]);
  });

  test("goes on with the session that a registry begins instead", async () => {
    const headers = { location: "/session?state=x" };
    const { repository, requests } = mounting(() => ({ status: 202, headers }));
    expect(await repository.exists(descriptor)).toBe(false);
    expect(await repository.mount(descriptor, "donor")).toBe(false);
    await repository.push(descriptor, bytes);
    expect(requests.map(({ method }) => method)).toEqual(["HEAD", "POST", "PUT"]);
    expect(requests[2]?.url).toBe(`https://a.example/session?state=x&digest=${DIGEST}`);
  });

  test("begins a new session when that one was forgotten meanwhile", async () => {
    const uploads = "/v2/target/blobs/uploads/";
    const server = await startFaultServer(
      byRoute({
        [`HEAD /v2/target/blobs/${descriptor.digest}`]: [{ status: 404 }],
        [`POST ${uploads}`]: [
          { status: 202, headers: { location: "/old" } },
          { status: 202, headers: { location: "/new" } },
        ],
        "PUT /old": [{ status: 404, body: '{"errors":[{"code":"BLOB_UPLOAD_UNKNOWN"}]}' }],
        "PUT /new": [{ status: 201 }],
      }),
    );
    const pool = createTransportPool({ userAgent: "devreg/test" });
    const repository = openRemote(server.host, { send: pool.send }).repository("target");
    expect(await repository.mount(descriptor, "donor")).toBe(false);
    await repository.push(descriptor, bytes);
    await pool.close();
    await server.stop();
    const puts = server.requests.filter(({ method }) => method === "PUT");
    expect(puts.map(({ target }) => target.split("?")[0])).toEqual(["/old", "/new"]);
    expect(puts[1]?.body).toEqual(bytes);
  });

  for (const status of [400, 403, 404, 405, 501]) {
    test(`is not done where it is answered with ${status}; the blob can be pushed`, async () => {
      const { repository, asked } = mounting(() => ({ status, body: "no" }));
      expect(await repository.mount(descriptor, "donor")).toBe(false);
      await repository.push(descriptor, bytes);
      expect(asked().slice(-2)).toEqual(["POST /v2/some/prefix/target/blobs/uploads/", "PUT /u/1"]);
    });
  }

  test("refuses what is no repository name without asking", async () => {
    const { repository, requests } = mounting(() => ({ status: 201 }));
    const mount = repository.mount(descriptor, "../other");
    expect((await failureOf(mount)).code).toBe("INPUT_INVALID");
    expect(requests).toEqual([]);
  });

  test("asks for the right to push first, then for the right to read the other", async () => {
    const realm = "https://auth.a.example/token";
    const scopes: (readonly string[])[] = [];
    const stub = stubTransport(({ url, headers }) => {
      if (url.startsWith(realm)) {
        scopes.push(new URL(url).searchParams.getAll("scope"));
        return { status: 200, body: '{"token":"t","expires_in":300}' };
      }
      if (headers["authorization"] !== undefined) return { status: 201 };
      return { status: 401, headers: { "www-authenticate": `Bearer realm="${realm}"` } };
    });
    const repository = openRemote("a.example", { send: stub.send }).repository("target");
    expect(await repository.mount(descriptor, "donor")).toBe(true);
    expect(scopes).toEqual([["repository:target:pull,push", "repository:donor:pull"]]);
  });

  test("is not done where the right to read the other is denied", async () => {
    const realm = "https://auth.a.example/token";
    const stub = stubTransport(({ url, headers }) => {
      if (url.startsWith(realm)) {
        const denied = url.includes("donor");
        return denied ? { status: 403 } : { status: 200, body: '{"token":"t"}' };
      }
      if (headers["authorization"] !== undefined) return { status: 404 };
      return { status: 401, headers: { "www-authenticate": `Bearer realm="${realm}"` } };
    });
    const repository = openRemote("a.example", { send: stub.send }).repository("target");
    expect(await repository.mount(descriptor, "donor")).toBe(false);
    expect(await repository.exists(descriptor)).toBe(false);
  });
});

describe("mount() at a docker-registry with tokens", () => {
  test("takes a blob over from a neighbour; not one that the neighbour lacks", async () => {
    await using folder = await temporaryFolder();
    const signer = makeCertificate(folder.path);
    const [issuer, service] = ["devreg tests", "registry"];
    const tokens = startTokenServer({ issuer, service, signer, ...ACCOUNT });
    const realm = `http://${tokens.host}/token`;
    const rootCertBundle = signer.certificate;
    const peer = await startDockerRegistry({ auth: { realm, service, issuer, rootCertBundle } });
    const pool = createTransportPool({ userAgent: "devreg/test" });
    const registry = openRemote(`${peer.host}/prefix`, {
      send: pool.send,
      credentials: always({ kind: "basic", ...ACCOUNT }),
      trustedRealms: [tokens.host],
    });
    const [donor, target] = [registry.repository("donor"), registry.repository("target")];
    await donor.push(descriptor, bytes);
    expect(await target.mount(descriptor, "donor")).toBe(true);
    expect(await target.exists(descriptor)).toBe(true);
    expect(tokens.issued).toContainEqual([
      "repository:prefix/target:pull,push",
      "repository:prefix/donor:pull",
    ]);
    const other = blobOf("another layer");
    expect(await target.mount(other.descriptor, "donor")).toBe(false);
    await target.push(other.descriptor, other.bytes);
    expect(await target.exists(other.descriptor)).toBe(true);
    await pool.close();
    await peer.stop();
    await tokens.stop();
  });
});
