import { afterAll, describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readBuild } from "../../../src/generator/index.ts";
import { CACHED_FILE_BYTES } from "../../../src/limits.ts";
import { servedApp } from "../../support/served-app.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const folder = await temporaryFolder();
afterAll(() => folder[Symbol.asyncDispose]());

const SIZE = CACHED_FILE_BYTES + 1000;
const bytes = new Uint8Array(SIZE).map((_, at) => at % 251);
const stack = join(folder.path, "stacks/go/1.0.0");
mkdirSync(stack, { recursive: true });
const version = { version: "1.0.0", default: true, links: { self: "devfile-catalog/go:1.0.0" } };
const entry = {
  name: "go",
  type: "stack",
  versions: [{ ...version, resources: ["devfile.yaml"] }],
};
const STARTERS =
  "starterProjects: [{name: app, git: {remotes: {origin: https://git.example/a}}}]\n";
await Promise.all([
  Bun.write(join(folder.path, "index.json"), JSON.stringify([entry])),
  Bun.write(join(stack, "devfile.yaml"), `schemaVersion: 2.2.0\n${STARTERS}`),
  Bun.write(join(stack, "tool.vsx"), bytes),
  Bun.write(join(stack, "app-offline.zip"), bytes),
]);
const { get, send } = await servedApp({ build: await readBuild(folder.path) });

describe.each(["/stacks/go/1.0.0/tool.vsx", "/devfiles/go/tool.vsx"])(
  "a large file at %s",
  (path) => {
    test("comes whole and in ranges", async () => {
      const whole = await get(path);
      expect(whole.status).toBe(200);
      expect(whole.headers.get("content-length")).toBe(String(SIZE));
      expect(whole.headers.get("content-security-policy")).toStartWith("sandbox");
      expect(whole.headers.get("accept-ranges")).toBe("bytes");
      expect(Buffer.from(await whole.bytes()).equals(bytes)).toBe(true);
      const part = await get(path, { range: `bytes=${SIZE - 10}-` });
      expect(part.status).toBe(206);
      expect(part.headers.get("content-range")).toBe(`bytes ${SIZE - 10}-${SIZE - 1}/${SIZE}`);
      expect(await part.bytes()).toEqual(bytes.subarray(SIZE - 10));
      const beyond = await get(path, { range: `bytes=${SIZE}-` });
      expect(beyond.status).toBe(416);
    });

    test("answers HEAD and conditions", async () => {
      const head = await send("HEAD", path);
      expect(head.headers.get("content-length")).toBe(String(SIZE));
      const etag = head.headers.get("etag") ?? "";
      expect((await get(path, { "if-none-match": etag })).status).toBe(304);
      const modified = head.headers.get("last-modified") ?? "";
      expect((await get(path, { "if-modified-since": modified })).status).toBe(304);
      const stale = await get(path, { range: "bytes=0-9", "if-range": '"other"' });
      expect(stale.status).toBe(200);
    });
  },
);

describe("a large offline starter project", () => {
  test("comes whole", async () => {
    const response = await get("/devfiles/go/starter-projects/app");
    expect(response.status).toBe(202);
    expect(response.headers.get("content-length")).toBe(String(SIZE));
    expect(Buffer.from(await response.bytes()).equals(bytes)).toBe(true);
  });
});
