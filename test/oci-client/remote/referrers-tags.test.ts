import { describe, expect, test } from "bun:test";
import { textOf, utf8 } from "../../../src/bytes.ts";
import { REFERRERS_TAG_WRITES } from "../../../src/limits.ts";
import {
  type Descriptor,
  digestOf,
  hexOf,
  OCI_INDEX,
  OCI_MANIFEST,
} from "../../../src/oci-client/index.ts";
import { collect, failureOf, openRemote } from "../../support/remote.ts";
import { artifactOf, pushGraph, type SampleGraph } from "../../support/sample-content.ts";
import { referrerTo } from "../../support/sample-images.ts";
import { type StubAnswer, type StubRequest, stubTransport } from "../../support/stub-transport.ts";

const subject = artifactOf(["an image"]);
const TAG = `sha256-${hexOf(subject.root.descriptor.digest)}`;
const signature = (text: string) => referrerTo(subject.root.descriptor, text, "text/signature");

interface Rules {
  /** Whether it has the referrers API. */
  readonly api?: boolean;
  /** Whether it says that it took note of a subject. */
  readonly notes?: boolean;
  /** Answers instead of it; undefined leaves the answer to it. */
  readonly first?: (request: StubRequest, registry: Registry) => StubAnswer | undefined;
}

interface Registry {
  /** Manifests by tag or digest. */
  readonly manifests: Map<string, { readonly type: string; readonly body: string }>;
}

/** A registry of manifests; every blob is there. */
function registryOf(rules: Rules = {}) {
  const registry: Registry = { manifests: new Map() };
  const stub = stubTransport((request) => {
    const { method, url, headers, body } = request;
    const answer = rules.first?.(request, registry);
    if (answer !== undefined) return answer;
    const [, kind, reference = ""] = /\/v2\/r\/([a-z]+)\/(.+)$/.exec(url) ?? [];
    if (kind === "blobs") return { status: 200 };
    if (kind === "referrers") return rules.api ? apiAnswer(registry, reference) : { status: 404 };
    if (method === "PUT") {
      const stored = { type: headers["content-type"] ?? "", body };
      registry.manifests.set(reference, stored);
      registry.manifests.set(digestOf(utf8(body)), stored);
      const named: { subject?: Descriptor } = JSON.parse(body);
      const noted = rules.notes && named.subject ? { "oci-subject": named.subject.digest } : {};
      return { status: 201, headers: noted };
    }
    const found = registry.manifests.get(reference);
    if (found === undefined) return { status: 404 };
    const etag = `"${digestOf(utf8(found.body))}"`;
    return { status: 200, headers: { "content-type": found.type, etag }, body: found.body };
  });
  const repository = openRemote("a.example", { send: stub.send }).repository("r");
  const push = (graph: SampleGraph) => pushGraph(repository, graph);
  const tagged = () => {
    const entry = registry.manifests.get(TAG);
    return entry && (JSON.parse(entry.body) as { manifests: { digest: string }[] });
  };
  return { ...registry, ...stub, repository, push, tagged };
}

function apiAnswer({ manifests }: Registry, digest: string): StubAnswer {
  const all = [...new Set(manifests.values())].map(({ body, type }) => ({
    type,
    body,
    json: JSON.parse(body) as { subject?: Descriptor },
  }));
  const found = all.filter(({ json }) => json.subject?.digest === digest);
  const entries = found.map(({ body, type }) => ({
    mediaType: type,
    digest: digestOf(utf8(body)),
    size: utf8(body).byteLength,
  }));
  const body = JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests: entries });
  return { status: 200, headers: { "content-type": OCI_INDEX }, body };
}

const digestsIn = (index: { manifests: { digest: string }[] } | undefined) =>
  index?.manifests.map(({ digest }) => digest);

