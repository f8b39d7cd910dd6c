import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { repositoryAddress } from "../../src/generator/repository-address.ts";

describe("repositoryAddress()", () => {
  test.each([
    ["https://git.example/team/stacks.git", "git.example/team/stacks"],
    ["HTTPS://Git.Example/Team/stacks", "git.example/Team/stacks"],
    ["http://user:p@ss@git.example:80/team/stacks.git/", "git.example/team/stacks"],
    ["https://git.example:443/team/stacks/", "git.example/team/stacks"],
    ["https://git.example:8443/team/stacks", "git.example:8443/team/stacks"],
    ["https://git.example:/team/stacks", "git.example/team/stacks"],
    ["http://git.example:443/team/stacks", "git.example:443/team/stacks"],
    ["ssh://git@git.example:22/team/stacks.git", "git.example/team/stacks"],
    ["ssh://git@git.example:2222/team/stacks.git", "git.example:2222/team/stacks"],
    ["git+ssh://git@git.example/team/stacks", "git.example/team/stacks"],
    ["git://git.example:9418/team/stacks.git", "git.example/team/stacks"],
    ["git@GIT.example:team/stacks.git", "git.example/team/stacks"],
    ["git.example:/team/stacks", "git.example/team/stacks"],
    ["git@[::1]:team/stacks", "[::1]/team/stacks"],
    ["https://[2001:DB8::1]:443/team/stacks", "[2001:db8::1]/team/stacks"],
    ["https://git.example/team/.git", "git.example/team"],
  ])("%s is %s", (text, expected) => {
    expect(repositoryAddress(text)).toBe(expected);
  });

  test.each([
    "",
    "/srv/stacks",
    "./stacks",
    "stacks",
    "file:///srv/stacks",
    "https://git.example/",
  ])("%j is no address of a repository", (text) => expect(repositoryAddress(text)).toBeUndefined());

  const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/);
  const host = fc.array(name, { minLength: 2, maxLength: 3 }).map((parts) => parts.join("."));
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
  const user = fc.constantFrom("", "git@", "me:secret@", "a%40b:x@y@");
  const ending = fc.constantFrom("", "/", ".git", ".git/", "//");
  const form = fc.constantFrom<(user: string, host: string, path: string) => string>(
    (u, h, p) => `https://${u}${h}/${p}`,
    (u, h, p) => `https://${u}${h}:443/${p}`,
    (u, h, p) => `http://${u}${h}:80/${p}`,
    (u, h, p) => `ssh://${u}${h}/${p}`,
    (u, h, p) => `SSH://${u}${h}:22/${p}`,
    (_, h, p) => `git@${h}:${p}`,
    (_, h, p) => `${h}:${p}`,
  );
  const mixed = (text: string, upper: readonly boolean[]) =>
    [...text].map((char, at) => (upper[at] ? char.toUpperCase() : char)).join("");

  test("is the same for every way to write one repository", () => {
    fc.assert(
      fc.property(
        ...([host, path, user, ending, form, fc.array(fc.boolean())] as const),
        (at, to, who, end, write, upper) => {
          expect(repositoryAddress(write(who, mixed(at, upper), to + end))).toBe(`${at}/${to}`);
        },
      ),
    );
  });

  test("differs for different repositories and servers", () => {
    fc.assert(
      fc.property(host, host, path, path, form, form, (h1, h2, p1, p2, one, other) => {
        const same = h1 === h2 && p1 === p2;
        const [a, b] = [repositoryAddress(one("", h1, p1)), repositoryAddress(other("", h2, p2))];
        expect(a === b).toBe(same);
      }),
    );
  });

  test("takes any text", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void repositoryAddress(text)));
  });

  // What looks at the rest of the text from each place in it takes minutes.
  test("takes long texts that almost match", () => {
    expect(repositoryAddress(`https://git.example/${"/".repeat(500_000)}x`)).toBe("git.example/x");
    expect(repositoryAddress(`${"a@".repeat(250_000)}:`)).toBeUndefined();
    const ports = ":1".repeat(250_000);
    expect(repositoryAddress(`https://${ports}/x`)).toBe(`${ports}/x`);
  }, 60_000);

  test("shows nothing of credentials", () => {
    fc.assert(
      fc.property(host, path, fc.stringMatching(/^[A-Z]{6,12}$/), (at, to, secret) => {
        expect(repositoryAddress(`https://me:${secret}@${at}/${to}`)).not.toContain(secret);
      }),
    );
  });
});
