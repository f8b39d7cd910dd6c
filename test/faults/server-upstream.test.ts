import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createHash } from "node:crypto";
import { type Serving, startServe } from "../support/devreg.ts";
import {
  type Answer,
  type FaultServer,
  type RecordedRequest,
  startFaultServer,
} from "../support/fault-server.ts";
import { jsonOf } from "../support/json-of.ts";
import { devfileText, registryRepository } from "../support/registry-repository.ts";
import type { TemporaryFolder } from "../support/temporary-folder.ts";
import { until } from "../support/until.ts";

// Whole processes, and time-outs of the registry behind.
setDefaultTimeout(120_000);

const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const SMALL = "what the blob holds";
const LARGE = "0123456789abcdef".repeat(3 * 65_536);
const sha256 = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;
const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  mediaType: MANIFEST_TYPE,
  config: { mediaType: "application/vnd.oci.empty.v1+json", digest: sha256("{}"), size: 2 },
  layers: [],
});

const BLOBS = new Map([SMALL, LARGE].map((text) => [sha256(text), text]));
const REPOSITORY = "/v2/apps/tool";

/** How the registry behind answers what it would otherwise have. */
type Fault = (
  right: Answer & { readonly body: string },
  request: RecordedRequest,
) => Answer | "reset";

let fault: Fault = (right) => right;

/** A registry with one foreign repository, and nothing of ours. */
function registryBehind(request: RecordedRequest): Answer | "reset" {
  const { target } = request;
  if (target === "/v2/") return { status: 200, body: "{}" };
  const blob = BLOBS.get(target.slice(`${REPOSITORY}/blobs/`.length));
  const isManifest = target.startsWith(`${REPOSITORY}/manifests/`);
  const body = isManifest ? MANIFEST : blob;
  if (body === undefined) return { status: 404, body: '{"errors":[]}' };
  const type = isManifest ? MANIFEST_TYPE : "application/octet-stream";
  const headers = { "content-type": type, "docker-content-digest": sha256(body) };
  return fault({ status: 200, headers, body }, request);
}

let folder: TemporaryFolder;
let behind: FaultServer;
let server: Serving;

beforeAll(async () => {
  const alpha = { name: "alpha", version: "1.0.0", displayName: "Alpha" };
  folder = await registryRepository({ "stacks/alpha/devfile.yaml": devfileText(alpha) });
  behind = await startFaultServer(registryBehind);
  server = await startServe([folder.path, "--registry", behind.host]);
});

afterAll(async () => {
  await server.stop("SIGKILL");
  await behind.stop();
  await folder.remove();
});

/** Gives what a client ends up with: a whole body, or a status, or a connection that broke. */
async function pull(path: string): Promise<string | number | "broken"> {
  try {
    const answer = await fetch(`${server.url}${REPOSITORY}${path}`);
    const text = await answer.text();
    return answer.ok ? text : answer.status;
  } catch {
    return "broken";
  }
}

/** Our own stack, index and health are there whatever happens behind. */
async function expectOwnIsWell(): Promise<void> {
  for (const path of ["/health", "/v2index", "/v2/devfile-catalog/alpha/manifests/1.0.0"]) {
    expect((await fetch(`${server.url}${path}`)).status).toBe(200);
  }
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
}

