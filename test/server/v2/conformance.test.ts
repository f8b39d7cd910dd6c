import { describe, expect, test } from "bun:test";
import { MemoryRegistry } from "../../../src/oci-client/index.ts";
import { COMMON_CONTENT, RARE_CONTENT } from "../../support/conformance-content.ts";
import { conformanceScenarios } from "../../support/conformance-suite.ts";
import { servedApp } from "../../support/served-app.ts";

const REPOSITORY = "conformance/repo1";
const content = [...COMMON_CONTENT, ...RARE_CONTENT];
const registry = new MemoryRegistry();
for (const each of content) await each.pushTo(registry.repository(REPOSITORY));
const { send } = await servedApp({ deps: { registry } });

describe("pull and content discovery", () => {
  for (const { name, run } of conformanceScenarios({ repository: REPOSITORY, content })) {
    test(name, () => run(send));
  }
});

describe("a write to a malformed address", () => {
  test.each([
    ["PUT", `/v2/${REPOSITORY}/manifests/sha256:totallywrong`, 400, "DIGEST_INVALID"],
    ["PUT", `/v2/${REPOSITORY}/manifests/.hidden`, 400, "TAG_INVALID"],
    ["DELETE", `/v2/${REPOSITORY}/blobs/sha256:short`, 400, "DIGEST_INVALID"],
    ["POST", "/v2/UPPER/blobs/uploads/", 405, "UNSUPPORTED"],
    ["PUT", `/v2/${REPOSITORY}/manifests/latest`, 405, "UNSUPPORTED"],
    ["PUT", `/v2/${REPOSITORY}/manifests/%zz`, 405, "UNSUPPORTED"],
  ])("%s %s", async (method, path, status, code) => {
    const response = await send(method, path);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ code }] });
  });
});
