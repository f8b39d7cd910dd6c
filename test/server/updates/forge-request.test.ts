import { describe, expect, test } from "bun:test";
import type { UpdateRequest } from "../../../src/server/index.ts";
import {
  githubHeaders,
  gitlabHeaders,
  SOURCE,
  type UpdateAppOptions,
  updateApp,
} from "../../support/update-app.ts";

const COMMIT = "0123456789".repeat(4);
const NO_COMMIT = "0".repeat(40);

const GITHUB_REPOSITORY = {
  clone_url: "https://git.example/team/stacks.git",
  ssh_url: "git@git.example:team/stacks.git",
  html_url: "https://git.example/team/stacks",
  git_url: "git://git.example/team/stacks.git",
  default_branch: "main",
};

const COMMITS = [
  { added: ["stacks/node/1.0.0/devfile.yaml"], modified: ["README.md"], removed: [] },
  { added: [], modified: ["stacks/go/2.0.0/devfile.yaml", "stacks/go/stack.yaml"], removed: [] },
  { removed: ["stacks/old/devfile.yaml", "stacks/OWNERS", "docs/stacks/x/y"] },
];

function githubPush(fields: Readonly<Record<string, unknown>> = {}): string {
  const whole = { ref: "refs/heads/main", before: NO_COMMIT, after: COMMIT, deleted: false };
  return JSON.stringify({ ...whole, repository: GITHUB_REPOSITORY, commits: COMMITS, ...fields });
}

function gitlabPush(fields: Readonly<Record<string, unknown>> = {}): string {
  const project = {
    git_http_url: "https://git.example/team/stacks.git",
    git_ssh_url: "git@git.example:team/stacks.git",
    web_url: "https://git.example/team/stacks",
    default_branch: "main",
  };
  const push = { object_kind: "push", ref: "refs/heads/main", after: COMMIT, checkout_sha: COMMIT };
  return JSON.stringify({ ...push, project, commits: COMMITS, ...fields });
}

/** Sends a push and gives what was answered and what reached the port. */
async function send(body: string, headers: Record<string, string>, options: UpdateAppOptions = {}) {
  const app = await updateApp(options);
  const response = await app.post(body, headers);
  const { state, reasons } = JSON.parse(await response.text());
  const [asked] = app.asked;
  return { status: response.status, state, reasons, asked };
}

function sendGithub(fields: Readonly<Record<string, unknown>>, options?: UpdateAppOptions) {
  const body = githubPush(fields);
  return send(body, githubHeaders(body), options);
}

const PUSHED: UpdateRequest = {
  origin: "github",
  repository: SOURCE.url,
  commit: COMMIT,
  stacks: ["go", "node", "old"],
};

