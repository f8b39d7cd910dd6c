import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Serving, startServe } from "../support/devreg.ts";
import { devfileText, registryRepository } from "../support/registry-repository.ts";
import type { TemporaryFolder } from "../support/temporary-folder.ts";
import { until } from "../support/until.ts";

setDefaultTimeout(120_000);

/** In every name that strangers have no business with. */
const CANARY = "canary";
const ZEROS = `sha256:${"0".repeat(64)}`;

const PATHS = [
  ...["/", "/health", "/readyz", "/info", "/metrics", "/nothing", "/%zz", "/.git/config"],
  ...["/index", "/index/all", "/v2index/all", "/index?minVersion=x", "/v2index/nothing"],
  ...["/devfiles/alpha", "/devfiles/alpha/9.9.9", "/devfiles/nothing", "/devfiles/index.json"],
  ...["/devfiles/alpha/starter-projects/nothing", "/stacks/alpha/1.0.0/nothing"],
  ...["/search?q=alpha", `/search?q=${"x".repeat(1_000)}`, "/openapi.json", "/artifacts"],
  ...["/badges/alpha.svg", "/robots.txt", "/sitemap.xml", "/api/update"],
  ...["/viewer", "/viewer/status", "/viewer/artifacts", "/viewer/nothing", "/v2/", "/v2/_catalog"],
  "/v2/devfile-catalog/alpha/tags/list",
  ...["1.0.0", "nothing", ZEROS].map((tag) => `/v2/devfile-catalog/alpha/manifests/${tag}`),
  `/v2/devfile-catalog/alpha/blobs/${ZEROS}`,
  `/v2/devfile-catalog/alpha/referrers/${ZEROS}`,
  ...["tags/list", "manifests/1", `blobs/${ZEROS}`].map((rest) => `/v2/team/other/${rest}`),
];
const METHODS = ["GET", "HEAD", "OPTIONS", "POST", "DELETE"];
const FAULTS = [500, 401, 404, 302];

let folder: TemporaryFolder;

beforeAll(async () => {
  folder = await registryRepository({
    [`${CANARY}/registry/stacks/alpha/devfile.yaml`]: devfileText({
      name: "alpha",
      version: "1.0.0",
      displayName: "Alpha",
    }),
    [`${CANARY}/secret`]: `${CANARY}-secret\n`,
  });
  await mkdir(join(folder.path, "fetched"));
});

afterAll(async () => {
  await folder.remove();
});

/** A registry or a git server that fails, and says as much of itself as it can. */
function talkative(status: number) {
  const errors = [
    { code: "UNKNOWN", message: `/var/${CANARY}/x.go:12: ${CANARY}`, detail: CANARY },
  ];
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: () =>
      new Response(JSON.stringify({ errors }), {
        status,
        headers: {
          location: `http://${CANARY}.internal/`,
          "www-authenticate": `Basic realm="${CANARY}"`,
          "x-header": CANARY,
        },
      }),
  });
}

async function serve(...args: readonly string[]): Promise<Serving> {
  const env = { TMPDIR: join(folder.path, "fetched") };
  return await startServe(["--access-log=all", ...args], { env });
}

/** Asks for everything in every way; gives what answers say, each with what was asked. */
function askAll({ url }: Serving): Promise<readonly string[]> {
  const asked = PATHS.flatMap((path) => METHODS.map((method) => ({ path, method })));
  // Side by side, as a server that asks in vain takes its time.
  return Promise.all(
    asked.map(async ({ path, method }) => {
      const body = method === "POST" ? { body: "x" } : {};
      const answer = await fetch(url + path, { method, redirect: "manual", ...body });
      const head = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
      return `${method} ${path}: ${answer.status}\n${head}\n${await answer.text()}`;
    }),
  );
}

/** What no answer may have: names from inside, what systems and programs say, where code lies. */
const LEAK = new RegExp(
  `${CANARY}|127\\.0\\.0\\.1:|E(?:CONNREFUSED|NOENT|ACCES)|ENOTFOUND|Cannot reach|` +
    "/tmp/|\\$bunfs|node_modules|\\.[jt]s:\\d+|\\bat \\w+ \\(",
);

/** Asks a server for everything, and stops it. */
async function expectNoLeak(server: Serving): Promise<void> {
  const { port } = new URL(server.url);
  const answers = await askAll(server);
  await server.stop();
  const others = answers.map((text) => text.replaceAll(`127.0.0.1:${port}`, ""));
  expect(others.filter((text) => LEAK.test(text))).toEqual([]);
  expect(server.log()).not.toContain(`${CANARY}-secret`);
  expect(server.log()).not.toContain(`${CANARY}-password`);
}

describe("no answer names what is inside", () => {
  test("while git, the registry and the disk cannot be reached", async () => {
    const inside = join(folder.path, CANARY);
    const server = await serve(
      ...["--source", `https://user:${CANARY}-password@git.${CANARY}.internal/team/registry.git`],
      ...["--registry", `registry.${CANARY}.internal:5000/${CANARY}`],
      ...["--data-dir", join(inside, "data")],
      ...["--webhook-secret-file", join(inside, "secret")],
      join(inside, "registry"),
    );
    const reasons = async () => await (await fetch(`${server.url}/readyz`)).text();
    await until("git was asked", async () => (await reasons()).includes("source: "));
    await expectNoLeak(server);
  });

  for (const status of FAULTS) {
    test(`by a registry behind that answers ${status}`, async () => {
      using behind = talkative(status);
      const host = `127.0.0.1:${behind.port}/${CANARY}`;
      const server = await serve("--registry", host, join(folder.path, CANARY, "registry"));
      await expectNoLeak(server);
      const follower = await serve("--follow", host);
      await expectNoLeak(follower);
    });

    test(`by a git server that answers ${status}`, async () => {
      using git = talkative(status);
      const server = await serve("--source", `http://127.0.0.1:${git.port}/${CANARY}.git`);
      await expectNoLeak(server);
    });
  }
});
