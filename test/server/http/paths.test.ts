import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  basePathOf,
  createPathReader,
  findPathFault,
  partsBelow,
  rawQuery,
} from "../../../src/server/http/index.ts";

const request = (path: string) => new Request(`http://localhost${path}`);

describe("createPathReader()", () => {
  test.each([
    ["", "/index/all?name=go", "/index/all"],
    ["", "//index///all//", "/index/all/"],
    ["", "/devfiles/a%2fb", "/devfiles/a%2fb"],
    ["", "/", "/"],
    ["/base", "/base/index", "/index"],
    ["/base", "/base", "/"],
    ["/base", "/base/", "/"],
    ["/base", "/baseline", "/baseline"],
    ["/base", "/index", "/index"],
    ["/base", "/base/health", "/base/health"],
    ["/base", "/base/v2/", "/base/v2/"],
    ["/base", "/base/v2index", "/v2index"],
    ["/a/b", "//a//b//index", "/index"],
  ])("base %p: %s → %s", (base, path, expected) => {
    expect(createPathReader(base)(request(path))).toBe(expected);
  });
});

describe("createPathReader() without a usable Host", () => {
  test.each([
    ["/health", "/health"],
    ["/v2/_catalog?n=1", "/v2/_catalog"],
    ["//index//all", "/index/all"],
    ["/a/http://b/c", "/a/http:/b/c"],
  ])("%s → %s", (url, expected) => {
    // What Bun gives when the Host header makes no address.
    expect(createPathReader("")(Object.defineProperty(request("/"), "url", { value: url }))).toBe(
      expected,
    );
  });
});

describe("basePathOf()", () => {
  test("gives the base path for requests that came in below it", () => {
    expect(basePathOf(request("/base/index"), "/base")).toBe("/base");
    expect(basePathOf(request("/index"), "/base")).toBe("");
    expect(basePathOf(request("/index"), "")).toBe("");
  });
});

describe("rawQuery()", () => {
  test("gives what follows the question mark", () => {
    expect(rawQuery("http://localhost/a?b=c?d")).toBe("b=c?d");
    expect(rawQuery("http://localhost/a")).toBe("");
    expect(rawQuery("http://localhost/a?b#c")).toBe("b");
  });
});

describe("findPathFault()", () => {
  test.each([
    ["/plain", undefined],
    ["/with%20blank", undefined],
    ["/%E2%82%AC", undefined],
    ["/a%2fb", "not-found"],
    ["/a%5Cb", "not-found"],
    ["/a%00", "malformed"],
    ["/a%1f", "malformed"],
    ["/a%", "malformed"],
    ["/a%zz", "malformed"],
    ["/%ff%fe", "malformed"],
  ] as const)("%s", (path, expected) => {
    expect(findPathFault(path)).toBe(expected);
  });

  test("lets nothing through that cannot be decoded", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        if (findPathFault(text) === undefined) decodeURIComponent(text);
      }),
    );
  });
});

describe("partsBelow()", () => {
  test("splits and decodes", () => {
    expect(partsBelow("/devfiles/", "/devfiles/a%20b/c")).toEqual(["a b", "c"]);
  });

  test.each(["/stacks/../x", "/stacks/%2e%2e/x", "/stacks//x", "/stacks/x/", "/stacks/."])(
    "refuses %s",
    (path) => expect(partsBelow("/", path)).toBeUndefined(),
  );
});
