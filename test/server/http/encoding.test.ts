import { describe, expect, test } from "bun:test";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { textOf, utf8 } from "../../../src/bytes.ts";
import { chooseEncoding, Representation, represent } from "../../../src/server/http/index.ts";

describe("chooseEncoding()", () => {
  test.each([
    [null, "identity"],
    ["", "identity"],
    ["gzip", "gzip"],
    ["gzip, deflate, br", "gzip"],
    ["gzip, deflate, br, zstd", "zstd"],
    ["zstd;q=0.1, gzip;q=0.9", "gzip"],
    ["gzip;q=0", "identity"],
    ["gzip;q=0, zstd", "zstd"],
    ["*", "zstd"],
    ["*;q=0", "identity"],
    ["gzip;q=0.5, identity;q=0.9", "identity"],
    ["gzip;q=nonsense", "gzip"],
    ["GZIP ; q=0.3", "gzip"],
    ["identity;q=0", "identity"],
    ["br", "identity"],
    ["x-gzip", "gzip"],
    [", ,;", "identity"],
  ] as const)("%s", (accept, expected) => {
    expect(chooseEncoding(accept)).toBe(expected);
    expect(chooseEncoding(accept)).toBe(expected);
  });

  test("is right however many headers there were before", () => {
    for (let at = 0; at < 1_000; at += 1) {
      expect(chooseEncoding(`br, gzip;q=0.${at}1, x${at}`)).toBe("gzip");
      expect(chooseEncoding(`br, gzip;q=0, x${at}`)).toBe("identity");
    }
    expect(chooseEncoding(`${"x,".repeat(1_000)}zstd`)).toBe("zstd");
  });
});

const text = "a line that compresses well\n".repeat(100);
const body = await new Representation({ bytes: utf8(text), type: "text/plain" }).prepare();

describe("represent()", () => {
  const ask = (headers: Record<string, string>, method = "GET") =>
    represent(new Request("http://localhost/", { method, headers }), body);

  test("sends each form with its own tag, length and content", async () => {
    const plain = ask({});
    const gzip = ask({ "accept-encoding": "gzip" });
    const zstd = ask({ "accept-encoding": "zstd" });
    const tags = [plain, gzip, zstd].map((response) => response.headers.get("etag"));
    expect(new Set(tags).size).toBe(3);
    expect(await plain.text()).toBe(text);
    const zipped = new Uint8Array(await gzip.arrayBuffer());
    expect(gzip.headers.get("content-length")).toBe(String(zipped.byteLength));
    expect(textOf(gunzipSync(zipped))).toBe(text);
    expect(textOf(zstdDecompressSync(new Uint8Array(await zstd.arrayBuffer())))).toBe(text);
    for (const response of [plain, gzip, zstd]) {
      expect(response.headers.get("vary")).toBe("accept-encoding");
    }
  });

  test("gives each client an answer of its own", async () => {
    const long = new Representation({ bytes: utf8(text.repeat(20)), type: "text/plain" });
    for (const representation of [body, long]) {
      const request = new Request("http://localhost/");
      const answers = [1, 2, 3].map(() => represent(request, representation));
      answers[0]?.headers.set("x-request-id", "the first one's");
      await answers[1]?.body?.cancel();
      const last = answers[2];
      expect(last?.headers.has("x-request-id")).toBe(false);
      expect(await last?.text()).toBe(textOf(representation.parts.bytes));
    }
  });

  test("answers 304 only for the tag of the form that would be sent", () => {
    const tag = ask({ "accept-encoding": "gzip" }).headers.get("etag") ?? "";
    const again = ask({ "accept-encoding": "gzip", "if-none-match": tag });
    expect(again.status).toBe(304);
    expect(again.headers.get("etag")).toBe(tag);
    expect(again.headers.get("vary")).toBe("accept-encoding");
    expect(again.headers.get("content-length")).toBeNull();
    expect(ask({ "if-none-match": tag }).status).toBe(200);
  });

  test("tells HEAD the length of what GET would send", async () => {
    const head = ask({ "accept-encoding": "gzip" }, "HEAD");
    const get = ask({ "accept-encoding": "gzip" });
    expect(head.headers.get("content-length")).toBe(get.headers.get("content-length"));
    expect((await head.arrayBuffer()).byteLength).toBe(0);
  });

  test("leaves short bodies alone", () => {
    const short = new Representation({ bytes: utf8("hi"), type: "text/plain" });
    const request = new Request("http://localhost/", { headers: { "accept-encoding": "gzip" } });
    const response = represent(request, short);
    expect(response.headers.get("content-encoding")).toBeNull();
    expect(response.headers.get("vary")).toBeNull();
  });
});
