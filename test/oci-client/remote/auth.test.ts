import { describe, expect, test } from "bun:test";
import type { RemoteOptions } from "../../../src/oci-client/remote/index.ts";
import { fakeClock } from "../../support/clock.ts";
import { always, failureOf, openRemote } from "../../support/remote.ts";
import { blobOf } from "../../support/sample-content.ts";
import { type StubAnswer, type StubRequest, stubTransport } from "../../support/stub-transport.ts";

const HOST = "registry.company.example";
const AUTH = "auth.company.example";
const CREDENTIAL = { kind: "basic", username: "me", password: "canary" } as const;
const BASIC = `Basic ${btoa("me:canary")}`;
const { descriptor } = blobOf("x");

interface Rules {
  readonly realm?: string;
  readonly challenge?: string;
  /** Answers the token server. */
  readonly token?: (request: StubRequest, count: number) => StubAnswer;
  /** Says whether the registry lets a request with this Authorization in. */
  readonly admits?: (authorization: string | undefined, request: StubRequest) => boolean;
}

/** A registry that wants tokens, with its token server, wherever that is. */
function guarded(rules: Rules = {}) {
  const realm = rules.realm ?? `https://${AUTH}/token`;
  const challenge = rules.challenge ?? `Bearer realm="${realm}",service="s"`;
  const issue = (count: number) => JSON.stringify({ token: `t${count}`, expires_in: 300 });
  let tokens = 0;
  const stub = stubTransport((request) => {
    if (new URL(request.url).host !== HOST) {
      tokens += 1;
      return rules.token?.(request, tokens) ?? { status: 200, body: issue(tokens) };
    }
    const admits = rules.admits ?? ((value) => value?.startsWith("Bearer t") === true);
    if (!admits(request.headers["authorization"], request)) {
      return { status: 401, headers: { "www-authenticate": challenge } };
    }
    return { status: 200, headers: { "content-length": "1" } };
  });
  const tokenRequests = () => stub.requests.filter(({ url }) => new URL(url).host !== HOST);
  const open = (parts: Partial<RemoteOptions> = {}) =>
    openRemote(HOST, { send: stub.send, credentials: always(CREDENTIAL), ...parts });
  return { ...stub, tokenRequests, open };
}

