import { describe, expect, test } from "bun:test";
import {
  type BuildInfo,
  type BuildSource,
  type CompareCommits,
  isSameRepository,
  orderGenerations,
} from "../../src/generator/index.ts";

const URL = "https://git.example/team/registry.git";
const OTHER = "https://git.example/team/more";

function madeFrom(...sources: readonly BuildSource[]): BuildInfo {
  const counts = { stacks: 0, stackVersions: 0, samples: 0, sampleVersions: 0 };
  return {
    format: "1.0",
    tool: { name: "devreg", version: "1.2.3" },
    sources,
    counts: { ...counts, icons: 0, iconsMissing: 0 },
    stacks: {},
    icons: {},
  };
}

function at(commit: string, day?: number, url: string | undefined = URL): BuildSource {
  return {
    ...(url === "" ? {} : { url }),
    commit_hash: commit,
    ...(day === undefined ? {} : { commit_time: `2026-01-0${day}T00:00:00Z` }),
  };
}

/** Git that knows the commits of one line of history, oldest first. */
const knowing =
  (...line: readonly string[]): CompareCommits =>
  async (_url, a, b) => {
    const [one, other] = [line.indexOf(a), line.indexOf(b)];
    if (one < 0 || other < 0) return undefined;
    return one < other ? "older" : "newer";
  };

describe("orderGenerations()", () => {
  test("goes by the history, whatever the dates say", async () => {
    const [one, two] = [madeFrom(at("a", 9)), madeFrom(at("b", 1))];
    expect(await orderGenerations(one, two, knowing("a", "b"))).toBe("older");
    expect(await orderGenerations(two, one, knowing("a", "b"))).toBe("newer");
    expect(await orderGenerations(one, madeFrom(at("a", 2)))).toBe("same");
  });

  test("goes by the dates where git does not answer", async () => {
    const [one, two] = [madeFrom(at("a", 1)), madeFrom(at("b", 2))];
    expect(await orderGenerations(one, two)).toBe("older");
    expect(await orderGenerations(two, one)).toBe("newer");
    expect(await orderGenerations(one, madeFrom(at("c", 1)))).toBe("unordered");
    expect(await orderGenerations(one, madeFrom(at("c")))).toBe("unordered");
  });

  test("wants all of several sources to agree", async () => {
    const make = (a: BuildSource, b: BuildSource) => madeFrom(a, b);
    const base = make(at("a", 1), at("x", 1, OTHER));
    const git = knowing("a", "b", "x", "y");
    expect(await orderGenerations(base, make(at("x", 3, OTHER), at("b", 1)), git)).toBe("older");
    const ahead = make(at("b", 3), at("x", 1, OTHER));
    const behind = make(at("a", 1), at("y", 2, OTHER));
    expect(await orderGenerations(ahead, behind, git)).toBe("newer");
    const same = make(at("a", 3), at("y", 3, OTHER));
    expect(await orderGenerations(ahead, same, git)).toBe("unordered");
  });

  test("takes a build that was made from a folder for one of the only source", async () => {
    const folder = madeFrom(at("a", 1, ""));
    expect(await orderGenerations(folder, madeFrom(at("b", 2)))).toBe("older");
    expect(await orderGenerations(folder, madeFrom(at("a", 1)))).toBe("same");
  });

  test("finds no order among other repositories, unknown commits and no record at all", async () => {
    const one = madeFrom(at("a", 1));
    const others = [
      madeFrom(at("b", 2, OTHER)),
      madeFrom(at("b", 2), at("c", 2, OTHER)),
      madeFrom({ url: URL }),
      madeFrom(),
      undefined,
    ];
    for (const other of others) {
      expect(await orderGenerations(one, other)).toBe("unordered");
      expect(await orderGenerations(other, one)).toBe("unordered");
    }
  });
});

describe("isSameRepository()", () => {
  test("compares hosts and paths alone", () => {
    for (const other of [
      "https://GIT.example/team/registry/",
      "https://token@git.example/team/registry",
      "ssh://git@git.example/team/registry.git",
      "git@git.example:team/registry.git",
    ]) {
      expect(isSameRepository(URL, other)).toBe(true);
    }
    for (const other of [
      OTHER,
      "https://git.example/Team/registry",
      "https://git.example:8443/team/registry",
    ]) {
      expect(isSameRepository(URL, other)).toBe(false);
    }
  });
});