describe("a pushed manifest with a subject", () => {
  test("is left to a registry that takes note of it and has the API; it is asked once", async () => {
    const { push, tagged, requests, repository } = registryOf({ api: true, notes: true });
    for (const text of ["a", "b"]) await push(signature(text));
    expect(tagged()).toBeUndefined();
    expect(requests.filter(({ url }) => url.includes("/referrers/"))).toHaveLength(1);
    const { digest } = subject.root.descriptor;
    expect(await collect(repository.referrers(digest))).toHaveLength(2);
  });

  const silent: readonly (readonly [string, Rules])[] = [
    ["does not take note", { api: true }],
    ["takes note but has no API", { notes: true }],
    ["knows nothing of referrers", {}],
  ];
  for (const [name, rules] of silent) {
    test(`is listed by tag where the registry ${name}`, async () => {
      const { push, tagged, requests, manifests } = registryOf(rules);
      const [a, b] = [signature("a"), signature("b")];
      for (const one of [a, b, a]) await push(one);
      expect(digestsIn(tagged())).toEqual([a.root.descriptor.digest, b.root.descriptor.digest]);
      expect(tagged()).toMatchObject({
        schemaVersion: 2,
        mediaType: OCI_INDEX,
        manifests: [{ artifactType: "text/signature", mediaType: OCI_MANIFEST }, {}],
      });
      expect(manifests.get(TAG)?.type).toBe(OCI_INDEX);
      const probes = requests.filter(({ url }) => url.includes("/referrers/"));
      expect(probes).toHaveLength(rules.notes ? 1 : 0);
    });
  }

  test("is listed by tag when it is stored with a tag, too", async () => {
    const { repository, push, tagged } = registryOf();
    const one = signature("a");
    await push(artifactOf(["nothing"]));
    await repository.tag(one.root.descriptor, "signed", one.root.bytes);
    expect(digestsIn(tagged())).toEqual([one.root.descriptor.digest]);
  });

  test("joins what is listed already, which stays as it is", async () => {
    const { push, tagged, manifests, requests } = registryOf();
    const known = { ...artifactOf(["old"]).root.descriptor, "x-unknown": { a: [1] }, urls: ["u"] };
    const index = { "x-field": 1, schemaVersion: 2, mediaType: OCI_INDEX, manifests: [known] };
    manifests.set(TAG, { type: OCI_INDEX, body: JSON.stringify(index) });
    const etag = `"${digestOf(utf8(JSON.stringify(index)))}"`;
    const one = signature("a");
    await push(one);
    expect(JSON.stringify(tagged()).startsWith(JSON.stringify(index).slice(0, -2))).toBe(true);
    expect(digestsIn(tagged())).toEqual([known.digest, one.root.descriptor.digest]);
    const put = requests.find(({ method, url }) => method === "PUT" && url.endsWith(TAG));
    expect(put?.headers["if-match"]).toBe(etag);
  });

  test("is refused where the tag is something else", async () => {
    const { push, manifests } = registryOf();
    const { bytes } = artifactOf(["not a list"]).root;
    manifests.set(TAG, { type: OCI_MANIFEST, body: textOf(bytes) });
    const failure = await failureOf(push(signature("a")));
    expect(failure.code).toBe("INPUT_INVALID");
    expect(failure.message).toContain(`tag "${TAG}" of r: it is of type "${OCI_MANIFEST}"`);
    expect(manifests.get(TAG)?.type).toBe(OCI_MANIFEST);
  });

  test("is not lost among others that are pushed at the same time", async () => {
    const { push, tagged } = registryOf();
    const many = Array.from({ length: 20 }, (_, at) => signature(`number ${at}`));
    await Promise.all(many.map(push));
    expect(digestsIn(tagged())?.sort()).toEqual(
      many.map(({ root }) => root.descriptor.digest as string).sort(),
    );
  });

  test("is listed again when somebody else overwrote the list", async () => {
    const other = signature("of somebody else");
    const theirs = JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: [other.root.descriptor],
    });
    let overwrites = 2;
    const { push, tagged } = registryOf({
      first: ({ method, url }, { manifests }) => {
        if (method !== "PUT" || !url.endsWith(TAG) || overwrites === 0) return undefined;
        overwrites -= 1;
        manifests.set(TAG, { type: OCI_INDEX, body: theirs });
        // Once it says so, once it does not.
        return { status: overwrites === 0 ? 412 : 201 };
      },
    });
    const one = signature("a");
    await push(one);
    expect(digestsIn(tagged())).toEqual([other.root.descriptor.digest, one.root.descriptor.digest]);
  });

  test("fails when others overwrite the list again and again", async () => {
    let puts = 0;
    const { push } = registryOf({
      first: ({ method, url }) => {
        if (method !== "PUT" || !url.endsWith(TAG)) return undefined;
        puts += 1;
        return { status: 201 };
      },
    });
    const failure = await failureOf(push(signature("a")));
    expect(failure.code).toBe("REGISTRY_RESPONSE");
    expect(failure.message).toContain("others change tag");
    expect(puts).toBe(REFERRERS_TAG_WRITES);
  });

  test("takes entries out that a registry refuses because they are gone", async () => {
    const gone = artifactOf(["gone"]).root.descriptor;
    const there = signature("there");
    const body = '{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN"}]}';
    const { push, tagged, manifests } = registryOf({
      first: ({ method, url, body: sent }) =>
        method === "PUT" && url.endsWith(TAG) && sent.includes(gone.digest)
          ? { status: 400, body }
          : undefined,
    });
    await push(there);
    const index = { schemaVersion: 2, mediaType: OCI_INDEX };
    const listed = [gone, there.root.descriptor];
    manifests.set(TAG, { type: OCI_INDEX, body: JSON.stringify({ ...index, manifests: listed }) });
    const one = signature("a");
    await push(one);
    expect(digestsIn(tagged())).toEqual([there.root.descriptor.digest, one.root.descriptor.digest]);
  });
});

