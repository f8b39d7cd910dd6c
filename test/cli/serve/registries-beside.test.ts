import { describe, expect, test } from "bun:test";
import { utf8 } from "../../../src/bytes.ts";
import { RegistriesBeside } from "../../../src/cli/serve/registries-beside.ts";
import { devfileRegistries, type ListedRegistry } from "../../../src/cli/serve/registries-flag.ts";
import { silentLogger } from "../../../src/log.ts";
import { OTHER_INDEX_PARTS } from "../../../src/viewer-limits.ts";
import { until } from "../../support/until.ts";

const INDEX = '[{"name":"go","type":"stack"}]';

function beside(listed: readonly ListedRegistry[], answer: (address: URL) => string) {
  const asked: string[] = [];
  const registries = new RegistriesBeside({
    edge: { random: () => 0.5, sleep: () => new Promise(() => {}) },
    listed,
    here: ({ port }) => port === "8080",
    fetch: async (address) => {
      asked.push(address.href);
      return utf8(answer(address));
    },
    log: silentLogger,
  });
  return { registries, asked };
}

const THEIRS: ListedRegistry = {
  name: "Theirs",
  url: "https://inner.example/base",
  fqdn: "https://theirs.example",
};

describe("RegistriesBeside", () => {
  test("asks each but this one, which it learns its name from", async () => {
    const own = { name: "Community", url: "http://localhost:8080" };
    const { registries, asked } = beside([own, THEIRS], () => INDEX);
    expect(registries.ownName).toBe("Community");
    expect(registries.list()).toEqual([
      { name: "Theirs", address: "https://theirs.example", state: "unknown", entries: [] },
    ]);
    expect(await registries.ask(0)).toBe(true);
    expect(asked).toEqual(["https://inner.example/base/v2index/all?icon=base64"]);
    expect(registries.list()).toEqual([
      {
        name: "Theirs",
        address: "https://theirs.example",
        state: "up",
        entries: [{ name: "go", type: "stack" }],
      },
    ]);
  });

  test("keeps its list while nothing changes, so that no catalog is made anew", async () => {
    const { registries } = beside([THEIRS], () => INDEX);
    await registries.ask(0);
    const before = registries.list();
    await registries.ask(0);
    expect(registries.list()).toBe(before);
  });

  test.each([
    ["what is no index", '{"a":1}'],
    ["lists in lists", "[".repeat(OTHER_INDEX_PARTS + 1)],
    ["very many lists", `[${"[],".repeat(OTHER_INDEX_PARTS)}[]]`],
    ["what is no JSON", "<html>"],
    ["too many entries", JSON.stringify(Array.from({ length: 10_001 }, () => ({ name: "a" })))],
  ])("keeps what it had when the answer is %s", async (_, bad) => {
    let answer = INDEX;
    const { registries } = beside([THEIRS], () => answer);
    await registries.ask(0);
    answer = bad;
    expect(await registries.ask(0)).toBe(false);
    expect(registries.list()[0]).toMatchObject({ state: "down", entries: [{ name: "go" }] });
    answer = INDEX;
    expect(await registries.ask(0)).toBe(true);
    expect(registries.list()[0]?.state).toBe("up");
  });

  test("asks several at once, so that a slow one delays no other", async () => {
    const slow = { name: "Slow", url: "https://slow.example" };
    const { registries } = beside([slow, THEIRS], ({ hostname }) => {
      if (hostname === "slow.example") throw new Error("too slow");
      return INDEX;
    });
    void registries.run(new AbortController().signal);
    await until("both were asked", async () => {
      const states = registries.list().map(({ state }) => state);
      return states.join() === "down,up";
    });
  });
});

test("asks nobody once the server stops", async () => {
  const { registries, asked } = beside([THEIRS], () => INDEX);
  await registries.run(AbortSignal.abort());
  expect(asked).toEqual([]);
});

describe("DEVFILE_REGISTRIES", () => {
  test("is a list of names and addresses, as today's viewer takes it", () => {
    const text =
      '[{"name":"A","url":"https://a.example/"},{"name":"B","url":"http://b:1","fqdn":"https://b.example","x":1}]';
    expect(devfileRegistries.parse(text)).toEqual([
      { name: "A", url: "https://a.example" },
      { name: "B", url: "http://b:1", fqdn: "https://b.example" },
    ]);
  });

  const many = Array.from({ length: 33 }, () => ({ name: "A", url: "https://a.example" }));
  test.each([
    ["no JSON", "is no JSON such as"],
    ["{}", "is not a list"],
    ['[{"name":"A"}]', "entry 1: url is missing"],
    ['[{"name":"","url":"https://a.example"}]', "entry 1: name is empty"],
    [
      '[{"name":"A","url":"javascript:alert(1)"}]',
      'entry 1: url "javascript:alert(1)" is no plain',
    ],
    [
      '[{"name":"A","url":"https://user:secret@a.example"}]',
      'entry 1: url "https://a.example" must be',
    ],
  ])("%s is refused", (text, message) => {
    const { error } = devfileRegistries.safeParse(text);
    expect(error?.issues[0]?.message).toStartWith(message);
    expect(error?.issues[0]?.message).not.toContain("secret");
  });

  test("names so many registries at most", () => {
    expect(devfileRegistries.safeParse(JSON.stringify(many)).success).toBe(false);
    expect(devfileRegistries.safeParse(JSON.stringify(many.slice(1))).success).toBe(true);
  });
});
