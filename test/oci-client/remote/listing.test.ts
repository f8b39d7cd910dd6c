import { describe, expect, test } from "bun:test";
import { PAGES } from "../../../src/limits.ts";
import { nextLink } from "../../../src/oci-client/remote/link-header.ts";
import { collect, failureOf, openRemote } from "../../support/remote.ts";
import { type StubAnswer, type StubRequest, stubTransport } from "../../support/stub-transport.ts";

function listing(answer: (request: StubRequest) => StubAnswer) {
  const stub = stubTransport(answer);
  const registry = openRemote("a.example/team", { send: stub.send });
  return { ...stub, registry, tags: () => collect(registry.repository("r").tags()) };
}

const page = (tags: unknown, link?: string): StubAnswer => ({
  status: 200,
  headers: link === undefined ? {} : { link },
  body: JSON.stringify({ name: "team/r", tags }),
});

describe("tags()", () => {
  test("follows pages to their end", async () => {
    const { tags, requests } = listing(({ url }) =>
      url.includes("last=b")
        ? page(["c"])
        : page(["a", "b"], '</v2/team/r/tags/list?n=2&last=b>; rel="next"'),
    );
    expect(await tags()).toEqual(["a", "b", "c"]);
    expect(requests.map(({ url }) => url)).toEqual([
      "https://a.example/v2/team/r/tags/list?n=1000",
      "https://a.example/v2/team/r/tags/list?n=2&last=b",
    ]);
  });

  test("is empty for null and for no list", async () => {
    for (const answer of [page(null), { status: 200, body: "{}" }]) {
      expect(await listing(() => answer).tags()).toEqual([]);
    }
  });

  test("fails for a repository nobody knows, however that is said", async () => {
    for (const body of ["", "404 page not found", '{"errors":[{"code":"NAME_UNKNOWN"}]}', "{}"]) {
      const { tags } = listing(() => ({ status: 404, body }));
      expect((await failureOf(tags())).code).toBe("NOT_FOUND");
    }
  });

  test("leaves out what is no tag", async () => {
    expect(await listing(() => page(["ok", "../x", ""])).tags()).toEqual(["ok"]);
  });

  test("asks for a page only when the one before is used up", async () => {
    const { registry, requests } = listing(() => page(["a", "b"], "<?next>; rel=next"));
    for await (const tag of registry.repository("r").tags()) {
      expect(tag).toBe("a");
      break;
    }
    expect(requests).toHaveLength(1);
  });

  const foreign = [
    "https://evil.test/x",
    "//evil.test/x",
    "http://a.example/x",
    "https://a.example:81/",
  ];
  for (const link of foreign) {
    test(`refuses a next page at ${link}`, async () => {
      const { tags, requests } = listing(() => page(["a"], `<${link}>; rel="next"`));
      expect((await failureOf(tags())).message).toContain("another origin");
      expect(requests).toHaveLength(1);
    });
  }

  test("refuses pages that lead in a circle", async () => {
    const { tags, requests } = listing(({ url }) =>
      page(["a"], url.endsWith("?b") ? "<?c>; rel=next" : "<?b>; rel=next"),
    );
    expect((await failureOf(tags())).message).toContain("circle");
    expect(requests).toHaveLength(3);
  });

  test("stops at some number of pages", async () => {
    const { tags, requests } = listing(() => page([], `<?p=${requests.length}>; rel=next`));
    expect((await failureOf(tags())).code).toBe("LIMIT_EXCEEDED");
    expect(requests).toHaveLength(PAGES);
  });

  test("fails for what is no tag list", async () => {
    for (const body of ["<html>", '{"tags":"a"}', '{"tags":[1]}', "[]"]) {
      const { tags } = listing(() => ({ status: 200, body }));
      expect((await failureOf(tags())).code).toBe("REGISTRY_RESPONSE");
    }
  });
});

describe("repositories()", () => {
  test("gives the names below the prefix, without it", async () => {
    const { registry, requests } = listing(() => ({
      status: 200,
      body: JSON.stringify({
        repositories: ["other/x", "team", "team/a", "team/b/c", "teams/d", 'team/"'],
      }),
    }));
    expect(await collect(registry.repositories())).toEqual(["a", "b/c"]);
    expect(requests[0]?.url).toBe("https://a.example/v2/_catalog?n=1000");
  });
});

describe("repository()", () => {
  test("gives the same object for the same name and refuses what is no name", () => {
    const { registry } = listing(() => ({ status: 404 }));
    expect(registry.repository("a")).toBe(registry.repository("a"));
    for (const name of ["", "..", "../x", "A", "a//b", "a/../b", "a?b", "a/"]) {
      expect(() => registry.repository(name)).toThrow("not a name");
    }
  });
});

describe("nextLink()", () => {
  const table: readonly (readonly [header: string, target: string | undefined])[] = [
    ['</a?n=1>; rel="next"', "/a?n=1"],
    ["</a>;rel=next", "/a"],
    ["</a>", "/a"],
    ['</a>; REL="prev NEXT"', "/a"],
    ['</a>; rel="prev", </b>; rel="next"', "/b"],
    ['</a>; rel="prev"; title="x, </c>; rel=next", </b>; rel=next', "/b"],
    ['</a>; title="rel=next"; rel="prev"', undefined],
    ["nothing", undefined],
    ["", undefined],
  ];
  for (const [header, target] of table) {
    test(`finds ${target ?? "nothing"} in ${header || "nothing"}`, () => {
      expect(nextLink([header])).toBe(target);
    });
  }
});
