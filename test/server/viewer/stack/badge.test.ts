import { describe, expect, test } from "bun:test";
import { badge } from "../../../../src/server/viewer/stack/badge.ts";
import { textWidth } from "../../../../src/server/viewer/stack/text-width.ts";
import { BADGE_CHARS } from "../../../../src/viewer-limits.ts";
import { servedApp } from "../../../support/served-app.ts";

function widthOf(picture: string): number {
  return Number(/^<svg[^>]* width="(\d+)"/.exec(picture)?.[1]);
}

describe("badge()", () => {
  test("is as wide as its text", () => {
    expect(textWidth("go")).toBeCloseTo(13.6);
    expect(textWidth("")).toBe(0);
    expect(widthOf(badge("go", "1.0.0"))).toBeLessThan(widthOf(badge("go-with-more", "1.0.0")));
    expect(widthOf(badge("go", ""))).toBeLessThan(widthOf(badge("go", "1")));
    expect(widthOf(badge("漢字", "1"))).toBeGreaterThan(widthOf(badge("il", "1")));
  });

  test("escapes what it says and leaves out what XML cannot hold", () => {
    const picture = badge('<script>"&\u0000\u001b\ud800', "<1>");
    expect(picture).toContain("&lt;script&gt;&quot;&amp;\ufffd");
    expect(picture).not.toContain("<script>");
    expect([...picture].filter((char) => char < " " && char !== "\n")).toEqual([]);
  });

  test("cuts names that are too long for a picture", () => {
    const picture = badge("x".repeat(10_000), "1");
    expect(picture).toContain(`>${"x".repeat(BADGE_CHARS)}…<`);
    expect(picture.length).toBeLessThan(2_500);
  });
});

describe("GET /badges/", () => {
  test("answers with a picture of the default version, or of one", async () => {
    const { get } = await servedApp();
    const answer = await get("/badges/go.svg");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("image/svg+xml");
    expect(answer.headers.get("cache-control")).toBe("public, max-age=300");
    expect(answer.headers.get("content-security-policy")).toStartWith("sandbox;");
    expect(await answer.text()).toContain("<title>devfile: go 2.0.0</title>");
    const older = await (await get("/badges/go/1.0.0.svg")).text();
    expect(older).toContain("<title>devfile: go 1.0.0</title>");
    const sample = await (await get("/badges/hello.svg")).text();
    expect(sample).toContain("<title>devfile: hello</title>");
  });

  test("answers 304 to who has it", async () => {
    const { get } = await servedApp();
    const etag = (await get("/badges/go.svg")).headers.get("etag") ?? "";
    expect((await get("/badges/go.svg", { "if-none-match": etag })).status).toBe(304);
  });

  test.each([
    "/badges/none.svg",
    "/badges/go/9.9.9.svg",
    "/badges/go.png",
    "/badges/.svg",
    "/badges/",
    "/badges/go/2.0.0/devfile.yaml.svg",
    "/badges/%2e%2e/go.svg",
  ])("answers 404 at %p", async (path) => {
    const { get } = await servedApp();
    expect((await get(path)).status).toBe(404);
  });
});
