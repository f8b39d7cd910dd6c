import { describe, expect, test } from "bun:test";
import type { IndexEntry } from "../../../../src/generator/index.ts";
import {
  chooseVersion,
  findEntry,
  nearestNames,
  versionBefore,
  versionsOf,
} from "../../../../src/server/viewer/stack/find-entry.ts";
import { SUGGESTED_NAMES } from "../../../../src/viewer-limits.ts";

const STACK: IndexEntry = {
  name: "go",
  versions: [
    { version: "2.0.0-beta" },
    { version: "1.10.0", default: true },
    { version: "1.9.0" },
    { version: "no version" },
  ],
};

describe("findEntry()", () => {
  test("takes the very name before a slug, and of equal slugs the first", () => {
    const index = [{ name: "Go Web" }, { name: "go-web" }, { name: "漢字" }];
    expect(findEntry({ index }, "go-web")?.name).toBe("go-web");
    expect(findEntry({ index }, "Go-Web")?.name).toBe("Go Web");
    expect(findEntry({ index }, "漢字")?.name).toBe("漢字");
    expect(findEntry({ index }, "constructor")).toBeUndefined();
    expect(findEntry({ index }, "")).toBeUndefined();
  });
});

describe("versionsOf()", () => {
  test("marks the default and the newest, which need not be one", () => {
    const marked = versionsOf(STACK).map(({ name, isDefault, isLatest }) => [
      name,
      isDefault,
      isLatest,
    ]);
    expect(marked).toEqual([
      ["2.0.0-beta", false, true],
      ["1.10.0", true, false],
      ["1.9.0", false, false],
      ["no version", false, false],
    ]);
  });

  test("gives one without a name where there are none", () => {
    expect(versionsOf({ name: "x" })).toMatchObject([{ name: "", isDefault: true }]);
  });
});

describe("chooseVersion()", () => {
  test.each([
    [null, "1.10.0"],
    ["", "1.10.0"],
    ["default", "1.10.0"],
    ["latest", "2.0.0-beta"],
    ["1.9.0", "1.9.0"],
    ["9.9.9", undefined],
    ["__proto__", undefined],
  ] as const)("gives for %p %p", (wanted, expected) => {
    expect(chooseVersion(versionsOf(STACK), wanted)?.name).toBe(expected);
  });

  test("knows which one came before", () => {
    const versions = versionsOf(STACK);
    const before = versions.map((version) => versionBefore(versions, version)?.name);
    expect(before).toEqual(["1.10.0", "1.9.0", "no version", undefined]);
  });
});

describe("nearestNames()", () => {
  test("gives few, the nearest first, and nothing that is far away", () => {
    const names = ["python", "python-django", "pythom", "pytho", "nodejs", "go"];
    expect(nearestNames(names, "Python")).toEqual(["python", "pythom", "pytho"]);
    expect(nearestNames(names, "something-else-entirely")).toEqual([]);
  });

  test("gives names that have a word of it, those with more words first", () => {
    const names = ["java-maven", "java-springboot", "java-springboot-basic", "go"];
    expect(nearestNames(names, "spring")).toEqual(["java-springboot", "java-springboot-basic"]);
    expect(nearestNames(names, "spring-boot-with-maven")[0]).toBe("java-springboot");
    expect(nearestNames(names, "ja va")).not.toContain("java-maven");
  });

  // Looking at all of what is asked for takes minutes.
  test("looks at the beginning only of a name that is long", () => {
    const names = Array.from({ length: 10_000 }, (_, at) => `${"stack-".repeat(9)}${at}`);
    const asked = `${"stock-".repeat(200_000)}x`;
    expect(nearestNames(names, asked)).toEqual(names.slice(0, SUGGESTED_NAMES));
    expect(nearestNames(["x".repeat(1_000_000)], "y".repeat(1_000_000))).toEqual([]);
  }, 60_000);
});