describe("Bearer", () => {
  test("asks for a token once the registry wants one, then sends it at once", async () => {
    const { open, requests, tokenRequests } = guarded();
    const repository = open().repository("a/b");
    await repository.exists(descriptor);
    await repository.exists(descriptor);
    expect(requests.map(({ headers }) => headers["authorization"])).toEqual([
      undefined,
      BASIC,
      "Bearer t1",
      "Bearer t1",
    ]);
    expect(tokenRequests()[0]?.url).toBe(
      `https://${AUTH}/token?service=s&scope=repository%3Aa%2Fb%3Apull`,
    );
  });

  test("fetches one token for requests that run side by side", async () => {
    const { open, tokenRequests } = guarded();
    const repository = open().repository("a/b");
    await Promise.all(Array.from({ length: 6 }, () => repository.exists(descriptor)));
    expect(tokenRequests()).toHaveLength(1);
  });

  test("asks for every repository by itself, with push once something is written", async () => {
    const { open, tokenRequests } = guarded();
    const registry = open();
    await registry.repository("a").exists(descriptor);
    await registry
      .repository("a")
      .push(blobOf("").descriptor, new Uint8Array())
      .catch(() => 0);
    await registry.repository("b").exists(descriptor);
    const scopes = tokenRequests().map(({ url }) => new URL(url).searchParams.get("scope"));
    expect(scopes).toEqual([
      "repository:a:pull",
      "repository:a:pull,push",
      "repository:b:pull,push",
    ]);
  });

  test("reads with a token for reading where one for writing is denied", async () => {
    const { open } = guarded({
      token: ({ url }) =>
        url.includes("push") ? { status: 403 } : { status: 200, body: '{"access_token":"t"}' },
    });
    const registry = open();
    await registry.repository("a").exists(descriptor);
    const write = registry.repository("a").push(blobOf("").descriptor, new Uint8Array());
    expect((await failureOf(write)).code).toBe("UNAUTHORIZED");
    expect(await registry.repository("b").exists(descriptor)).toBe(true);
  });

  test("asks for the scopes of the challenge too, and remembers them", async () => {
    const { open, tokenRequests } = guarded({
      challenge: `Bearer realm="https://${AUTH}/token?a=%20b",scope="repository:local/a:pull"`,
    });
    const repository = open().repository("a");
    await repository.exists(descriptor);
    await repository.exists(descriptor);
    expect(tokenRequests().map(({ url }) => url)).toEqual([
      `https://${AUTH}/token?a=%20b&scope=repository%3Aa%3Apull&scope=repository%3Alocal%2Fa%3Apull`,
    ]);
  });

  test("renews a token before it ends, by the lifetime that it has", async () => {
    const lifetimes = ['{"token":"t1","expires_in":300}', '{"token":"t2"}', '{"token":"t3"}'];
    const clock = fakeClock();
    const { open, tokenRequests } = guarded({
      token: (_, count) => ({ status: 200, body: lifetimes[count - 1] ?? "" }),
    });
    const repository = open({ clock }).repository("a");
    const counts: number[] = [];
    for (const ms of [0, 289_000, 1_500, 49_000, 1_500]) {
      clock.advance(ms);
      await repository.exists(descriptor);
      counts.push(tokenRequests().length);
    }
    expect(counts).toEqual([1, 1, 2, 2, 3]);
  });

  test("replaces a token that is refused once, then gives up", async () => {
    let revoked = "Bearer t1";
    const { open, tokenRequests } = guarded({
      admits: (value) => value?.startsWith("Bearer") === true && value !== revoked,
    });
    const repository = open().repository("a");
    expect((await failureOf(repository.exists(descriptor))).code).toBe("UNAUTHORIZED");
    expect(await repository.exists(descriptor)).toBe(true);
    expect(tokenRequests()).toHaveLength(2);
    revoked = "Bearer t2";
    expect(await repository.exists(descriptor)).toBe(true);
    expect(tokenRequests()).toHaveLength(3);
  });

  test("exchanges a refresh token by POST, and never shows it in an address", async () => {
    const { open, tokenRequests } = guarded();
    const credentials = always({ kind: "refresh", token: "canary" });
    await open({ credentials }).repository("a").exists(descriptor);
    const [request] = tokenRequests();
    expect(request).toMatchObject({ method: "POST", url: `https://${AUTH}/token` });
    expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
      grant_type: "refresh_token",
      client_id: "devreg",
      refresh_token: "canary",
      service: "s",
      scope: "repository:a:pull",
    });
  });

  test("does not take a refresh token along a redirect", async () => {
    const { open, requests } = guarded({
      token: () => ({ status: 307, headers: { location: "https://evil.test/" } }),
    });
    const credentials = always({ kind: "refresh", token: "canary" });
    await failureOf(open({ credentials }).repository("a").exists(descriptor));
    expect(requests.some(({ url }) => url.includes("evil.test"))).toBe(false);
  });

  test("sends a token of the user's as it is", async () => {
    const { open, tokenRequests } = guarded();
    const credentials = always({ kind: "bearer", token: "t-own" });
    expect(await open({ credentials }).repository("a").exists(descriptor)).toBe(true);
    expect(tokenRequests()).toEqual([]);
  });

  const answers = ["", "[]", '{"token":""}', '{"token":5}', '{"token":"a\\nb"}'];
  for (const body of answers) {
    test(`takes ${body || "nothing"} for no token`, async () => {
      const { open } = guarded({ token: () => ({ status: 200, body }) });
      const failure = await failureOf(open().repository("a").exists(descriptor));
      expect(failure.message).toContain("holds no token");
    });
  }
});

