import { describe, expect, test } from "bun:test";
import { utf8 } from "../src/bytes.ts";
import { parseJsonParts } from "../src/json-parts.ts";
import { parseManifest } from "../src/oci-client/index.ts";
import { parseTags } from "../src/oci-client/remote/name-list.ts";

describe("parseJsonParts()", () => {
  test("parses what has as many lists and maps as it may", () => {
    expect(parseJsonParts(utf8('{"a":[{},[1]]}'), 4)).toEqual({ a: [{}, [1]] });
  });

  test.each(["[".repeat(5), "[[],[],[],[]]", '{"a":{"b":{"c":{"d":{}}}}}'])(
    "refuses %s before it is parsed",
    (text) => {
      expect(() => parseJsonParts(utf8(text), 4)).toThrow("over 4 lists and maps");
    },
  );

  test("tells of what is no JSON as JSON.parse() does", () => {
    expect(() => parseJsonParts(utf8("{"), 4)).toThrow(SyntaxError);
  });
});

test("what a registry sends is not parsed when it is all brackets", () => {
  const bytes = utf8("[".repeat(1_000_000));
  expect(() => parseTags(bytes)).toThrow("wrong form");
  const type = "application/vnd.oci.image.manifest.v1+json";
  expect(() => parseManifest(bytes, type)).toThrow("it is not JSON");
});
