import { describe, expect, test } from "bun:test";
import { hostOfGit, isInternalHost } from "../../src/server/internal-host.ts";

describe("isInternalHost()", () => {
  test.each([
    "localhost",
    "gitea",
    "10.0.0.7",
    "127.0.0.1",
    "[::1]",
    "fe80::1",
    "git.internal",
    "GIT.Corp.",
    "registry.devfiles.svc",
    "registry.devfiles.svc.cluster.local",
    "nas.home.arpa",
  ])("is true of %s", (host) => {
    expect(isInternalHost(host)).toBe(true);
  });

  test.each(["github.com", "git.example", "registry.devfile.io.", "internal.example"])(
    "is false of %s",
    (host) => {
      expect(isInternalHost(host)).toBe(false);
    },
  );
});

describe("hostOfGit()", () => {
  test.each([
    ["https://git.example:8443/team/stacks.git", "git.example"],
    ["ssh://git@git.example/stacks", "git.example"],
    ["git@git.example:team/stacks.git", "git.example"],
    ["git.example:team/stacks.git", "git.example"],
    ["stacks", undefined],
  ])("of %s is %p", (address, host) => {
    expect(hostOfGit(address)).toBe(host);
  });
});
