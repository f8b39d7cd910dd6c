import { describe, expect, test } from "bun:test";
import { DevregError, type ErrorCode } from "../../../src/errors.ts";
import { failureReply } from "../../../src/server/v2/index.ts";
import { jsonOf } from "../../support/json-of.ts";

const REQUEST = new Request("http://localhost/v2/a/manifests/1");

describe("failureReply()", () => {
  test("says when to ask again where nothing was answered in time", () => {
    const late = failureReply(REQUEST, new DevregError("TIMEOUT", "Cannot ask"), "r1");
    expect(late.headers.get("retry-after")).toBe("5");
    const broken = failureReply(REQUEST, new DevregError("DIGEST_MISMATCH", "Cannot ask"), "r1");
    expect(broken.headers.get("retry-after")).toBeNull();
  });

  const table: readonly [ErrorCode, number, string][] = [
    ["NOT_FOUND", 404, "NAME_UNKNOWN"],
    ["DIGEST_MISMATCH", 502, "UNAVAILABLE"],
    ["INPUT_INVALID", 502, "UNAVAILABLE"],
    ["UNSUPPORTED", 502, "UNAVAILABLE"],
    ["UNAUTHORIZED", 502, "UNAVAILABLE"],
    ["TIMEOUT", 504, "UNAVAILABLE"],
    ["IO", 500, "UNKNOWN"],
  ];
  test.each(table)("answers %s with %d %s, not with what was said", async (code, status, shown) => {
    const response = failureReply(REQUEST, new DevregError(code, "Cannot say: secret"), "r1");
    expect(response.status).toBe(status);
    const { errors } = await jsonOf(response);
    expect(errors).toMatchObject([{ code: shown }]);
    expect(JSON.stringify(errors)).not.toContain("secret");
  });
});
