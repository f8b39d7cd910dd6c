import { describe, expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { STARTER_ANSWER_MS } from "../../../../src/api-limits.ts";
import { createStarterFetcher } from "../../../../src/cli/serve/starters/fetch-starter.ts";
import { DevregError } from "../../../../src/errors.ts";
import * as fetchCode from "../../../../src/generator/fetch/index.ts";
import { silentLogger } from "../../../../src/log.ts";
import * as net from "../../../../src/net/index.ts";

const never = new AbortController().signal;
const waits: (number | undefined)[] = [];
const fetcher = createStarterFetcher(
  { fetch: fetchCode, net },
  {
    send: async ({ headersTimeoutMs, url }) => {
      waits.push(headersTimeoutMs);
      throw new DevregError("TIMEOUT", `Cannot reach ${url.host}: it did not answer in time`);
    },
    temporaryFolder: tmpdir(),
    log: silentLogger,
    stopped: never,
    home: new URL("http://server.lan"),
  },
);
const GIT = {
  kind: "git",
  remotes: { origin: "https://git.example:8443/app.git" },
  checkoutFrom: {},
} as const;
const ZIP = { kind: "zip", location: "https://zips.example/app.zip" } as const;

describe("createStarterFetcher()", () => {
  test("waits for the beginning of an answer for a while only", async () => {
    for (const source of [GIT, ZIP]) {
      await expect(fetcher.fetch(source, never)).rejects.toThrow("in time");
    }
    await expect(fetcher.resolve(GIT, never)).rejects.toThrow("in time");
    expect([...new Set(waits)]).toEqual([STARTER_ANSWER_MS]);
  });

  test("names the host that projects come from", () => {
    expect(fetcher.hostOf(GIT)).toBe("git.example:8443");
    expect(fetcher.hostOf(ZIP)).toBe("zips.example");
    expect(fetcher.hostOf({ ...GIT, remotes: { origin: "git@git.example:app.git" } })).toBe("");
  });
});
