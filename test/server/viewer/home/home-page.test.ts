import { describe, expect, test } from "bun:test";
import type { IndexEntry } from "../../../../src/generator/index.ts";
import type { OtherRegistries, OtherRegistry } from "../../../../src/server/index.ts";
import { placeholderAddress, placeholderShapes } from "../../../../src/server/placeholder-icon.ts";
import { sampleBuild } from "../../../support/sample-build.ts";
import { type ServedAppOptions, servedApp } from "../../../support/served-app.ts";

async function viewer(index: readonly IndexEntry[], options: ServedAppOptions = {}) {
  const build = await sampleBuild({ index: [...index], info: false });
  const { get } = await servedApp({ ...options, build });
  return async (query = "") => (await get(`/viewer${query}`)).text();
}

function titles(page: string): readonly (string | undefined)[] {
  return [...page.matchAll(/<h3><a[^>]*>([^<]*)/g)].map(([, title]) => title);
}

const ENTRIES: readonly IndexEntry[] = [
  {
    name: "go",
    displayName: "Go Runtime",
    type: "stack",
    language: "Go",
    projectType: "Go",
    provider: "Red Hat",
    tags: ["Go", "HTTP"],
    architectures: ["amd64"],
    versions: [
      { version: "2.0.0", commandGroups: { build: true, deploy: false }, default: true },
      { version: "1.0.0", lastModified: "2026-03-01T00:00:00Z" },
    ],
  },
  {
    name: "python",
    displayName: "Python",
    type: "stack",
    language: "Python",
    tags: ["Pip", "Deprecated", "A, B"],
    lastModified: "2026-05-01T10:00:00Z",
    versions: [{ version: "3.0.0", deploymentScopes: { outerloop: true }, default: true }],
  },
  {
    name: "hello",
    displayName: "Angular hello",
    type: "sample",
    language: "go",
    provider: "IBM",
    lastModified: "0001-01-01T00:00:00Z",
  },
];

