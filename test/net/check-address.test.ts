import { describe, expect, test } from "bun:test";
import { checkAddress } from "../../src/net/index.ts";
import { stubTransport } from "../support/stub-transport.ts";

const URL_OF = new URL("https://files.example.com/a.zip");

async function check(statuses: Readonly<Record<string, number>>) {
  const stub = stubTransport(({ method }) => ({ status: statuses[method] ?? 500, body: "body" }));
  const options = { timeoutMs: 1000, what: "it" };
  const code = await checkAddress(stub.send, URL_OF, options).then(
    () => undefined,
    (error) => error.code,
  );
  return { code, methods: stub.requests.map(({ method }) => method) };
}

describe("checkAddress()", () => {
  test("asks for the head alone", async () => {
    expect(await check({ HEAD: 200 })).toEqual({ code: undefined, methods: ["HEAD"] });
  });

  test.each([403, 405, 501])("asks again where a server answers %d to that", async (status) => {
    const both = { code: undefined, methods: ["HEAD", "GET"] };
    expect(await check({ HEAD: status, GET: 200 })).toEqual(both);
  });

  test.each([
    [404, "NOT_FOUND"],
    [410, "NOT_FOUND"],
    [401, "UNAUTHORIZED"],
    [500, "NETWORK"],
  ])("fails for %d with %s", async (status, code) => {
    expect((await check({ HEAD: status })).code).toBe(code);
  });

  test("follows redirects", async () => {
    const stub = stubTransport(({ url }) =>
      url.endsWith("/b.zip")
        ? { status: 200 }
        : { status: 302, headers: { location: "https://files.example.com/b.zip" } },
    );
    await checkAddress(stub.send, URL_OF, { timeoutMs: 1000, what: "it" });
    expect(stub.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "HEAD https://files.example.com/a.zip",
      "HEAD https://files.example.com/b.zip",
    ]);
  });
});
