import { describe, expect, test } from "bun:test";
import { NOW, ownHeaders, updateApp } from "../../support/update-app.ts";

const COMMIT = "AbCdEf0123".repeat(4);

describe("a request of our own form", () => {
  test.each([
    [{}, { origin: "own" }],
    [{ commit: COMMIT }, { origin: "own", commit: COMMIT.toLowerCase() }],
    [{ commit: "0".repeat(64) }, { origin: "own", commit: "0".repeat(64) }],
    [{ stacks: ["go", "a", "go"] }, { origin: "own", stacks: ["a", "go"] }],
    [
      { samples: true, force: false },
      { origin: "own", samples: true, force: false },
    ],
  ])("%j asks for %j", async (body, update) => {
    const app = await updateApp();
    expect((await app.own(body)).status).toBe(200);
    expect(app.asked).toEqual([expect.objectContaining(update)]);
    expect(Object.keys(app.asked[0] ?? {}).sort()).toEqual(Object.keys(update).sort());
  });

  test.each([
    [{ comit: COMMIT }, '"comit" is not one of commit, stacks, samples, force'],
    [{ constructor: 1 }, '"constructor" is not one of'],
    [{ commit: "main" }, 'Cannot read "commit": it should be a whole commit'],
    [{ commit: "abcdef0" }, 'Cannot read "commit"'],
    [{ commit: null }, 'Cannot read "commit"'],
    [{ stacks: "go" }, 'Cannot read "stacks"'],
    [{ stacks: [""] }, 'Cannot read "stacks"'],
    [{ stacks: new Array(1001).fill("go") }, 'Cannot read "stacks"'],
    [{ samples: 1 }, 'Cannot read "samples"'],
    [{ force: "true" }, 'Cannot read "force"'],
    [[], "it should be a JSON object"],
    [null, "it should be a JSON object"],
    ["{}", "it should be a JSON object"],
  ])("%j is refused by name", async (body, reason) => {
    const app = await updateApp();
    const response = await app.own(body);
    expect(response.status).toBe(400);
    const { state, reasons } = JSON.parse(await response.text());
    expect([state, reasons.length]).toEqual(["refused", 1]);
    expect(reasons[0]).toContain(reason);
    expect(app.asked).toEqual([]);
  });

  test.each([
    ["{", "application/json", 400],
    ["", "application/json", 400],
    ['{"__proto__":{"force":true}}', "application/json", 400],
    ["[".repeat(100_000), "application/json", 400],
    ["{}", "text/plain", 415],
    ["payload=%7B%7D", "application/x-www-form-urlencoded", 415],
    ["{}", "Application/JSON; charset=utf-8", 200],
  ])("%p as %s is %i", async (body, type, status) => {
    const app = await updateApp();
    const response = await app.post(body, { ...ownHeaders(body, NOW), "content-type": type });
    expect(response.status).toBe(status);
  });
});
