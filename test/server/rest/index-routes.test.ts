import { describe, expect, test } from "bun:test";
import { textOf } from "../../../src/bytes.ts";
import { formatIndex, type IndexEntry } from "../../../src/generator/index.ts";
import { placeholderAddress } from "../../../src/server/placeholder-icon.ts";
import { FILTER_FILES, FILTER_INDEX } from "../../support/filter-index.ts";
import { jsonOf } from "../../support/json-of.ts";
import { sampleBuild } from "../../support/sample-build.ts";
import { SINCE, servedApp } from "../../support/served-app.ts";

const { get, send } = await servedApp({
  build: await sampleBuild({ index: FILTER_INDEX, files: FILTER_FILES, info: false }),
});

async function namesOf(response: Response): Promise<string[]> {
  const entries: IndexEntry[] = await jsonOf(response);
  return entries.map(({ name }) => name);
}

describe("GET /index and /v2index", () => {
  test.each([
    ["/index", ["nodejs", "go"]],
    ["/index/stack", ["nodejs", "go"]],
    ["/index/sample", ["node-sample", "quarkus-sample"]],
    ["/index/all", ["nodejs", "go", "node-sample", "quarkus-sample"]],
    ["/v2index", ["nodejs", "go", "undecided"]],
    ["/v2index/sample", ["node-sample", "quarkus-sample"]],
    ["/v2index/all", FILTER_INDEX.map(({ name }) => name)],
    ["/v2index/all?name=go&unknown=1", ["go"]],
    ["//v2index///all", FILTER_INDEX.map(({ name }) => name)],
  ])("%s", async (path, expected) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("cache-control")).toBe("no-cache");
    expect(await namesOf(response)).toEqual(expected);
  });

  test("gives equal answers equal tags, however they were asked for", async () => {
    const tagOf = async (path: string) => (await get(path)).headers.get("etag");
    const tag = await tagOf("/v2index/all?name=go");
    expect(await tagOf("/v2index/all?name=GO")).toBe(tag);
    expect(await tagOf("/v2index/all?name=go&description=%20")).toBe(tag);
    expect(await tagOf("/v2index/all?name=quarkus")).not.toBe(tag);
    expect(await tagOf("/v2index/all?description=%20")).toBe(await tagOf("/v2index/all"));
    expect(await tagOf("/v2index/all?description=%20%20")).toBe(await tagOf("/v2index/all"));
  });

  test("gives the published bytes, with the time they were loaded", async () => {
    const response = await get("/v2index/all");
    expect(response.headers.get("last-modified")).toBe(SINCE.toUTCString());
    expect(await response.text()).toBe(textOf(formatIndex(FILTER_INDEX)));
  });

  test("answers 304 to its own tag, also for filtered answers", async () => {
    for (const path of ["/v2index", "/v2index?name=go"]) {
      const tag = (await get(path)).headers.get("etag") ?? "";
      expect((await get(path, { "if-none-match": `"other", W/${tag}` })).status).toBe(304);
      expect((await get(path, { "if-none-match": '"other"' })).status).toBe(200);
    }
  });

  test("compresses and says so", async () => {
    const response = await get("/v2index/all", { "accept-encoding": "gzip, zstd;q=0.5" });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(response.headers.get("vary")).toBe("accept-encoding");
  });

  test("tells HEAD everything but the body", async () => {
    const head = await send("HEAD", "/v2index/all");
    const whole = await (await get("/v2index/all")).arrayBuffer();
    expect(head.headers.get("content-length")).toBe(String(whole.byteLength));
    expect((await head.arrayBuffer()).byteLength).toBe(0);
  });

  test("does not know other types", async () => {
    const response = await get("/index/f%20oo");
    expect(response.status).toBe(404);
    expect(await response.text()).toBe(`{"status":"the devfile with f oo type doesn't exist"}`);
  });

  test("answers one error object to a wrong parameter", async () => {
    const response = await get("/v2index?minSchemaVersion=%3Cabc%3E");
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    // Escaped as Go escapes it.
    expect(await response.text()).toBe(
      `{"error":"Cannot read parameter \\"minSchemaVersion\\": version format should be '+2.x' or '+2.x.x'",` +
        `"status":"minSchemaVersion \\u003cabc\\u003e is not valid, version format should be '+2.x' or '+2.x.x'."}`,
    );
  });

  test("answers an empty list when nothing matches", async () => {
    const response = await get("/v2index/all?deprecated=true&name=nodejs");
    expect(response.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(await response.text()).toBe("[]");
  });

  test("answers as the Go server does under strictCompat, where it does", async () => {
    const build = await sampleBuild({ index: FILTER_INDEX, files: FILTER_FILES, info: false });
    const strict = await servedApp({ build, config: { strictCompat: true } });
    const emptied = await strict.get("/v2index/all?minVersion=9.0");
    expect(emptied.status).toBe(200);
    expect(await emptied.text()).toBe('{"status":"No stacks or samples found in the registry"}');
    expect(await (await strict.get("/v2index/all?name=nothing")).text()).toBe("[]");
  });
});

