import { describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { SearchAnswerSchema } from "../../../src/server/contract/index.ts";
import { servedApp } from "../../support/served-app.ts";

const { get, send } = await servedApp();

describe("GET /search", () => {
  test("gives what was found, the best first", async () => {
    const response = await get("/search?q=python");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    const answer = await response.json();
    expect(Value.Check(SearchAnswerSchema, answer)).toBe(true);
    expect(answer).toEqual({
      query: "python",
      total: 1,
      results: [
        {
          name: "python-web",
          type: "stack",
          displayName: "Python",
          version: "3.1.0",
          tags: ["Python"],
          devfile: "devfiles/python-web",
          score: expect.any(Number),
        },
      ],
    });
  });

  test.each([
    ["/search?q=go&type=sample", 0, 0],
    ["/search?q=go&type=stack", 1, 1],
    ["/search?q=go&q=python", 1, 1],
    ["/search?q=g&limit=1", 1, 1],
    ["/search", 0, 0],
    ["/search?q=", 0, 0],
    ["/search?q=%20%20", 0, 0],
    ["/search?q=%00", 0, 0],
    ["/search?q=go&unknown=1", 1, 1],
  ])("%s", async (path, total, given) => {
    const answer = Value.Parse(SearchAnswerSchema, await (await get(path)).json());
    expect([answer.total, answer.results.length]).toEqual([total, given]);
  });

  test.each([
    [`/search?q=${"a".repeat(201)}`, "q"],
    ["/search?q=go&type=other", "type"],
    ["/search?q=go&limit=0", "limit"],
    ["/search?q=go&limit=101", "limit"],
    ["/search?q=go&limit=1e3", "limit"],
  ])("refuses %s", async (path, parameter) => {
    const response = await get(path);
    expect(response.status).toBe(400);
    expect(await response.text()).toStartWith(`{"error":"Cannot read parameter \\"${parameter}\\"`);
  });

  test("answers HEAD and conditions", async () => {
    const head = await send("HEAD", "/search?q=go");
    const tag = head.headers.get("etag") ?? "";
    expect(Number(head.headers.get("content-length"))).toBeGreaterThan(0);
    expect((await get("/search?q=go", { "if-none-match": tag })).status).toBe(304);
  });
});
