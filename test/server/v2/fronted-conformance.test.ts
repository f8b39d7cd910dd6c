import { afterAll, describe, test } from "bun:test";
import { createTransportPool } from "../../../src/net/index.ts";
import { MemoryRegistry } from "../../../src/oci-client/index.ts";
import { COMMON_CONTENT, RARE_CONTENT } from "../../support/conformance-content.ts";
import { conformanceScenarios } from "../../support/conformance-suite.ts";
import { openRemote } from "../../support/remote.ts";
import { servedApp } from "../../support/served-app.ts";

const REPOSITORY = "conformance/repo1";
const content = [...COMMON_CONTENT, ...RARE_CONTENT];
const registry = new MemoryRegistry();
for (const each of content) await each.pushTo(registry.repository(REPOSITORY));
const behind = await servedApp({ deps: { registry } });
const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: (r) => behind.app.fetch(r) });
const pool = createTransportPool({ userAgent: "devreg-test" });
const upstream = openRemote(`127.0.0.1:${server.port}`, { send: pool.send });
const { send } = await servedApp({ deps: { registry: upstream } });

afterAll(async () => {
  await pool.close();
  await server.stop(true);
});

describe("pull and content discovery, passed on from a registry that takes everything", () => {
  for (const { name, run } of conformanceScenarios({ repository: REPOSITORY, content })) {
    test(name, () => run(send));
  }
});