describe("a webhook of GitHub", () => {
  test("asks for the commit that was pushed", async () => {
    expect((await sendGithub({})).asked).toEqual(PUSHED);
  });

  test("may be a form", async () => {
    const body = new URLSearchParams({ payload: githubPush() }).toString();
    const type = { "content-type": "application/x-www-form-urlencoded" };
    expect((await send(body, { ...githubHeaders(body), ...type })).asked).toEqual(PUSHED);
    const empty = "load=1";
    expect((await send(empty, { ...githubHeaders(empty), ...type })).status).toBe(415);
  });

  test.each(["ping", "pull_request", "", "constructor"])("event %j is ignored", async (event) => {
    const body = githubPush();
    const { status, state, asked } = await send(body, githubHeaders(body, event));
    expect([status, state, asked]).toEqual([200, "ignored", undefined]);
  });

  test("that tells of a deleted branch is ignored", async () => {
    const { status, state, reasons, asked } = await sendGithub({ after: NO_COMMIT, deleted: true });
    expect([status, state, asked]).toEqual([200, "ignored", undefined]);
    expect(reasons).toEqual(["refs/heads/main was deleted"]);
  });

  test.each<[string, string | undefined, boolean]>([
    ["refs/heads/main", undefined, true],
    ["refs/heads/main", "HEAD", true],
    ["refs/heads/main", "main", true],
    ["refs/heads/main", "refs/heads/main", true],
    ["refs/heads/feature/x", "feature/x", true],
    ["refs/heads/feature", undefined, false],
    ["refs/heads/main2", "main", false],
    ["refs/heads/x/main", "main", false],
    ["refs/tags/main", undefined, false],
    ["refs/heads/main", "refs/tags/main", false],
    ["refs/heads/main", COMMIT, false],
  ])("of %s to a source with %s: %p", async (ref, followed, taken) => {
    const source = { url: SOURCE.url, ...(followed === undefined ? {} : { ref: followed }) };
    const { status, state, asked } = await sendGithub({ ref }, { sources: [source] });
    expect(status).toBe(200);
    expect(asked !== undefined).toBe(taken);
    if (taken) expect(asked?.ref).toBe(followed);
    else expect(state).toBe("ignored");
  });

  test("of a tag that is followed leaves the commit to be looked up", async () => {
    const sources = [{ ...SOURCE, ref: "v1" }];
    const { asked } = await sendGithub({ ref: "refs/tags/v1" }, { sources });
    const { commit: _, ...rest } = PUSHED;
    expect(asked).toEqual({ ...rest, ref: "v1" });
  });

  test.each([
    "https://git.example/team/stacks",
    "https://robot:pass@GIT.example:443/team/stacks.git/",
    "git@git.example:team/stacks.git",
    "ssh://git@git.example/team/stacks",
  ])("is of the source %s", async (url) => {
    expect((await sendGithub({}, { sources: [{ url }] })).asked?.repository).toBe(url);
  });

  test("finds its source among several by repository and branch", async () => {
    const sources = [
      { url: "https://git.example/team/other" },
      { url: SOURCE.url, ref: "release" },
      { url: SOURCE.url, ref: "main" },
    ];
    expect((await sendGithub({}, { sources })).asked).toEqual({ ...PUSHED, ref: "main" });
  });

  test.each([
    [{ clone_url: "https://git.example/team/fork.git" }],
    [{ clone_url: "https://evil.example/git.example/team/stacks.git" }],
    [{ clone_url: "https://git.example/team/stacks.git.evil" }],
    [{ clone_url: "/srv/stacks" }],
    [{}],
    [undefined],
    ["git.example/team/stacks"],
  ])("of the repository %j is refused", async (repository) => {
    const sources = [{ url: "https://robot:s3cret@git.example/team/stacks" }];
    const { status, state, reasons, asked } = await sendGithub({ repository }, { sources });
    expect([status, state, asked]).toEqual([422, "refused", undefined]);
    expect(reasons[0]).toContain("is no source of this server (git.example/team/stacks)");
    expect(reasons[0]).not.toContain("s3cret");
  });

  test.each([{ ref: 1 }, { after: "main" }, { after: null }, { ref: undefined }])(
    "with %j is no push",
    async (fields) => {
      const { status, state, asked } = await sendGithub(fields);
      expect([status, state, asked]).toEqual([400, "refused", undefined]);
    },
  );

  test.each([undefined, null, "x", [null, 1, { added: "x", modified: [1, null] }]])(
    "may say nothing of use of its commits: %j",
    async (commits) => {
      expect((await sendGithub({ commits })).asked).toEqual({ ...PUSHED, stacks: [] });
    },
  );
});

describe("a webhook of GitLab", () => {
  const sendGitlab = (fields: Readonly<Record<string, unknown>>, event?: string) =>
    send(gitlabPush(fields), gitlabHeaders(event));

  test("asks for the commit that was pushed", async () => {
    const expected = { ...PUSHED, origin: "gitlab" as const };
    expect((await sendGitlab({})).asked).toEqual(expected);
    expect((await sendGitlab({ checkout_sha: null })).asked).toEqual(expected);
  });

  test("that tells of a deleted branch is ignored", async () => {
    const { state, asked } = await sendGitlab({ checkout_sha: null, after: NO_COMMIT });
    expect([state, asked]).toEqual(["ignored", undefined]);
  });

  test.each(["Merge Request Hook", "System Hook", ""])("event %j is ignored", async (event) => {
    const { status, state, asked } = await sendGitlab({}, event);
    expect([status, state, asked]).toEqual([200, "ignored", undefined]);
  });

  test("of another branch is ignored, of another repository refused", async () => {
    expect((await sendGitlab({ ref: "refs/heads/x" })).state).toBe("ignored");
    const project = { git_http_url: "https://git.example/team/fork.git" };
    expect((await sendGitlab({ project })).status).toBe(422);
  });
});