describe("GET /viewer", () => {
  test("says how many there are, without kinds that there are none of", async () => {
    expect(await (await viewer(ENTRIES))()).toContain(">2 stacks and 1 sample, ready");
    const stacks = ENTRIES.filter(({ type }) => type === "stack");
    expect(await (await viewer(stacks))()).toContain(">2 stacks, ready");
  });

  test("says when it was last changed, and how tools learn of it", async () => {
    const page = await (await viewer(ENTRIES))();
    expect(page).toContain('Updated <time datetime="2026-05-01">2026-05-01</time>');
    expect(page).toContain('data-copy="odo preference add registry test http://localhost"');
    expect(page).toContain('data-copy="http://localhost"');
    expect(await (await viewer([{ name: "x" }]))()).not.toContain("Updated");
    const commit_time = "2026-06-07T08:09:10Z";
    const build = await sampleBuild({ sources: [{ commit_time }] });
    const { get } = await servedApp({ build });
    expect(await (await get("/viewer")).text()).toContain('<time datetime="2026-06-07">');
  });

  test("shows on a card what it has commands for, where it runs, and that it is deprecated", async () => {
    const page = await (await viewer(ENTRIES))();
    const cards = page.split('<li class="card').slice(1);
    const cardOf = (title: string) => cards.find((each) => each.includes(`>${title}</a>`)) ?? "";
    expect(cardOf("Go Runtime")).toContain('title="Commands for build"');
    expect(cardOf("Go Runtime")).toContain('title="Runs on amd64"');
    expect(cardOf("Go Runtime")).not.toContain("Deprecated");
    expect(cardOf("Python")).toContain('<span class="chip warn">Deprecated</span>');
    expect(cardOf("Python")).not.toContain('title="Commands');
  });

  test("draws for an entry without an icon the mark of its name", async () => {
    const page = await (await viewer(ENTRIES))();
    for (const { name } of ENTRIES) expect(page).toContain(placeholderShapes(name));
    const inlined = { name: "x", icon: placeholderAddress("x") };
    expect(await (await viewer([inlined]))()).toContain(placeholderShapes("x"));
    const logo = { name: "x", icon: `data:image/svg+xml;base64,${btoa("<svg/>")}` };
    expect(await (await viewer([logo]))()).toContain('<img src="viewer/icons/');
  });

  test("lists and links every entry, in the order of names", async () => {
    const page = await (await viewer(ENTRIES))();
    expect(titles(page)).toEqual(["Angular hello", "Go Runtime", "Python"]);
    for (const name of ["go", "python", "hello"]) {
      expect(page).toContain(`href="viewer/devfiles/test/${name}"`);
    }
    expect(page).toContain(">3 entries</p>");
  });

  test.each([
    ["?search=runtime", ["Go Runtime"]],
    ["?search=", ["Angular hello", "Go Runtime", "Python"]],
    ["?search=nothing-like-this", []],
    ["?types=stack", ["Go Runtime", "Python"]],
    ["?types=sample", ["Angular hello"]],
    ["?types=STACK", ["Go Runtime", "Python"]],
    ["?types=stack,sample", ["Angular hello", "Go Runtime", "Python"]],
    ["?types=stack&types=sample", ["Angular hello", "Go Runtime", "Python"]],
    ["?languages=Go", ["Angular hello", "Go Runtime"]],
    ["?languages=Go,Python&types=stack", ["Go Runtime", "Python"]],
    ["?tags=HTTP,Pip", ["Go Runtime", "Python"]],
    ["?tags=A,%20B", ["Python"]],
    ["?projectTypes=Go", ["Go Runtime"]],
    ["?providers=Red%20Hat", ["Go Runtime"]],
    ["?providers=Red+Hat,IBM", ["Angular hello", "Go Runtime"]],
    ["?architectures=amd64", ["Angular hello", "Go Runtime", "Python"]],
    ["?architectures=s390x", ["Angular hello", "Python"]],
    ["?capabilities=build", ["Go Runtime"]],
    ["?capabilities=outerloop", ["Python"]],
    ["?capabilities=deploy", []],
    ["?deprecated=Yes", ["Python"]],
    ["?deprecated=No", ["Angular hello", "Go Runtime"]],
    ["?registries=Test", ["Angular hello", "Go Runtime", "Python"]],
    ["?registries=Other", []],
    ["?languages=Go&languages=Nothing", ["Angular hello", "Go Runtime"]],
    ["?sort=newest", ["Python", "Go Runtime", "Angular hello"]],
    ["?sort=provider", ["Angular hello", "Go Runtime", "Python"]],
    ["?sort=name&search=go", ["Angular hello", "Go Runtime"]],
    ["?sort=constructor", ["Angular hello", "Go Runtime", "Python"]],
    ["?page=7", ["Angular hello", "Go Runtime", "Python"]],
    ["?page=-1&page=x", ["Angular hello", "Go Runtime", "Python"]],
    ["?unknown=1", ["Angular hello", "Go Runtime", "Python"]],
  ])("%s finds %p", async (query, expected) => {
    const page = await (await viewer(ENTRIES))(query);
    expect([...titles(page)].sort()).toEqual([...expected].sort());
    if (query.startsWith("?sort")) expect(titles(page)).toEqual(expected);
  });

  test("tells how many each value would find with the other facets as they are", async () => {
    const page = await (await viewer(ENTRIES))("?languages=Go");
    const counts = [
      ...page.matchAll(
        /name="(\w+)" value="([^"]*)"( checked)?><span>[^<]*<\/span> <span class="count">(\d+)/g,
      ),
    ].map(([, facet, value, checked, count]) => `${facet} ${value}${checked ?? ""} ${count}`);
    expect(counts).toContain("languages Go checked 2");
    expect(counts).toContain("languages Python 1");
    expect(counts).toContain("types stack 1");
    expect(counts).toContain("types sample 1");
    expect(counts.some((each) => each.startsWith("tags Pip"))).toBe(false);
  });

  test("shows what is chosen, with links that take it back", async () => {
    const page = await (await viewer(ENTRIES))("?search=g&types=stack,sample&languages=Go");
    expect(page).toContain(
      'href="viewer?search=g&amp;types=stack&amp;languages=Go" aria-label="Remove Type Sample"',
    );
    expect(page).toContain('href="viewer?search=g">Clear all');
    const one = await (await viewer(ENTRIES))("?types=stack");
    expect(one).toContain('href="viewer" aria-label="Remove Type Stack"');
  });

  test("pages through what there is", async () => {
    const many = Array.from({ length: 60 }, (_, at) => ({
      name: `stack-${String(at).padStart(2, "0")}`,
      type: "stack",
    }));
    const show = await viewer(many);
    const first = await show();
    expect(titles(first)).toHaveLength(24);
    expect(first).toContain(">60 entries, page 1 of 3</p>");
    expect(first).toContain('rel="next" href="viewer?page=2"');
    const last = await show("?page=3");
    expect(titles(last)).toEqual(many.slice(48).map(({ name }) => name));
    expect(last).toContain('rel="prev" href="viewer?page=2"');
    expect(await show("?page=99")).toContain(">60 entries, page 3 of 3</p>");
  });

  test("shows hostile texts as texts, and hostile addresses not at all", async () => {
    const markup = "<img src=x onerror=alert(1)>";
    const hostile: IndexEntry = {
      name: 'x"><script>alert(1)</script>',
      displayName: markup,
      description: "a & b",
      tags: ["<i>", markup],
      type: markup,
      language: markup,
      projectType: markup,
      provider: markup,
      architectures: [markup],
      lastModified: markup,
      icon: "javascript:alert(1)",
      versions: [{ version: markup, default: true }],
    };
    const show = await viewer([hostile, { name: "plain" }]);
    for (const query of [
      "",
      `?tags=${encodeURIComponent(markup)}&search=${encodeURIComponent("<")}`,
    ]) {
      const page = await show(query);
      expect(page).not.toMatch(/<script(?! type="module")|<img|<i>|javascript:/);
      expect(page).toContain("&lt;img src=x onerror=alert(1)&gt;");
    }
    expect(await show()).toContain('href="viewer/devfiles/test/x-script-alert-1-script"');
  });

  test("takes names that no address can hold as they are", async () => {
    const page = await (await viewer([{ name: "\ud800" }, { name: "日本" }, { name: ".." }]))();
    expect(page).toContain('href="viewer/devfiles/test/%EF%BF%BD"');
    expect(page).toContain('href="viewer/devfiles/test/%E6%97%A5%E6%9C%AC"');
    expect(page).not.toContain('/.."');
  });

  test("stays small whatever an entry holds", async () => {
    const long = "long ".repeat(200_000);
    const tags = Array.from({ length: 50_000 }, (_, at) => `tag ${at}`);
    const entry = { description: long, language: long, provider: long, displayName: long, tags };
    const page = await (await viewer([{ name: "a", ...entry }, { name: "b" }]))();
    expect(page.length).toBeLessThan(60_000);
  });

  test("takes no more of a query than it should", async () => {
    const show = await viewer(ENTRIES);
    const page = await show(`?search=${"a".repeat(3000)}&${"tags=b&".repeat(400)}`);
    expect(page).toContain(`value="${"a".repeat(200)}"`);
    expect(page).not.toContain("a".repeat(201));
  });

  test("says what was not found, and how to find more", async () => {
    const show = await viewer(ENTRIES);
    const words = await show("?search=%3Cqqqq%3E");
    expect(words).toContain("Nothing matches “&lt;qqqq&gt;”");
    expect(words).toContain('Try other words, or <a href="viewer">see everything</a>');
    const both = await show("?search=qqqq&types=stack");
    expect(both).toContain("Try fewer filters or other words, or");
    expect(await show("?capabilities=deploy")).toContain("Try fewer filters, or");
  });

  test("says that a registry is empty", async () => {
    expect(await (await viewer([]))()).toContain("This registry has none.");
  });
});

