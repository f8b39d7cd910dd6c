import { afterAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import { JOINED_BODY_BYTES, LONG_CHUNK_BYTES } from "../../../src/api-limits.ts";
import { textOf } from "../../../src/bytes.ts";
import { formatIndex, type IndexEntry } from "../../../src/generator/index.ts";
import { silentLogger } from "../../../src/log.ts";
import { ServerBusy } from "../../../src/server/busy.ts";
import { listen } from "../../../src/server/index.ts";
import { HeldBytes } from "../../../src/server/rest/held-bytes.ts";
import { answerLong } from "../../../src/server/rest/long-answer.ts";
import type { LongBody } from "../../../src/server/rest/long-body.ts";
import { LongForms } from "../../../src/server/rest/long-forms.ts";
import { Slots } from "../../../src/slots.ts";
import { sampleBuild } from "../../support/sample-build.ts";
import { SINCE, servedApp } from "../../support/served-app.ts";
import { until } from "../../support/until.ts";

const STACKS = 400;
/** Digits that no compression makes short. */
const digits = (seed: number) =>
  Array.from({ length: 1200 }, (_, at) => ((at + 1) * 2654435761 * (seed + 3)) % 4294967291).join(
    "",
  );

const INDEX: readonly IndexEntry[] = Array.from({ length: STACKS }, (_, at) => ({
  name: `stack-${at}`,
  type: "stack",
  language: at % 2 === 0 ? "even" : "odd",
  icon: at % 3 === 0 ? "https://icons.example/a.svg" : "https://icons.example/b.svg",
  description: digits(at),
  versions: [
    {
      version: "2.0.0",
      description: "newest",
      links: { self: `devfile-catalog/stack-${at}:2.0.0` },
    },
    { version: "1.0.0", default: true, links: { self: `devfile-catalog/stack-${at}:1.0.0` } },
  ],
}));
const build = await sampleBuild({ index: INDEX, files: {}, info: false });
const { app, get, send } = await servedApp({ build });

const server = listen({ app, hostname: "127.0.0.1", port: 0, log: silentLogger });
afterAll(() => server.stop(1000));

const EVEN = "/v2index?language=even";
const evenBytes = textOf(formatIndex(INDEX.filter(({ language }) => language === "even")));

describe("a long filtered index", () => {
  test.each([
    ["put together as it is sent", EVEN, JOINED_BODY_BYTES],
    ["kept", "/v2index?name=stack-2", LONG_CHUNK_BYTES],
  ])("that is %s is what formatIndex() prints", async (_, path, over) => {
    const isWanted = ({ name, language }: IndexEntry) =>
      path === EVEN ? language === "even" : name.startsWith("stack-2");
    const expected = textOf(formatIndex(INDEX.filter(isWanted)));
    expect(expected.length).toBeGreaterThan(over);
    for (let time = 0; time < 2; time += 1) {
      expect(await (await get(path)).text()).toBe(expected);
      expect(await (await fetch(server.url + path)).text()).toBe(expected);
    }
  });

  test("of fewer versions too", async () => {
    const newest = INDEX.map((entry) => ({
      ...entry,
      versions: entry.versions?.slice(0, 1) ?? [],
    }));
    const answer = await get("/v2index?minVersion=2.0.0");
    expect(await answer.text()).toBe(textOf(formatIndex(newest)));
  });

  test.each([
    ["gzip", gunzipSync],
    ["zstd", zstdDecompressSync],
  ] as const)("is sent as %s", async (encoding, decompress) => {
    const answer = await get(EVEN, { "accept-encoding": encoding });
    expect(answer.headers.get("content-encoding")).toBe(encoding);
    expect(answer.headers.get("vary")).toBe("accept-encoding");
    expect(textOf(decompress(await answer.bytes()))).toBe(evenBytes);
    const tag = answer.headers.get("etag") ?? "";
    expect(tag).toEndWith(`-${encoding}"`);
    const again = await get(EVEN, { "accept-encoding": encoding, "if-none-match": tag });
    expect(again.status).toBe(304);
  });

  test("answers 304 to its own tag, and to HEAD its length", async () => {
    const whole = await get(EVEN);
    expect(whole.headers.get("last-modified")).toBe(SINCE.toUTCString());
    expect(whole.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    const tag = whole.headers.get("etag") ?? "";
    expect((await get(EVEN, { "if-none-match": tag })).status).toBe(304);
    const head = await send("HEAD", EVEN);
    expect(head.headers.get("content-length")).toBe(String(evenBytes.length));
    expect(head.headers.get("etag")).toBe(tag);
    expect(await head.text()).toBe("");
  });

  test("has the icons that a short one has", async () => {
    const files = { "icons/0a.svg": "<svg/>", "icons/0b.png": "\u{89}PNG".repeat(2_000) };
    const icons = {
      "https://icons.example/a.svg": "icons/0a.svg",
      "https://icons.example/b.svg": "icons/0b.png",
    };
    const base = await sampleBuild({ index: INDEX, files });
    const served = await servedApp({
      build: { ...base, info: base.info && { ...base.info, icons } },
    });
    const address = (text: string) =>
      `data:image/svg+xml;base64,${Buffer.from(text, "utf8").toString("base64")}`;
    const expected = INDEX.map((entry, at) => ({
      ...entry,
      icon: address(at % 3 === 0 ? files["icons/0a.svg"] : files["icons/0b.png"]),
    }));
    const answer = await served.get("/v2index?icon=base64");
    expect(answer.headers.get("content-length")).toBe(String(formatIndex(expected).byteLength));
    expect(await answer.text()).toBe(textOf(formatIndex(expected)));
    const tag = answer.headers.get("etag") ?? "";
    const again = await served.get("/v2index?icon=base64", { "if-none-match": tag });
    expect(again.status).toBe(304);
    const short = await served.get("/v2index?icon=base64&name=stack-3");
    expect(await short.json()).toEqual(
      expected.filter(({ name }) => name === "stack-3" || name.startsWith("stack-3")),
    );
  });
});

describe("answerLong()", () => {
  const bytes = new TextEncoder().encode(evenBytes);
  const body: LongBody = {
    size: bytes.byteLength,
    version: "a-version",
    modified: SINCE,
    open: () => [bytes.subarray(0, 10), bytes.subarray(10)],
  };
  const onBroken = () => {};
  const ask = (forms: LongForms, from = body) => {
    const headers = { "accept-encoding": "gzip" };
    const request = new Request("http://localhost/", { headers });
    return answerLong(request, from, { forms, onBroken });
  };
  const boundedForms = (waiting: number, heldBytes: number) =>
    new LongForms({
      slots: new Slots(1, waiting, () => new ServerBusy("the index")),
      held: new HeldBytes(heldBytes),
    });
  const encodingOf = ({ headers }: Response) => headers.get("content-encoding");

  test("sends the bytes as they are where too much is being compressed", async () => {
    const forms = boundedForms(1, bytes.byteLength * 10);
    const answers = await Promise.all(
      ["a", "b", "c"].map((version) => ask(forms, { ...body, version })),
    );
    expect(answers.map(encodingOf)).toEqual(["gzip", "gzip", null]);
    expect(answers.map(({ headers }) => headers.get("etag"))).toEqual([
      '"a-gzip"',
      '"b-gzip"',
      '"c"',
    ]);
    expect(await answers[2]?.text()).toBe(evenBytes);
  });

  test("compresses once what several ask for", async () => {
    const forms = boundedForms(0, bytes.byteLength * 10);
    const answers = await Promise.all([ask(forms), ask(forms), ask(forms)]);
    expect(answers.map(encodingOf)).toEqual(["gzip", "gzip", "gzip"]);
  });

  test("sends the bytes as they are while compressed ones are held for others", async () => {
    const forms = boundedForms(1, bytes.byteLength * 0.9);
    const slow = await ask(forms);
    expect(encodingOf(slow)).toBe("gzip");
    expect(Number(slow.headers.get("content-length"))).toBeGreaterThan(LONG_CHUNK_BYTES);
    const other = { ...body, version: "another" };
    expect(encodingOf(await ask(forms, other))).toBeNull();
    await slow.body?.cancel();
    const later = await ask(forms, other);
    expect(encodingOf(later)).toBe("gzip");
    expect(textOf(gunzipSync(await later.bytes()))).toBe(evenBytes);
    expect(encodingOf(await ask(forms))).toBe("gzip");
  });

  test("gives room back when a client that reads nothing leaves", async () => {
    // More than a connection takes in by itself.
    const much = new Uint8Array(32 * 1024 * 1024);
    const held = new HeldBytes(much.byteLength);
    const slots = new Slots(1, 1, () => new ServerBusy("the index"));
    const forms = new LongForms({ slots, held });
    const large: LongBody = { ...body, size: much.byteLength, bytes: much, open: () => [much] };
    const never = new AbortController().signal;
    const isFull = () => {
      const release = held.take(new Uint8Array(1), never);
      release?.();
      return release === undefined;
    };
    const slow = listen({
      app: { fetch: (request) => answerLong(request, large, { forms, onBroken }) },
      hostname: "127.0.0.1",
      port: 0,
      log: silentLogger,
    });
    const client = connect(Number(new URL(slow.url).port), "127.0.0.1").pause();
    client.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await until("the answer is held", async () => isFull());
    client.destroy();
    await until("it is not any more", async () => !isFull());
    await slow.stop(0);
  });

  test("passes on why a body cannot be compressed, and compresses it when it can", async () => {
    const forms = boundedForms(1, bytes.byteLength * 10);
    let isBroken = true;
    const flaky: LongBody = {
      ...body,
      open: async function* pieces() {
        yield bytes.subarray(0, 300_000);
        if (isBroken) throw new Error("the disk is gone");
        yield bytes.subarray(300_000);
      },
    };
    const failed = await ask(forms, flaky).then(
      () => "",
      (error) => String(error),
    );
    expect(failed).toContain("the disk is gone");
    isBroken = false;
    expect(textOf(gunzipSync(await (await ask(forms, flaky)).bytes()))).toBe(evenBytes);
  });

  test("breaks off, and tells why, when a piece cannot be read", async () => {
    const told: unknown[] = [];
    const failure = new Error("the disk is gone");
    const broken: LongBody = {
      ...body,
      open: async function* pieces() {
        yield bytes.subarray(0, 10);
        throw failure;
      },
    };
    const answer = await answerLong(new Request("http://localhost/"), broken, {
      forms: boundedForms(1, 1),
      onBroken: (error) => told.push(error),
    });
    const arrived = await answer.text().then(
      () => true,
      () => false,
    );
    expect(arrived).toBe(false);
    expect(told).toEqual([failure]);
  });
});
