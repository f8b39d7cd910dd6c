import { expect } from "bun:test";
import { utf8 } from "../../src/bytes.ts";
import { algorithmOf, type Digest, digestOf, OCI_INDEX } from "../../src/oci-client/index.ts";
import type { ConformanceData, Expected } from "./conformance-content.ts";
import { jsonOf } from "./json-of.ts";

/** Sends one request to the registry under test. */
export type Send = (
  method: string,
  path: string,
  headers?: Readonly<Record<string, string>>,
) => Promise<Response>;

/** One scenario of the suite. */
export interface Scenario {
  readonly name: string;
  run(send: Send): Promise<void>;
}

/** What the scenarios are run over. */
export interface ConformanceTarget {
  readonly repository: string;
  /** Everything that was brought into the repository. */
  readonly content: readonly ConformanceData[];
}

const ACCEPT = { accept: `${OCI_INDEX}, application/vnd.oci.image.manifest.v1+json` };
const ABSENT = digestOf(utf8("nobody pushed this"));
/** What lists referrers in a registry that cannot. Spec: distribution-spec v1.1, Referrers Tag Schema. */
const REFERRERS_TAG = /^sha256-[a-f0-9]{64}$/;
/** Spec: distribution-spec v1.1, Error Codes. */
const ERROR_CODES = new Set([
  "BLOB_UNKNOWN",
  "BLOB_UPLOAD_INVALID",
  "BLOB_UPLOAD_UNKNOWN",
  "DIGEST_INVALID",
  "MANIFEST_BLOB_UNKNOWN",
  "MANIFEST_INVALID",
  "MANIFEST_UNKNOWN",
  "NAME_INVALID",
  "NAME_UNKNOWN",
  "SIZE_INVALID",
  "UNAUTHORIZED",
  "DENIED",
  "UNSUPPORTED",
  "TOOMANYREQUESTS",
]);

/**
 * The scenarios of pull and content discovery that the conformance suite of the distribution
 * specification runs, of its release 1.1 and of its successor, for a registry that is only read.
 */
export function conformanceScenarios(target: ConformanceTarget): readonly Scenario[] {
  const base = `/v2/${target.repository}`;
  return [
    ...basics(base),
    ...target.content.flatMap((data) => dataScenarios(base, data)),
    ...tagScenarios(base, target),
    ...rangeScenarios(base, target),
    ...errorScenarios(base),
  ];
}

function basics(base: string): Scenario[] {
  return [
    { name: "ping", run: async (send) => expectStatus(await send("GET", "/v2/"), 200) },
    {
      name: "tags of a repository that does not exist",
      run: async (send) => {
        const { status } = await send("GET", `${base}/not/here/tags/list`);
        expect([200, 404]).toContain(status);
      },
    },
    {
      name: "referrers of what does not exist",
      run: async (send) => {
        expect(await referrersOf(send, `${base}/referrers/${ABSENT}`)).toEqual([]);
      },
    },
  ];
}

function dataScenarios(base: string, data: ConformanceData): Scenario[] {
  const { tags, manifests, blobs, referrers } = data;
  const named = (name: string, run: Scenario["run"]): Scenario => ({
    name: `${data.name}: ${name}`,
    run,
  });
  const ofManifest = (reference: string, digest: Digest) => {
    const wanted = manifests.get(digest);
    return (send: Send) => pull(send, `${base}/manifests/${reference}`, digest, wanted);
  };
  return [
    ...[...tags].map(([tag, digest]) => named(`manifest by tag ${tag}`, ofManifest(tag, digest))),
    ...[...manifests.keys()].map((digest, at) =>
      named(`manifest ${at} by digest`, ofManifest(digest, digest)),
    ),
    ...[...blobs].map(([digest, wanted], at) =>
      named(`blob ${at}`, (send) => pull(send, `${base}/blobs/${digest}`, digest, wanted)),
    ),
    ...[...referrers].map(([subject, wanted], at) =>
      named(`referrers of subject ${at}`, async (send) => {
        const path = `${base}/referrers/${subject}`;
        const found = await referrersOf(send, path);
        expect(found).toHaveLength(wanted.length);
        expect(found).toEqual(expect.arrayContaining([...wanted]));
        for (const type of new Set(wanted.map(({ artifactType = "" }) => artifactType))) {
          const filtered = await referrersOf(
            send,
            `${path}?artifactType=${encodeURIComponent(type)}`,
            true,
          );
          expect(filtered).toEqual(found.filter(({ artifactType }) => artifactType === type));
        }
      }),
    ),
  ];
}

/** HEAD, then GET: status, type, length, digest and bytes. */
async function pull(
  send: Send,
  path: string,
  digest: Digest,
  wanted: Expected | undefined,
): Promise<void> {
  const head = await send("HEAD", path, ACCEPT);
  expectStatus(head, 200);
  expect(await head.text()).toBe("");
  const got = await send("GET", path, ACCEPT);
  expectStatus(got, 200);
  const bytes = new Uint8Array(await got.arrayBuffer());
  expect(digestOf(bytes, algorithmOf(digest))).toBe(digest);
  if (wanted?.bytes !== undefined) expect(Buffer.compare(bytes, wanted.bytes)).toBe(0);
  for (const { headers } of [head, got]) {
    expect(headers.get("content-length")).toBe(String(bytes.byteLength));
    expect(headers.get("docker-content-digest")).toBe(digest);
    if (wanted !== undefined) expect(headers.get("content-type")).toBe(wanted.mediaType);
  }
}

