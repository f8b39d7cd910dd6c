import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  fetchRepository,
  gitAuthVariable,
  gitCredentialsFrom,
} from "../../../src/generator/fetch/index.ts";
import { makeCertificate } from "../../support/certificate.ts";
import {
  type Fetching,
  fetchGitProject,
  importFiles,
  openFetching,
} from "../../support/git-fetching.ts";
import { type GitHttpServer, startGitHttpServer } from "../../support/git-http-server.ts";
import { initRepository } from "../../support/git-repository.ts";
import { type TemporaryFolder, temporaryFolder } from "../../support/temporary-folder.ts";

const ACCOUNT = { username: "git", password: "s3cr3t" };

let root: TemporaryFolder;
let fetching: Fetching;
let locked: GitHttpServer;
beforeAll(async () => {
  root = await temporaryFolder();
  await initRepository(join(root.path, "app.git"));
  importFiles(join(root.path, "app.git"), { "a.txt": "a" });
  fetching = await openFetching();
  locked = startGitHttpServer(root.path, { account: ACCOUNT });
});
afterAll(async () => {
  await locked.stop();
  await fetching[Symbol.asyncDispose]();
  await root.remove();
});

/** Fetches with a token for each of some hosts. */
function fetchWith(url: string, tokens: Readonly<Record<string, string>>) {
  const env = Object.entries(tokens).map(([host, token]) => [gitAuthVariable(host), token]);
  const credentials = gitCredentialsFrom(Object.fromEntries(env));
  return fetchGitProject(url, { ...fetching, credentials });
}

describe("fetchProject() from a server that asks who reads", () => {
  test("fails without a token and says which variable holds it", async () => {
    await expect(fetchGitProject(`${locked.url}/app.git`, fetching)).rejects.toMatchObject({
      code: "UNAUTHORIZED",
      hint: `If it is private, give a token in ${gitAuthVariable(locked.host)}`,
    });
  });

  test("works with a token, which is sent only after it was asked for", async () => {
    const before = locked.requests.length;
    const { tree } = await fetchWith(`${locked.url}/app.git`, { [locked.host]: "s3cr3t" });
    expect(tree.entries).toHaveLength(1);
    const sent = locked.requests.slice(before).map(({ authorization }) => authorization !== null);
    expect(sent).toEqual([false, true, true, true]);
  });

  test("works with a user and password in the address, which are shown nowhere", async () => {
    const url = `http://git:s3cr3t@${locked.host}/app.git`;
    const { provenance } = await fetchGitProject(url, fetching);
    expect(provenance.url).toBe(`${locked.url}/app.git`);
    const repository = await fetchRepository(url, undefined, fetching);
    expect(repository.source.name).toBe(`${locked.url}/app.git`);
    await repository.close();
    await expect(
      fetchGitProject(`http://git:s3cr3t@${locked.host}/none.git`, fetching),
    ).rejects.toMatchObject({ message: expect.not.stringContaining("s3cr3t") });
  });

  test("asks once only with a wrong token", async () => {
    const before = locked.requests.length;
    const wrong = fetchWith(`${locked.url}/app.git`, { [locked.host]: "guessed" });
    await expect(wrong).rejects.toMatchObject({
      code: "UNAUTHORIZED",
      hint: `Check the credentials for ${locked.host}`,
    });
    expect(locked.requests.length - before).toBe(2);
  });
});

