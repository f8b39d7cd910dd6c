import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { createTransportPool } from "../../src/net/index.ts";
import {
  type Digest,
  OCTET_STREAM,
  parseManifest,
  successors,
} from "../../src/oci-client/index.ts";
import {
  COMMON_CONTENT,
  type ConformanceData,
  type Expected,
} from "../support/conformance-content.ts";
import { conformanceScenarios, type Send } from "../support/conformance-suite.ts";
import { startServe } from "../support/devreg.ts";
import { startDockerRegistry } from "../support/docker-registry.ts";
import { jsonOf } from "../support/json-of.ts";
import { openRemote } from "../support/remote.ts";

// Whole processes and their peers on a busy machine.
setDefaultTimeout(60_000);

const EXAMPLE = join(import.meta.dir, "../../examples/registry");
const REPOSITORY = "conformance/repo1";
const OWN = "devfile-catalog/go-service";

const docker = await startDockerRegistry();
const pool = createTransportPool({ userAgent: "devreg-test" });
const target = openRemote(docker.host, { send: pool.send }).repository(REPOSITORY);
for (const each of COMMON_CONTENT) await each.pushTo(target);
await pool.close();
const embedded = await startServe([EXAMPLE, "--no-network"]);
const fronted = await startServe([EXAMPLE, "--no-network", `--registry=${docker.host}`]);

afterAll(async () => {
  await Promise.all([embedded.stop(), fronted.stop()]);
  await docker.stop();
});

function senderTo(url: string): Send {
  return (method, path, headers = {}) => fetch(url + path, { method, headers });
}

function runAll(send: Send, repository: string, content: readonly ConformanceData[]): void {
  const scenarios = conformanceScenarios({ repository, content });
  for (const { name, run } of scenarios) test(name, () => run(send));
}

/** What a repository says that it has; the digests vouch for the bytes. */
async function crawl(send: Send, repository: string): Promise<ConformanceData> {
  const tags = new Map<string, Digest>();
  const manifests = new Map<Digest, Expected>();
  const blobs = new Map<Digest, Expected>();
  const listing = await jsonOf(await send("GET", `/v2/${repository}/tags/list`));
  for (const tag of listing.tags) {
    const response = await send("GET", `/v2/${repository}/manifests/${tag}`);
    const mediaType = response.headers.get("content-type") ?? "";
    const bytes = new Uint8Array(await response.arrayBuffer());
    const digest = response.headers.get("docker-content-digest") as Digest;
    tags.set(tag, digest);
    manifests.set(digest, { mediaType, bytes });
    for (const part of successors(parseManifest(bytes, mediaType))) {
      const blob = await send("GET", `/v2/${repository}/blobs/${part.digest}`);
      const content = new Uint8Array(await blob.arrayBuffer());
      blobs.set(part.digest, { mediaType: OCTET_STREAM, bytes: content });
    }
  }
  return { name: repository, tags, manifests, blobs, referrers: new Map() };
}

describe("the embedded registry conforms in pull and content discovery", async () => {
  const send = senderTo(embedded.url);
  runAll(send, OWN, [await crawl(send, OWN)]);
});

describe("in front of docker-registry", async () => {
  const send = senderTo(fronted.url);
  runAll(send, REPOSITORY, COMMON_CONTENT);
  runAll(send, OWN, [await crawl(send, OWN)]);
});

describe("what is compared", () => {
  test("is the same of both", async () => {
    const [one, other] = await Promise.all([
      crawl(senderTo(embedded.url), OWN),
      crawl(senderTo(fronted.url), OWN),
    ]);
    expect(one).toEqual(other);
    expect(one.tags.size).toBe(2);
  });
});
