import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type RunOptions, runDevreg, startServe } from "../support/devreg.ts";
import { devfileText, registryRepository } from "../support/registry-repository.ts";
import type { TemporaryFolder } from "../support/temporary-folder.ts";

// Whole processes.
setDefaultTimeout(60_000);

/** A stream on a disk that is full: nothing that is written to it is taken. */
const full = (stream: 1 | 2): RunOptions => ({
  inside: (command) => ["sh", "-c", `exec "$@" ${stream}>/dev/full`, "sh", ...command],
});

let folder: TemporaryFolder;

beforeAll(async () => {
  const alpha = { name: "alpha", version: "1.0.0", displayName: "Alpha" };
  folder = await registryRepository({ "registry/stacks/alpha/devfile.yaml": devfileText(alpha) });
});
afterAll(() => folder.remove());

const at = (name: string) => join(folder.path, name);

describe("a log on a full disk", () => {
  test("keeps a server neither from answering nor from stopping", async () => {
    const server = await startServe([at("registry"), "--access-log=all"], full(2));
    try {
      for (const path of ["/devfiles/nothing", "/v2/nothing/tags/list"]) {
        expect((await fetch(`${server.url}${path}`)).status).toBe(404);
      }
      expect((await fetch(`${server.url}/v2index`)).status).toBe(200);
      expect(await server.stop()).toBe(0);
      expect(server.log()).toBe("");
    } finally {
      await server.stop("SIGKILL");
    }
  });

  test("changes no exit code", async () => {
    const generate = (...words: string[]) => runDevreg(["generate", ...words], full(2));
    expect(await generate(at("registry"), "-o", at("build"))).toMatchObject({ code: 0 });
    expect(JSON.parse(readFileSync(at("build/index.json"), "utf8"))).toHaveLength(1);
    expect(await generate(at("nothing"), "-o", at("none"))).toMatchObject({ code: 1 });
    expect(await generate("--no-such-flag")).toMatchObject({ code: 1 });
  });
});

describe("standard output on a full disk", () => {
  test("fails a command whose result is lost, and says why", async () => {
    const report = await runDevreg(["generate", at("registry"), "-o", at("again")], full(1));
    expect(report.code).toBe(2);
    expect(report.stderr).toContain("Cannot write standard output: the disk is full (ENOSPC)\n");
    expect(await runDevreg(["--version"], full(1))).toMatchObject({ code: 2 });
  });
});