describe("fetchProject() follows a redirect", () => {
  /** A server that leads every first request elsewhere, once it has seen the right token. */
  function redirecting(target: (path: string) => string, account?: typeof ACCOUNT) {
    return startGitHttpServer(root.path, {
      intercept: ({ method, path, authorization }) => {
        if (account !== undefined && authorization === null) {
          return new Response("", { status: 401 });
        }
        if (method !== "GET") return undefined;
        return new Response("", { status: 301, headers: { location: target(path) } });
      },
    });
  }

  test("to another server, which gets its own token and never the first one's", async () => {
    const from = redirecting((path) => `${locked.url}${path}`, ACCOUNT);
    const before = locked.requests.length;
    const tokens = { [from.host]: "for-the-first", [locked.host]: "s3cr3t" };
    expect((await fetchWith(`${from.url}/app.git`, tokens)).tree.entries).toHaveLength(1);
    await expect(
      fetchWith(`${from.url}/app.git`, { [from.host]: "for-the-first" }),
    ).rejects.toMatchObject({ code: "UNAUTHORIZED" });
    const seen = new Set(locked.requests.slice(before).map(({ authorization }) => authorization));
    expect([...seen]).toEqual([null, `Basic ${btoa("git:s3cr3t")}`]);
    await from.stop();
  });

  test("to another path of the same server", async () => {
    const from = startGitHttpServer(root.path, {
      intercept: ({ path }) =>
        path.startsWith("/old/")
          ? new Response("", { status: 302, headers: { location: path.replace("/old/", "/") } })
          : undefined,
    });
    const { provenance } = await fetchGitProject(`${from.url}/old/app.git`, fetching);
    expect(provenance.url).toBe(`${from.url}/old/app.git`);
    await from.stop();
  });

  test("but not to a page for signing in, nor on and on", async () => {
    const page = startGitHttpServer(root.path, {
      intercept: ({ path }) =>
        path.startsWith("/sign-in")
          ? new Response("<html>")
          : new Response("", { status: 302, headers: { location: "/sign-in" } }),
    });
    await expect(fetchGitProject(`${page.url}/app.git`, fetching)).rejects.toMatchObject({
      code: "NETWORK",
      message: expect.stringContaining("no git repository"),
    });
    await page.stop();
    const loop = redirecting((path) => path);
    await expect(fetchGitProject(`${loop.url}/app.git`, fetching)).rejects.toMatchObject({
      code: "NETWORK",
    });
    await loop.stop();
  });

  test("but not while it sends what it wants", async () => {
    const from = startGitHttpServer(root.path, {
      intercept: ({ method, path }) =>
        method === "POST"
          ? new Response("", { status: 307, headers: { location: `${locked.url}${path}` } })
          : undefined,
    });
    const before = locked.requests.length;
    await expect(fetchGitProject(`${from.url}/app.git`, fetching)).rejects.toMatchObject({
      code: "NETWORK",
    });
    expect(locked.requests.length).toBe(before);
    await from.stop();
  });
});

describe("fetchProject()", () => {
  test("trusts an authority that it is given, and no other", async () => {
    const { certificate, key } = makeCertificate(root.path);
    const [cert, keyText] = [readFileSync(certificate, "utf8"), readFileSync(key, "utf8")];
    const secure = startGitHttpServer(root.path, { tls: { cert, key: keyText } });
    await using trusting = await openFetching({}, { extraCa: cert });
    expect((await fetchGitProject(`${secure.url}/app.git`, trusting)).tree.entries).toHaveLength(1);
    await expect(fetchGitProject(`${secure.url}/app.git`, fetching)).rejects.toMatchObject({
      code: "NETWORK",
      hint: expect.stringContaining("--ca-file"),
    });
    await secure.stop();
  });

  test("tells what is no git server from one that is not there", async () => {
    const web = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("<html>") });
    const url = `http://127.0.0.1:${web.port}/app.git`;
    await expect(fetchGitProject(url, fetching)).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining("no git server"),
    });
    await web.stop(true);
    await expect(fetchGitProject(url, fetching)).rejects.toMatchObject({ code: "NETWORK" });
    await expect(
      fetchWith(`${locked.url}/none.git`, { [locked.host]: "s3cr3t" }),
    ).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});

describe("gitCredentialsFrom()", () => {
  test("takes a token, or a user and a password", () => {
    const credentials = gitCredentialsFrom({
      DEVREG_GIT_AUTH_GIT_EXAMPLE_COM: "token",
      DEVREG_GIT_AUTH_GIT_EXAMPLE_COM_8443: "ada:pass:word",
      DEVREG_GIT_AUTH_EMPTY: "",
    });
    expect(credentials("git.example.com")).toEqual({ username: "git", password: "token" });
    expect(credentials("git.example.com:8443")).toEqual({ username: "ada", password: "pass:word" });
    expect(credentials("empty")).toBeUndefined();
    expect(credentials("other")).toBeUndefined();
  });

  test("refuses one variable for two hosts", () => {
    const credentials = gitCredentialsFrom({ DEVREG_GIT_AUTH_A_B: "token" });
    expect(credentials("a.b")).toBeDefined();
    expect(() => credentials("a-b")).toThrow("it is for a.b and a-b");
  });
});
