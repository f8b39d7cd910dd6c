import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import {
  isGitAddress,
  parseGitAddress,
  parseGitLocation,
  resolveSubmodule,
} from "../../../src/generator/fetch/git-address.ts";
import { parseGitmodules } from "../../../src/generator/fetch/git-modules.ts";
import { parseSubDir } from "../../../src/generator/fetch/tree-paths.ts";
import { git } from "../../support/git-repository.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

function shown(text: string): string {
  const address = parseGitAddress(text);
  return address.kind === "http" ? address.url.href : `${address.host} ${address.path}`;
}

describe("parseGitAddress()", () => {
  test("reads https and ssh", () => {
    expect(shown("https://user:p%40ss@host:8443/a/b.git#main")).toBe("https://host:8443/a/b.git");
    expect(parseGitAddress("https://user:p%40ss@host/a")).toMatchObject({
      credentials: { username: "user", password: "p@ss" },
    });
    expect(shown("git@host:group/app.git")).toBe("host group/app.git");
    expect(shown("ssh://git@host:22/group/app.git")).toBe("host group/app.git");
  });

  test("refuses everything else", () => {
    for (const text of [
      ...["", "/srv/x.git", "../x.git", "file:///x.git", "ext::sh -c x", "-oProxyCommand=x:y"],
      ...["ssh://-oProxyCommand=x/y", "git@-host:x", "-u@host:x", "host:-option", "https://"],
      ...["https://host/x?y=z", "https://host/a b", "https://host/a\nb", "git://host/x.git"],
    ]) {
      expect(() => parseGitAddress(text)).toThrow(/^Cannot fetch/);
    }
  });

  test("never shows a password when it refuses", () => {
    expect(() => parseGitAddress("https://u:secret@host/x?y")).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("secret") }),
    );
  });
});

test("parseGitLocation() splits the revision off", () => {
  expect(parseGitLocation("https://host/x.git#feature/y")).toEqual({
    url: "https://host/x.git",
    revision: "feature/y",
  });
  expect(parseGitLocation("https://host/x.git")).toEqual({ url: "https://host/x.git" });
  expect(["https://h/x", "git@h:x", "ssh://h/x"].every(isGitAddress)).toBe(true);
  expect(["./x", "/x", "x", "C:\\x", "a/b:c"].some(isGitAddress)).toBe(false);
});

test("resolveSubmodule() resolves relative addresses as git does", () => {
  const resolve = (base: string, url: string) => {
    const address = resolveSubmodule(parseGitAddress(base), url);
    return address.kind === "http" ? address.url.href : address.text;
  };
  expect(resolve("https://host/a/b.git", "../c.git")).toBe("https://host/a/c.git");
  expect(resolve("https://host/a/b.git/", "./c.git")).toBe("https://host/a/b.git/c.git");
  expect(resolve("https://host/a/b.git", "../../c/d")).toBe("https://host/c/d");
  expect(resolve("git@host:a/b.git", "../c.git")).toBe("git@host:a/c.git");
  expect(resolve("ssh://git@host:22/a/b", "../c")).toBe("ssh://git@host:22/a/c");
  expect(() => resolve("https://host/b.git", "../../c")).toThrow("above the root");
});

describe("parseGitmodules()", () => {
  test("reads what git config reads", async () => {
    const text = [
      "\ufeff# comment",
      '[submodule "one"] ; comment',
      "\tpath = libs/one",
      "\turl = https://host/one.git # comment",
      '[core] ignored = "x"',
      '[submodule "two \\"quoted\\""]',
      '  URL = "https://host/two;.git"',
      "  path = libs/\\",
      "two/",
      '[submodule "no url"]',
      "path = three",
      '[submodule "one"]',
      "\turl = https://host/later.git",
      "[other]",
      "url = x",
    ].join("\n");
    expect([...parseGitmodules(text.replace("[core] ignored", "[core]\nignored"))]).toEqual([
      ["libs/one", "https://host/later.git"],
      ["libs/two", "https://host/two;.git"],
    ]);
    expect(() => parseGitmodules("[submodule\n")).toThrow("line 1");
  });

  test("agrees with git about any path and address that git writes", async () => {
    await using folder = await temporaryFolder();
    const value = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme-ascii" });
    fc.assert(
      fc.property(value, value, (path, url) => {
        const file = `${folder.path}/modules`;
        git(folder.path, ["config", "-f", file, "--replace-all", "submodule.x.path", `p${path}`]);
        git(folder.path, ["config", "-f", file, "--replace-all", "submodule.x.url", url]);
        const read = (key: string) =>
          git(folder.path, ["config", "-z", "-f", file, key]).replace(/\0$/, "");
        const text = readFileSync(file, "utf8");
        const expected = [read("submodule.x.path").replace(/\/+$/, ""), read("submodule.x.url")];
        expect([...parseGitmodules(text)]).toEqual([expected as [string, string]]);
      }),
      { numRuns: 40 },
    );
  });
});

test("parseSubDir() takes a folder of the project only", () => {
  expect(["", undefined, "/", "./a//b/", "a"].map(parseSubDir)).toEqual(["", "", "", "a/b", "a"]);
  for (const subDir of ["..", "a/../b", "a\\b"])
    expect(() => parseSubDir(subDir)).toThrow("subDir");
});
