import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { fetchCommitHistory } from "../../../src/generator/fetch/index.ts";
import { openFetching } from "../../support/git-fetching.ts";
import { startGitHttpServer } from "../../support/git-http-server.ts";
import { git, initRepository } from "../../support/git-repository.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

// A git program behind each request, on a busy machine.
setDefaultTimeout(60_000);

/** A repository with a merged branch, a line that was given up, and one commit ahead of main. */
async function openHistory(config: Readonly<Record<string, string>> = {}) {
  const folder = await temporaryFolder();
  const repository = join(folder.path, "registry.git");
  await initRepository(repository);
  const commit = (name: string) => {
    git(repository, ["commit", "-q", "--allow-empty", "-m", name]);
    return git(repository, ["rev-parse", "HEAD"]).trim();
  };
  const first = commit("first");
  git(repository, ["checkout", "-q", "-b", "topic"]);
  const topic = commit("topic");
  git(repository, ["checkout", "-q", "main"]);
  const given = commit("given up");
  git(repository, ["reset", "-q", "--hard", first]);
  const second = commit("second");
  git(repository, ["merge", "-q", "--no-ff", "-m", "merge", "topic"]);
  const merged = git(repository, ["rev-parse", "HEAD"]).trim();
  git(repository, ["checkout", "-q", "-b", "ahead"]);
  const ahead = commit("ahead");
  git(repository, ["checkout", "-q", "main"]);
  const server = startGitHttpServer(folder.path, { config });
  return {
    url: `${server.url}/registry.git`,
    commits: { first, topic, given, second, merged, ahead },
    repository,
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      await folder.remove();
    },
  };
}

describe("fetchCommitHistory()", () => {
  for (const [kind, config] of [
    [
      "leaves content out",
      { "uploadpack.allowFilter": "true", "uploadpack.allowAnySHA1InWant": "true" },
    ],
    ["knows no filters", {}],
  ] as const) {
    test(`orders commits where the server ${kind}`, async () => {
      await using history = await openHistory(config);
      await using deps = await openFetching();
      const { first, topic, given, second, merged, ahead } = history.commits;
      const known = await fetchCommitHistory(history.url, "main", [ahead, given], deps);
      expect(known.order(first, merged)).toBe("older");
      expect(known.order(merged, topic)).toBe("newer");
      expect(known.order(merged, merged)).toBe("same");
      expect(known.order(topic, second)).toBeUndefined();
      expect(known.order(merged, ahead)).toBe("older");
      expect(known.order(given, second)).toBe("older");
      expect(known.order(second, given)).toBe("newer");
    });
  }

  test("tells nothing of what the server does not have", async () => {
    await using history = await openHistory();
    await using deps = await openFetching();
    const lost = "0123456789abcdef0123456789abcdef01234567";
    const known = await fetchCommitHistory(history.url, undefined, [lost], deps);
    expect(known.has(lost)).toBe(false);
    expect(known.has(history.commits.first)).toBe(true);
    expect(known.order(lost, history.commits.merged)).toBeUndefined();
  });

  test("says that there is no such branch", async () => {
    await using history = await openHistory();
    await using deps = await openFetching();
    const fetching = fetchCommitHistory(history.url, "maim", [], deps);
    await expect(fetching).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
