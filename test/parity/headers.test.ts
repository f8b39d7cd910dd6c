import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type Serving, startServe } from "../support/devreg.ts";
import { exchangeRaw } from "../support/raw-http.ts";
import { devfileText, registryRepository } from "../support/registry-repository.ts";
import type { TemporaryFolder } from "../support/temporary-folder.ts";

setDefaultTimeout(60_000);

const KIB = 1024;

/** Headers as those come who are signed in at a company → whether they are within what is taken. */
const HEADERS: Readonly<Record<string, readonly [fields: readonly string[], isTaken: boolean]>> = {
  "one field of 32 KiB": [[`Cookie: ${"a".repeat(32 * KIB)}`], true],
  "two fields of 16 KiB": [
    [`Cookie: ${"a".repeat(16 * KIB)}`, `Authorization: Bearer ${"b".repeat(16 * KIB)}`],
    true,
  ],
  "a name of 32 KiB": [[`${"x".repeat(32 * KIB)}: a`], true],
  "90 fields": [Array.from({ length: 90 }, (_, at) => `X-Field-${at}: ${"c".repeat(300)}`), true],
  "hints of 32 KiB": [
    [
      `Client: ${"d".repeat(16 * KIB)}`,
      `User: ${"e".repeat(8 * KIB)}`,
      `Locale: ${"f".repeat(8 * KIB)}`,
    ],
    true,
  ],
  "hints twice, empty, and in Latin-1": [
    ["Client: odo", "Client: other", "User:", "Locale: \u00e9\u00ff", "Accept-Language: ;q=, ,"],
    true,
  ],
  "one field of 128 KiB": [[`Cookie: ${"a".repeat(128 * KIB)}`], false],
};

const ADDRESSES = [
  "/health",
  "/readyz",
  "/index",
  "/v2index/all?name=go",
  "/devfiles/go",
  "/stacks/go/devfile.yaml",
  "/search?q=go",
  "/v2/",
  "/v2/_catalog",
  "/viewer",
];

let registry: TemporaryFolder;
let server: Serving;

beforeAll(async () => {
  registry = await registryRepository({ "stacks/go/devfile.yaml": devfileText() });
  server = await startServe([registry.path]);
});

afterAll(async () => {
  await server.stop();
  await registry[Symbol.asyncDispose]();
});

describe("header fields", () => {
  test.each(Object.entries(HEADERS))("%s", async (_name, [fields, isTaken]) => {
    for (const path of ADDRESSES) {
      const lines = [`GET ${path} HTTP/1.1`, "Host: x", ...fields];
      const [answer] = await exchangeRaw(server.url, `${lines.join("\r\n")}\r\n\r\n`);
      // What is far too long may find the connection closed before its answer is read.
      const status = isTaken ? answer?.status : (answer?.status ?? 431);
      expect([path, status]).toEqual([path, isTaken ? 200 : 431]);
    }
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });
});