describe("GET /viewer with other registries", () => {
  function beside(list: () => readonly OtherRegistry[]): OtherRegistries {
    return { ownName: "Mine", list };
  }
  const up: OtherRegistry = {
    name: "Theirs",
    address: "https://theirs.example",
    state: "up",
    entries: [
      { name: "goBack", displayName: "Back", icon: `data:image/png;base64,${btoa("png")}` },
    ],
  };

  test("lists what all have, each leading to its own page", async () => {
    const show = await viewer(ENTRIES, { deps: { others: beside(() => LIST) } });
    const LIST = [up];
    const page = await show();
    expect(titles(page)).toEqual(["Angular hello", "Back", "Go Runtime", "Python"]);
    expect(page).toContain(
      'href="https://theirs.example/viewer/devfiles/theirs/go-back" rel="noopener noreferrer nofollow"',
    );
    expect(page).toContain('<img src="viewer/icons/');
    expect(titles(await show("?registries=Theirs"))).toEqual(["Back"]);
    expect(titles(await show("?registries=mine"))).toHaveLength(3);
  });

  test("says when one is away, and shows it once it answers", async () => {
    let list: readonly OtherRegistry[] = [{ ...up, state: "unknown", entries: [] }];
    const show = await viewer(ENTRIES, { deps: { others: beside(() => list) } });
    expect(await show()).toContain("The registry Theirs was not heard of yet.");
    list = [{ ...up, state: "down", entries: [] }];
    expect(await show()).toContain(
      "The registry Theirs does not answer; what it has is not shown.",
    );
    expect(await show()).not.toContain(" registries, ready");
    list = [up];
    expect(titles(await show())).toContain("Back");
    list = [{ ...up, state: "down" }];
    const page = await show();
    expect(page).toContain(" from 2 registries, ready");
    expect(page).toContain("The registry Theirs does not answer; shown is what it had before.");
    expect(titles(page)).toContain("Back");
  });
});
