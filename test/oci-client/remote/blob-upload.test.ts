import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { streamOf } from "../../../src/bytes.ts";
import { createTransportPool, type TransportPool } from "../../../src/net/index.ts";
import { byRoute, type FaultServer, startFaultServer } from "../../support/fault-server.ts";
import { always, failureOf, openRemote } from "../../support/remote.ts";
import { blobOf } from "../../support/sample-content.ts";
import { type StubAnswer, stubTransport } from "../../support/stub-transport.ts";

const { descriptor, bytes } = blobOf("some content");
const DIGEST = encodeURIComponent(descriptor.digest);

/** A registry that gives the location for uploads, behind Basic authentication. */
function uploading(location: string | undefined, put: StubAnswer = { status: 201 }) {
  const stub = stubTransport(({ method, url, headers }) => {
    if (method === "PUT") return put;
    if (new URL(url).host === "a.example" && headers["authorization"] === undefined) {
      return { status: 401, headers: { "www-authenticate": "Basic" } };
    }
    if (method === "HEAD") return { status: 404 };
    return { status: 202, headers: location === undefined ? {} : { location } };
  });
  const credentials = always({ kind: "basic", username: "u", password: "canary" });
  const repository = openRemote("a.example", { send: stub.send, credentials }).repository("r");
  const puts = () => stub.requests.filter(({ method }) => method === "PUT");
  return { ...stub, puts, push: () => repository.push(descriptor, bytes) };
}

describe("the Location of an upload", () => {
  const locations: readonly (readonly [name: string, location: string, put: string])[] = [
    ["absolute", "https://a.example/u/1", "https://a.example/u/1?"],
    ["a path", "/u/1", "https://a.example/u/1?"],
    ["relative", "1?x", "https://a.example/v2/r/blobs/uploads/1?x&"],
    ["with the default port", "https://a.example:443/u", "https://a.example/u?"],
    [
      "with a query, byte for byte",
      "/u?_state=a%2Bb+c=%3D&digest=old&x=é",
      "https://a.example/u?_state=a%2Bb+c=%3D&digest=old&x=%C3%A9&",
    ],
    ["with a fragment", "/u?x=1#part", "https://a.example/u?x=1&"],
  ];
  for (const [name, location, put] of locations) {
    test(`may be ${name}`, async () => {
      const { push, puts } = uploading(location);
      await push();
      expect(puts()[0]?.url).toBe(`${put}digest=${DIGEST}`);
      expect(puts()[0]?.headers["authorization"]).toBeDefined();
    });
  }

  for (const other of ["https://storage.example/u", "https://a.example:8443/u"]) {
    test(`may be ${other}, which gets the bytes and no credentials`, async () => {
      const { push, puts, requests } = uploading(other);
      await push();
      expect(puts()[0]).toMatchObject({ url: `${other}?digest=${DIGEST}`, body: "some content" });
      expect(puts()[0]?.headers["authorization"]).toBeUndefined();
      const elsewhere = requests.filter(({ url }) => new URL(url).host !== "a.example");
      expect(JSON.stringify(elsewhere)).not.toContain("uthorization");
    });
  }

  const refused: readonly (readonly [name: string, location: string | undefined])[] = [
    ["missing", undefined],
    ["without TLS", "http://a.example/u"],
    ["without TLS on another host", "http://b.example/u"],
    ["an internal address", "https://10.0.0.1/u"],
    ["this machine", "https://2130706433/u"],
    ["no web address", "file:///etc/passwd"],
    ["no address", "https://"],
  ];
  for (const [name, location] of refused) {
    test(`is refused when it is ${name}: no bytes are sent`, async () => {
      const { push, puts } = uploading(location);
      await failureOf(push());
      expect(puts()).toEqual([]);
    });
  }
});