async function referrersOf(send: Send, path: string, filtered = false) {
  const response = await send("GET", path);
  expectStatus(response, 200);
  expect(response.headers.get("content-type")).toBe(OCI_INDEX);
  expect(response.headers.get("oci-filters-applied")).toBe(filtered ? "artifactType" : null);
  const { schemaVersion, mediaType, manifests } = await jsonOf(response);
  expect({ schemaVersion, mediaType }).toEqual({ schemaVersion: 2, mediaType: OCI_INDEX });
  return manifests as readonly { readonly artifactType?: string }[];
}

function tagScenarios(base: string, { content }: ConformanceTarget): Scenario[] {
  const pushed = content.flatMap(({ tags }) => [...tags.keys()]).sort();
  const list = async (send: Send, query: string): Promise<string[]> => {
    const response = await send("GET", `${base}/tags/list${query}`);
    expectStatus(response, 200);
    return (await jsonOf(response)).tags;
  };
  return [
    {
      name: "all tags, in order",
      run: async (send) => {
        const all = await list(send, "");
        expect(all).toEqual([...all].sort());
        expect(all.filter((tag) => !REFERRERS_TAG.test(tag))).toEqual(pushed);
      },
    },
    {
      name: "as many tags as are asked for",
      run: async (send) => {
        const all = await list(send, "");
        const half = Math.floor(all.length / 2);
        expect(await list(send, `?n=${half}`)).toEqual(all.slice(0, half));
        expect(await list(send, "?n=0")).toEqual([]);
      },
    },
    {
      name: "tags after the last one",
      run: async (send) => {
        const all = await list(send, "");
        const half = Math.ceil(all.length / 2);
        const last = all[half - 1] ?? "";
        expect(await list(send, `?last=${last}`)).toEqual(all.slice(half));
        expect(await list(send, `?n=1&last=${last}`)).toEqual(all.slice(half, half + 1));
      },
    },
  ];
}

function rangeScenarios(base: string, { content }: ConformanceTarget): Scenario[] {
  const blobs = content.flatMap((data) => [...data.blobs]);
  const found = blobs.find(([, { bytes }]) => (bytes?.byteLength ?? 0) >= 2000);
  const [digest, { bytes = new Uint8Array() } = {}] = found ?? [];
  if (digest === undefined) return [];
  const size = bytes.byteLength;
  const table: readonly [string, number, number][] = [
    ["500-1499", 500, 1500],
    ["500-", 500, size],
    ["-500", size - 500, size],
    ["1900-5000", 1900, size],
    ["0-0", 0, 1],
  ];
  const path = `${base}/blobs/${digest}`;
  const parts = table.map(([range, start, end]) => ({
    name: `range ${range}`,
    run: async (send: Send) => {
      const response = await send("GET", path, { range: `bytes=${range}` });
      expectStatus(response, 206);
      expect(response.headers.get("content-length")).toBe(String(end - start));
      expect(response.headers.get("content-range")).toBe(`bytes ${start}-${end - 1}/${size}`);
      expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes.slice(start, end));
    },
  }));
  const refused = ["500-0", "5000-10000"].map((range) => ({
    name: `range ${range} is refused`,
    run: async (send: Send) =>
      expectStatus(await send("GET", path, { range: `bytes=${range}` }), 416),
  }));
  return [...parts, ...refused];
}

function errorScenarios(base: string): Scenario[] {
  const absent = [
    `${base}/blobs/${ABSENT}`,
    `${base}/manifests/${ABSENT}`,
    `${base}/manifests/missing-tag`,
  ];
  const unknown = absent.flatMap((path) =>
    ["HEAD", "GET"].map((method) => ({
      name: `${method} of what is not there: ${path.slice(base.length)}`,
      run: async (send: Send) => {
        const response = await send(method, path, ACCEPT);
        expectStatus(response, 404);
        if (method === "GET") await expectError(response);
      },
    })),
  );
  const malformed = ["sha256:baddigeststring", "sha256:totallywrong"].flatMap((reference) =>
    ["GET", "PUT"].map((method) => ({
      name: `${method} of a manifest by the digest ${reference}`,
      run: async (send: Send) => {
        const response = await send(method, `${base}/manifests/${reference}`, ACCEPT);
        expect([400, 404]).toContain(response.status);
        await expectError(response);
      },
    })),
  );
  return [...unknown, ...malformed];
}

async function expectError(response: Response): Promise<void> {
  const { errors } = await jsonOf(response);
  expect(errors.length).toBeGreaterThan(0);
  for (const { code } of errors) expect(ERROR_CODES.has(code)).toBe(true);
}

function expectStatus(response: Response, status: number): void {
  expect(response.status).toBe(status);
}
