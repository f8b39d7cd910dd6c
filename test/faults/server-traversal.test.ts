import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type AttackedServer, attackedServer, CANARY } from "../support/attacked-server.ts";
import { parseAnswers, rawConnection } from "../support/raw-http.ts";

setDefaultTimeout(60_000);

let attacked: AttackedServer;

beforeAll(async () => {
  attacked = await attackedServer("--access-log=off");
});

afterAll(async () => {
  await attacked[Symbol.asyncDispose]();
});

/** Every route that reads something by its name. */
const ROUTES = [
  "/stacks/",
  "/stacks/alpha/1.0.0/",
  "/samples/",
  "/icons/",
  "/documents/",
  "/devfiles/",
  "/devfiles/alpha/",
  "/devfiles/alpha/1.0.0/",
  "/devfiles/alpha/starter-projects/",
  "/viewer/",
  "/viewer/icons/",
  "/viewer/devfiles/",
  "/badges/",
  "/badges/alpha/",
  "/v2/",
  "/v2/devfile-catalog/alpha/manifests/",
  "/v2/devfile-catalog/alpha/blobs/",
];

/** "The folder above" as it was written to get past somebody, at one time or another. */
const UPS = [
  "..",
  "%2e%2e",
  "%2E.",
  "%252e%252e",
  "%25252e%25252e",
  "%c0%ae%c0%ae",
  "%e0%80%ae%e0%80%ae",
  "%u002e%u002e",
  "%uff0e%uff0e",
  "\xef\xbc\x8e\xef\xbc\x8e",
  "..%00",
  "..%0a",
  "..%20",
  "..;",
  "....",
];

const SEPARATORS = [
  "/",
  "\\",
  "%2f",
  "%2F",
  "%5c",
  "%252f",
  "%255c",
  "%c0%af",
  "%e0%80%af",
  "//",
  "/./",
];

const TARGETS = [
  "canary",
  "registry/OWNERS",
  "OWNERS",
  ".hidden",
  "etc/passwd",
  "proc/self/environ",
];

/** Asks for all targets over one connection; a server that closes it is asked again. */
async function ask(url: string, targets: readonly string[]): Promise<string> {
  let text = "";
  const requests = targets.map(
    (target) => `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  );
  for (const request of requests) {
    using connection = await rawConnection(url);
    connection.send(Buffer.from(request, "latin1"));
    await connection.closed;
    text += connection.received();
  }
  return text;
}

describe("no file is read that is not served", () => {
  for (const route of ROUTES) {
    test(`below ${route}`, async () => {
      const targets = UPS.flatMap((up) =>
        SEPARATORS.map((separator, at) => {
          const name = TARGETS[at % TARGETS.length] ?? "";
          const ups = `${up}${separator}`.repeat(2 + (at % 5));
          return `${route}${ups}${name.replaceAll("/", separator)}`;
        }),
      );
      const text = await ask(attacked.server.url, targets);
      expect(text).not.toContain(CANARY);
      expect(text).not.toContain("root:");
      expect(text).not.toContain("PATH=");
      for (const { status, headers, body } of parseAnswers(text)) {
        expect([200, 301, 302, 400, 404, 505]).toContain(status);
        expect(body).not.toContain(attacked.folder);
        expect(headers["location"] ?? "/").not.toMatch(/^(?:[a-z]+:)?\/\//);
      }
    });
  }

  test("and the server is well after it", async () => {
    expect(await attacked.isWell()).toBe(true);
  });
});

test("no address redirects to another server", async () => {
  const targets = [
    "//evil.example/",
    "//evil.example/index/",
    "/\\evil.example/index/",
    "/%2f%2fevil.example/viewer/",
    "/devfiles//evil.example/",
    "/index//evil.example/",
    "/viewer//evil.example/..",
    "/viewer/%0d%0aLocation:%20http://evil.example/",
    "/devfiles/%0d%0aLocation:%20http://evil.example/",
  ];
  const text = await ask(attacked.server.url, targets);
  for (const { headers } of parseAnswers(text)) {
    expect(headers["location"] ?? "/").toMatch(/^(?!\/\/)(?:\/|\.\.?\/)/);
    expect(headers["location"] ?? "").not.toContain("\\");
  }
});