describe("an upload", () => {
  test("asks for the blob first, once, and sends nothing that is there", async () => {
    const stub = stubTransport(() => ({ status: 200, headers: { "content-length": "12" } }));
    await openRemote("a.example", { send: stub.send }).repository("r").push(descriptor, bytes);
    expect(stub.requests.map(({ method }) => method)).toEqual(["HEAD"]);
  });

  test("does not ask again what was found missing just before", async () => {
    const answers: Record<string, StubAnswer> = {
      HEAD: { status: 404 },
      POST: { status: 202, headers: { location: "/u" } },
      PUT: { status: 201 },
    };
    const stub = stubTransport(({ method }) => answers[method] ?? { status: 500 });
    const repository = openRemote("a.example", { send: stub.send }).repository("r");
    expect(await repository.exists(descriptor)).toBe(false);
    await repository.push(descriptor, bytes);
    expect(stub.requests.map(({ method }) => method)).toEqual(["HEAD", "POST", "PUT"]);
    await repository.push(descriptor, bytes);
    expect(stub.requests[3]?.method).toBe("HEAD");
  });

  test("sends a blob again that is there in another size", async () => {
    const { push } = uploading("/u");
    await push();
    const stub = stubTransport(() => ({ status: 200, headers: { "content-length": "11" } }));
    const repository = openRemote("a.example", { send: stub.send }).repository("r");
    expect(await repository.exists(descriptor)).toBe(false);
  });

  test("fails when the registry stored other bytes", async () => {
    const headers = { "docker-content-digest": blobOf("other").descriptor.digest };
    const { push } = uploading("/u", { status: 201, headers });
    expect((await failureOf(push())).code).toBe("DIGEST_MISMATCH");
  });

  test("says what a proxy that caps uploads means", async () => {
    const { push } = uploading("/u", { status: 413, body: "<html>too large</html>" });
    const failure = await failureOf(push());
    expect(failure.message).toBe(`Cannot push blob ${descriptor.digest}: a.example answered 413`);
    expect(failure.hint).toContain("limits the size");
  });
});

describe("an upload over the wire", () => {
  const UPLOADS = "/v2/r/blobs/uploads/";
  let pool: TransportPool;
  let server: FaultServer | undefined;
  beforeAll(() => {
    pool = createTransportPool({ userAgent: "devreg/test" });
  });
  afterAll(() => pool.close());

  const session = (id: number) => ({ status: 202, headers: { location: `/u/${id}` } });
  async function pushTo(
    script: Parameters<typeof startFaultServer>[0],
    content = () => streamOf(bytes),
  ) {
    server = await startFaultServer(script);
    const repository = openRemote(server.host, { send: pool.send }).repository("r");
    try {
      await repository.push(descriptor, content);
    } finally {
      await server.stop();
    }
    return server.requests.map(({ method, target }) => `${method} ${target.split("?")[0]}`);
  }

  test("begins a new session when a PUT is reset or fails in passing", async () => {
    const requests = await pushTo(
      byRoute({
        [`POST ${UPLOADS}`]: [session(1), session(2), session(3)],
        "PUT /u/1": ["reset"],
        "PUT /u/2": [{ status: 503 }],
        "PUT /u/3": [{ status: 201 }],
      }),
    );
    expect(requests.filter((request) => !request.startsWith("HEAD"))).toEqual([
      `POST ${UPLOADS}`,
      "PUT /u/1",
      `POST ${UPLOADS}`,
      "PUT /u/2",
      `POST ${UPLOADS}`,
      "PUT /u/3",
    ]);
    expect(server?.requests.at(-1)?.body).toEqual(bytes);
  });

  test("of a stream with the wrong bytes is never complete, and the session given up", async () => {
    const wrong = () => streamOf(bytes.subarray(0, 6), new Uint8Array(6));
    const script = byRoute({ [`POST ${UPLOADS}`]: [session(1)], "DELETE /u/1": [{ status: 204 }] });
    expect((await failureOf(pushTo(script, wrong))).code).toBe("DIGEST_MISMATCH");
    const requests = server?.requests.map(({ method }) => method);
    expect(requests).toEqual(["HEAD", "POST", "DELETE"]);
  });

  test("gives up after five sessions", async () => {
    const script = byRoute({ [`POST ${UPLOADS}`]: [session(1)], "PUT /u/1": ["reset"] });
    expect((await failureOf(pushTo(script))).code).toBe("NETWORK");
    const puts = server?.requests.filter(({ method }) => method === "PUT");
    expect(puts).toHaveLength(5);
  });
});