describe("Basic", () => {
  test("is used where nothing better is offered, and then at once", async () => {
    const { open, requests } = guarded({
      challenge: 'Basic realm="x"',
      admits: (value) => value === BASIC,
    });
    const repository = open().repository("a");
    await repository.exists(descriptor);
    await repository.exists(descriptor);
    expect(requests.map(({ headers }) => headers["authorization"])).toEqual([
      undefined,
      BASIC,
      BASIC,
    ]);
  });

  test("with the wrong password is tried once and says what to check", async () => {
    const { open, requests } = guarded({ challenge: "Basic realm=x", admits: () => false });
    const failure = await failureOf(open().repository("a").exists(descriptor));
    expect(failure.code).toBe("UNAUTHORIZED");
    expect(failure.hint).toContain("DEVREG_AUTH_");
    expect(requests).toHaveLength(2);
  });
});

describe("credentials stay at home", () => {
  const leaks = (requests: readonly StubRequest[]) =>
    requests
      .filter(({ url }) => new URL(url).host !== HOST)
      .map((request) => JSON.stringify(request));

  test("when a token server on another site is named: it is asked without them", async () => {
    const { open, requests } = guarded({ realm: "https://evil.test/token" });
    expect(await open().repository("a").exists(descriptor)).toBe(true);
    expect(leaks(requests).join()).not.toContain(btoa("me:canary"));
    expect(leaks(requests)).toHaveLength(1);
  });

  test("also when that one then denies, which is said", async () => {
    const { open, requests } = guarded({
      realm: "https://evil.test/token",
      token: () => ({ status: 401 }),
    });
    const credentials = always({ kind: "refresh", token: "canary" });
    const failure = await failureOf(open({ credentials }).repository("a").exists(descriptor));
    expect(failure.message).toContain("evil.test is another site");
    expect(leaks(requests).join()).not.toContain("canary");
  });

  for (const realm of [
    `http://${HOST}/token`,
    "https://169.254.169.254/token",
    "https://2130706433/",
  ]) {
    test(`when the token server is ${realm}: nothing is sent there`, async () => {
      const { open, requests } = guarded({ realm });
      expect((await failureOf(open().repository("a").exists(descriptor))).code).toBe(
        "UNAUTHORIZED",
      );
      expect(requests).toHaveLength(1);
    });
  }

  test("when the token server leads on to another origin", async () => {
    const { open, requests } = guarded({
      token: (_, count) =>
        count === 1
          ? { status: 302, headers: { location: "https://evil.test/" } }
          : { status: 200, body: '{"token":"t"}' },
    });
    await open().repository("a").exists(descriptor);
    const elsewhere = requests.filter(({ url }) => url.includes("evil.test"));
    expect(elsewhere.map(({ headers }) => headers["authorization"])).toEqual([undefined]);
  });

  for (const elsewhere of ["storage.example", `${HOST}:8443`]) {
    test(`when a blob is at ${elsewhere}`, async () => {
      const stub = stubTransport(({ url, headers }) => {
        if (new URL(url).host !== HOST) return { status: 200, body: "x" };
        return headers["authorization"] === undefined
          ? { status: 401, headers: { "www-authenticate": "Basic" } }
          : { status: 307, headers: { location: `https://${elsewhere}/blob?signature=1` } };
      });
      const registry = openRemote(HOST, { send: stub.send, credentials: always(CREDENTIAL) });
      await registry.repository("a").fetch(descriptor);
      expect(leaks(stub.requests).join()).not.toContain("uthorization");
      expect(leaks(stub.requests)).toHaveLength(1);
    });
  }

  test("when the other origin asks for them by itself", async () => {
    const stub = stubTransport(({ url }) =>
      new URL(url).host === HOST
        ? { status: 307, headers: { location: "https://evil.test/" } }
        : { status: 401, headers: { "www-authenticate": "Basic realm=x" } },
    );
    const registry = openRemote(HOST, { send: stub.send, credentials: always(CREDENTIAL) });
    await failureOf(registry.repository("a").fetch(descriptor));
    expect(JSON.stringify(stub.requests)).not.toContain(btoa("me:canary"));
  });
});