describe("referrers()", () => {
  const { digest } = subject.root.descriptor;

  test("does not ask again for an API that is not there", async () => {
    const { repository, requests } = registryOf();
    await collect(repository.referrers(digest));
    await collect(repository.referrers(digest));
    expect(requests.filter(({ url }) => url.includes("/referrers/"))).toHaveLength(1);
  });

  test("asks one question until it is known whether there is an API, and then all others", async () => {
    const subjects = ["1", "2", "3"].map((text) => artifactOf([text]).root.descriptor.digest);
    for (const [api, asked] of [
      [false, 1],
      [true, subjects.length],
    ] as const) {
      const { repository, requests } = registryOf({ api });
      await Promise.all(subjects.map((one) => collect(repository.referrers(one))));
      expect(requests.filter(({ url }) => url.includes("/referrers/"))).toHaveLength(asked);
    }
  });

  test("lets the others ask where the first question failed", async () => {
    let failed = 0;
    const { repository } = registryOf({
      api: true,
      first: ({ url }) => {
        if (!url.includes("/referrers/") || failed > 0) return undefined;
        failed += 1;
        return { status: 403 };
      },
    });
    const { digest } = subject.root.descriptor;
    const listings = [1, 2].map(() => collect(repository.referrers(digest)));
    const outcomes = await Promise.allSettled(listings);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });

  test("asks again when it was only the repository that was not there", async () => {
    const body = '{"errors":[{"code":"NAME_UNKNOWN"}]}';
    let known = false;
    const { repository, push } = registryOf({
      api: true,
      notes: true,
      first: ({ url }) =>
        !known && url.includes("/referrers/") ? { status: 404, body } : undefined,
    });
    expect(await collect(repository.referrers(digest))).toEqual([]);
    known = true;
    await push(signature("a"));
    expect(await collect(repository.referrers(digest))).toHaveLength(1);
  });

  test("fails with what the API answers, when that is an error", async () => {
    const { repository } = registryOf({
      first: ({ url }) => (url.includes("/referrers/") ? { status: 403 } : undefined),
    });
    expect((await failureOf(collect(repository.referrers(digest)))).code).toBe("UNAUTHORIZED");
  });
});