describe("icon=base64", () => {
  const icon = (name: string, address: string): IndexEntry => ({
    name,
    icon: address,
    type: "stack",
    versions: [
      {
        version: "1.0.0",
        default: true,
        icon: "https://icons.example/version.svg",
        links: { self: `devfile-catalog/${name}:1.0.0` },
        resources: ["devfile.yaml"],
      },
    ],
  });
  const digest = "a".repeat(64);

  async function iconsOf(path: string): Promise<Record<string, string | undefined>> {
    const build = await sampleBuild({
      index: [
        icon("stored", "https://icons.example/python.svg"),
        icon("offline", `https://registry.example/base/icons/${digest}.png`),
        icon("relative", "logo.jpg"),
        icon("inline", "data:image/gif;base64,AAAA"),
        icon("absent", "https://icons.example/absent.svg"),
        icon("escaping", "../../../etc/passwd"),
        { name: "none", type: "sample" },
      ],
      files: {
        "icons/0a.svg": "<svg/>",
        [`icons/${digest}.png`]: "\u{89}PNG",
        "stacks/relative/1.0.0/logo.jpg": "a picture",
        ...Object.fromEntries(
          ["stored", "offline", "relative", "inline", "absent", "escaping"].map((name) => [
            `stacks/${name}/1.0.0/devfile.yaml`,
            "schemaVersion: 2.2.0\n",
          ]),
        ),
      },
    });
    const app = await servedApp({ build });
    const entries: IndexEntry[] = await jsonOf(await app.get(path));
    return Object.fromEntries(entries.map((entry) => [entry.name, entry.icon]));
  }

  test("gives every icon as a data address, from what the build holds", async () => {
    const icons = await iconsOf("/v2index/all?icon=base64");
    const svg = (text: string) => `data:image/svg+xml;base64,${btoa(text)}`;
    expect(icons["stored"]).toBe(svg("<svg/>"));
    expect(icons["relative"]).toBe(svg("a picture"));
    expect(icons["inline"]).toBe("data:image/gif;base64,AAAA");
    expect(icons["offline"]).toStartWith("data:image/");
    expect(icons["none"]).toBeUndefined();
  });

  test("gives what has no icon here the mark of its own name, which pages draw too", async () => {
    const icons = await iconsOf("/v2index/all?icon=base64");
    expect(icons["absent"]).toBe(placeholderAddress("absent"));
    expect(icons["escaping"]).toBe(placeholderAddress("escaping"));
    expect(icons["escaping"]).not.toBe(icons["absent"]);
    expect((await iconsOf("/index?icon=base64"))["absent"]).toBe(placeholderAddress("absent"));
  });

  test("can be combined with filters, which look at the address", async () => {
    const icons = await iconsOf("/index?icon=base64&iconUri=python");
    expect(Object.keys(icons)).toEqual(["stored"]);
    expect(icons["stored"]).toStartWith("data:");
  });

  test("leaves icons of versions alone", async () => {
    const { get: ask } = await servedApp();
    const text = await (await ask("/v2index?icon=base64&name=python")).text();
    expect(text).toContain("data:image/svg+xml;base64,");
  });

  test("knows no other kind", async () => {
    const response = await get("/index?icon=png");
    expect(response.status).toBe(400);
    expect(await response.text()).toBe('{"status":"the icon type png is not supported"}');
  });
});