const FAULTS: Readonly<Record<string, Fault>> = {
  "other bytes of the same length": (right, { method }) =>
    method === "HEAD" ? right : { ...right, body: `${right.body.slice(0, -1)}X` },
  "a body that is cut short": (right, { method }) =>
    method === "HEAD" ? right : { ...right, cutAfter: right.body.length - 3 },
  "fewer bytes than it said": (right, { method }) =>
    method === "HEAD" ? right : { ...right, body: right.body.slice(0, -3), undelimited: true },
  "more bytes than it said": (right, { method }) =>
    method === "HEAD" ? right : { ...right, body: `${right.body}more`, undelimited: true },
  "a body without end": (right, { method }) =>
    method === "HEAD" ? right : { ...right, endless: true },
  "nothing but 429": () => ({ status: 429, headers: { "retry-after": "0" }, body: "slow down" }),
  "a redirect to itself": (_, { target }) => ({ status: 307, headers: { location: target } }),
  "a redirect to a file": () => ({ status: 307, headers: { location: "file:///etc/passwd" } }),
  "a page of HTML": () => ({
    status: 200,
    headers: { "content-type": "text/html" },
    body: "<script>alert(1)</script>",
  }),
  "500": () => ({ status: 500, body: "a trace of the stack" }),
  "401 with a challenge": () => ({
    status: 401,
    headers: { "www-authenticate": 'Bearer realm="http://127.0.0.1:1/token"' },
  }),
  "a broken connection": () => "reset",
};

describe("a registry behind that lies", () => {
  test("is passed on while it tells the truth", async () => {
    fault = (right) => right;
    expect(await pull(`/blobs/${sha256(SMALL)}`)).toBe(SMALL);
    expect(await pull(`/blobs/${sha256(LARGE)}`)).toBe(LARGE);
    expect(await pull("/manifests/1")).toBe(MANIFEST);
  });

  for (const [name, lie] of Object.entries(FAULTS)) {
    test(`${name}: no client takes it for the content`, async () => {
      fault = lie;
      for (const [path, truth] of [
        [`/blobs/${sha256(SMALL)}`, SMALL],
        [`/blobs/${sha256(LARGE)}`, LARGE],
        [`/manifests/${sha256(MANIFEST)}`, MANIFEST],
      ] as const) {
        expect(await pull(path)).toBeOneOf([truth, "broken", 404, 429, 500, 502, 503, 504]);
      }
      await expectOwnIsWell();
      fault = (right) => right;
      await until("it is passed on again", async () => {
        return (await pull(`/blobs/${sha256(SMALL)}`)) === SMALL;
      });
    });
  }

  test("a body that never comes holds nobody else up", async () => {
    fault = (right, { method }) =>
      method === "HEAD"
        ? right
        : { ...right, headers: { ...right.headers, "content-length": "1000" }, body: "" };
    const leaving = new AbortController();
    const paths = Array.from({ length: 20 }, () => `/blobs/${sha256(LARGE)}`);
    const waiting = paths.map((path) =>
      fetch(`${server.url}${REPOSITORY}${path}`, { signal: leaving.signal }).then(
        (answer) => answer.text(),
        () => "gone",
      ),
    );
    const asked = behind.requests.length;
    await until("all ask behind", async () => behind.requests.length > asked);
    await expectOwnIsWell();
    leaving.abort();
    for (const each of await Promise.all(waiting)) expect(each).not.toBe(LARGE);
    fault = (right) => right;
    await until("it is passed on again", async () => {
      return (await pull(`/blobs/${sha256(SMALL)}`)) === SMALL;
    });
  });

  test("is not quoted to clients", async () => {
    fault = () => ({ status: 500, body: "a trace of the stack" });
    const answer = await fetch(`${server.url}${REPOSITORY}/manifests/1`);
    const text = await answer.text();
    expect(text).not.toContain("trace of the stack");
    expect(text).not.toContain(behind.host);
    fault = (right) => right;
  });
});

describe("a registry behind that is gone", () => {
  test("takes nothing of ours with it, and /readyz says so without naming it", async () => {
    await behind.stop();
    expect(await pull(`/blobs/${sha256(SMALL)}`)).toBeOneOf([502, 503, 504]);
    await expectOwnIsWell();
    await until("it is told", async () => {
      const { status, reasons } = await jsonOf(await fetch(`${server.url}/readyz`));
      return status === "degraded" && reasons.join().startsWith("registry: ");
    });
    const text = await (await fetch(`${server.url}/readyz`)).text();
    expect(text).not.toContain("127.0.0.1");
    expect(text).not.toContain(behind.host);
  });

  test("leaves the server as it was: it stops when it is told to", async () => {
    expect(await server.stop()).toBe(0);
  });
});
