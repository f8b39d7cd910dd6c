import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type ByteStream, readAll, streamOf, utf8 } from "../../src/bytes.ts";
import { DevregError } from "../../src/errors.ts";
import type { Descriptor, Repository } from "../../src/oci-client/index.ts";
import {
  ABSENT_DIGEST,
  artifactOf,
  blobOf,
  blobOfSize,
  imageIndexOf,
  inChunks,
  pushGraph,
  type Sample,
  sha512BlobOf,
} from "../support/sample-content.ts";

/** An empty repository and what ends it. */
export interface OpenRepository {
  readonly repository: Repository;
  close(): Promise<void>;
}

const LARGE_BYTES = 3 * 1024 * 1024 + 17;

/** Checks that an implementation of Repository does what its ports promise. */
export function describeRepository(name: string, open: () => Promise<OpenRepository>): void {
  describe(`${name} as a repository`, () => {
    let opened: OpenRepository;
    let repository: Repository;
    beforeAll(async () => {
      opened = await open();
      repository = opened.repository;
    });
    afterAll(() => opened.close());

    const read = async (target: Descriptor, options?: { offset?: number; length?: number }) =>
      readAll(await repository.fetch(target, options), LARGE_BYTES, target.digest);

    describe("blobs", () => {
      const sizes: readonly (readonly [string, Sample])[] = [
        ["zero bytes", blobOf("")],
        ["two bytes", blobOf("{}")],
        ["three MiB", blobOfSize(LARGE_BYTES)],
      ];
      for (const [size, { descriptor, bytes }] of sizes) {
        test(`fetch() gives the ${size} that push() stored`, async () => {
          expect(await repository.exists(descriptor)).toBe(false);
          await repository.push(descriptor, bytes);
          expect(await repository.exists(descriptor)).toBe(true);
          expect(digestable(await read(descriptor))).toEqual(digestable(bytes));
        });
      }

      test("push() takes a stream and opens it again when it has to", async () => {
        const { descriptor, bytes } = blobOfSize(700_001, 2);
        await repository.push(descriptor, inChunks(bytes, 65_536));
        expect(digestable(await read(descriptor))).toEqual(digestable(bytes));
      });

      test("push() of what is there is a no-op that does not read the content", async () => {
        const { descriptor, bytes } = blobOf("pushed twice");
        await repository.push(descriptor, bytes);
        await repository.push(descriptor, unreadable);
        expect(await read(descriptor)).toEqual(bytes);
      });

      test("several push() of the same content side by side store it once and whole", async () => {
        const { descriptor, bytes } = blobOfSize(300_000, 3);
        const pushes = [1, 2, 3, 4].map(() => repository.push(descriptor, inChunks(bytes, 9_999)));
        await Promise.all(pushes);
        expect(digestable(await read(descriptor))).toEqual(digestable(bytes));
      });

      const wrong: readonly (readonly [string, string, "DIGEST_MISMATCH" | "SIZE_MISMATCH"])[] = [
        ["other bytes of the same size", "wrong bytes", "DIGEST_MISMATCH"],
        ["fewer bytes", "wrong byt", "SIZE_MISMATCH"],
        ["more bytes", "wrong bytes and more", "SIZE_MISMATCH"],
      ];
      for (const [what, text, code] of wrong) {
        for (const form of ["bytes", "a stream"] as const) {
          test(`push() of ${what} as ${form} fails and leaves nothing`, async () => {
            const { descriptor } = blobOf("right bytes");
            const content = form === "bytes" ? utf8(text) : () => streamOf(utf8(text));
            expect(await codeOf(repository.push(descriptor, content))).toBe(code);
            expect(await repository.exists(descriptor)).toBe(false);
            expect(await repository.resolveBlob(descriptor.digest)).toBeUndefined();
          });
        }
      }

      test("push() passes on the failure of the stream and leaves nothing", async () => {
        const { descriptor, bytes } = blobOf("breaks off in the middle");
        const failing = async function* (): ByteStream {
          yield bytes.subarray(0, 5);
          throw new DevregError("NETWORK", "Cannot read the source: it broke off");
        };
        expect(await codeOf(repository.push(descriptor, failing))).toBe("NETWORK");
        expect(await repository.exists(descriptor)).toBe(false);
        await repository.push(descriptor, bytes);
        expect(await read(descriptor)).toEqual(bytes);
      });

      test("fetch() with offset and length gives that part, cut off at the end", async () => {
        const { descriptor, bytes } = blobOf("0123456789");
        await repository.push(descriptor, bytes);
        expect(await read(descriptor, { offset: 0, length: 1 })).toEqual(utf8("0"));
        expect(await read(descriptor, { offset: 3, length: 4 })).toEqual(utf8("3456"));
        expect(await read(descriptor, { offset: 7 })).toEqual(utf8("789"));
        expect(await read(descriptor, { offset: 8, length: 100 })).toEqual(utf8("89"));
      });

      test("fetch() of absent content fails with NOT_FOUND", async () => {
        const absent = { mediaType: "text/plain", digest: ABSENT_DIGEST, size: 5 };
        expect(await repository.exists(absent)).toBe(false);
        expect(await codeOf(read(absent))).toBe("NOT_FOUND");
      });

      test("fetch() with a wrong size in the descriptor fails with SIZE_MISMATCH", async () => {
        const { descriptor, bytes } = blobOf("eleven byte");
        await repository.push(descriptor, bytes);
        expect(await codeOf(read({ ...descriptor, size: 12 }))).toBe("SIZE_MISMATCH");
      });

      test("resolveBlob() gives the size of a blob, undefined for what is absent", async () => {
        const { descriptor, bytes } = blobOf("how long am I");
        await repository.push(descriptor, bytes);
        expect(await repository.resolveBlob(descriptor.digest)).toMatchObject({
          digest: descriptor.digest,
          size: bytes.byteLength,
        });
        expect(await repository.resolveBlob(ABSENT_DIGEST)).toBeUndefined();
      });

      test("content is named by sha512 as well", async () => {
        const { descriptor, bytes } = sha512BlobOf("longer digest");
        await repository.push(descriptor, bytes);
        expect(await read(descriptor)).toEqual(bytes);
        expect(await repository.resolveBlob(descriptor.digest)).toMatchObject({ size: 13 });
      });
    });

    describe("manifests and tags", () => {
      test("a pushed manifest is found by its digest and fetched byte for byte", async () => {
        const graph = artifactOf(["by digest"]);
        const { descriptor, bytes } = graph.root;
        expect(await repository.resolve(descriptor.digest)).toBeUndefined();
        await pushGraph(repository, graph);
        expect(await repository.resolve(descriptor.digest)).toMatchObject(nameOf(descriptor));
        expect(await repository.exists(descriptor)).toBe(true);
        expect(await read(descriptor)).toEqual(bytes);
      });

      test("tag() points a tag at a manifest and can move it", async () => {
        const first = artifactOf(["tagged first"]);
        const second = artifactOf(["tagged second"]);
        await pushGraph(repository, first);
        await pushGraph(repository, second);
        expect(await repository.resolve("moved")).toBeUndefined();
        await repository.tag(first.root.descriptor, "moved");
        expect(await repository.resolve("moved")).toMatchObject(nameOf(first.root.descriptor));
        await repository.tag(second.root.descriptor, "moved");
        expect(await repository.resolve("moved")).toMatchObject(nameOf(second.root.descriptor));
        expect(await read(first.root.descriptor)).toEqual(first.root.bytes);
      });

      test("tag() with content stores the manifest in the same step", async () => {
        const { root, below } = artifactOf(["stored by its tag"]);
        for (const { descriptor, bytes } of below) await repository.push(descriptor, bytes);
        await repository.tag(root.descriptor, "at-once", root.bytes);
        expect(await repository.resolve("at-once")).toMatchObject(nameOf(root.descriptor));
        expect(await read(root.descriptor)).toEqual(root.bytes);
      });

      test("tag() with other content than the descriptor names fails", async () => {
        const { root, below } = artifactOf(["named"]);
        for (const { descriptor, bytes } of below) await repository.push(descriptor, bytes);
        const other = artifactOf(["other"]).root.bytes;
        expect(await codeOf(repository.tag(root.descriptor, "wrong", other))).toBe(
          "DIGEST_MISMATCH",
        );
        expect(await repository.resolve("wrong")).toBeUndefined();
      });

      test("tag() of an absent manifest fails with NOT_FOUND", async () => {
        const { root } = artifactOf(["never pushed"]);
        expect(await codeOf(repository.tag(root.descriptor, "absent"))).toBe("NOT_FOUND");
        expect(await repository.resolve("absent")).toBeUndefined();
      });

      test("tags() lists each tag once", async () => {
        const graph = artifactOf(["many tags"]);
        await pushGraph(repository, graph);
        const tags = ["2.0.0", "1.10.0", "latest", "_odd.Tag-1"];
        for (const tag of tags) await repository.tag(graph.root.descriptor, tag);
        const listed = await Array.fromAsync(repository.tags());
        expect(listed.filter((tag) => tags.includes(tag)).sort()).toEqual(tags.sort());
        expect(new Set(listed).size).toBe(listed.length);
      });

      test("an image index is stored with its children", async () => {
        const children = [artifactOf(["amd64"]), artifactOf(["arm64"])];
        const graph = imageIndexOf(children);
        await pushGraph(repository, graph);
        await repository.tag(graph.root.descriptor, "multi");
        expect(await repository.resolve("multi")).toMatchObject(nameOf(graph.root.descriptor));
        for (const { descriptor, bytes } of graph.below) {
          expect(await read(descriptor)).toEqual(bytes);
        }
        const [child] = children;
        expect(await repository.resolve(child?.root.descriptor.digest ?? "")).toBeDefined();
      });

      test("push() refuses what is no manifest of the type it is given as", async () => {
        const mediaType = "application/vnd.oci.image.manifest.v1+json";
        const { descriptor, bytes } = blobOf('{"schemaVersion":2}', mediaType);
        await expect(repository.push(descriptor, bytes)).rejects.toBeInstanceOf(DevregError);
        expect(await repository.exists(descriptor)).toBe(false);
      });
    });

    describe("referrers", () => {
      test("referrers() of what nothing refers to is empty", async () => {
        expect(await Array.fromAsync(repository.referrers(ABSENT_DIGEST))).toEqual([]);
      });

      test("referrers() lists what names the subject", async () => {
        const subject = artifactOf(["referred to"]);
        const typed = artifactOf(["signature"], {
          subject: subject.root.descriptor,
          artifactType: "application/vnd.example.signature",
        });
        const untyped = artifactOf(["note"], { subject: subject.root.descriptor });
        for (const graph of [subject, typed, untyped]) await pushGraph(repository, graph);
        const listed = await Array.fromAsync(repository.referrers(subject.root.descriptor.digest));
        const byDigest = new Map(listed.map((referrer) => [referrer.digest, referrer]));
        expect(byDigest.size).toBe(2);
        expect(byDigest.get(typed.root.descriptor.digest)).toMatchObject({
          artifactType: "application/vnd.example.signature",
          annotations: { "org.example.sample": "signature" },
        });
        expect(byDigest.get(untyped.root.descriptor.digest)).toMatchObject({
          artifactType: "application/vnd.example.config.v1+json",
        });
      });
    });
  });
}

/** Gives the code of the error that ends a promise; fails the test when it does not fail. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error("nothing failed"),
    (reason: unknown) => reason,
  );
  return error instanceof DevregError ? error.code : String(error);
}

const unreadable = async function* (): ByteStream {
  yield await Promise.reject(new Error("the content was read"));
};

function nameOf({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}

/** Large byte arrays make unreadable failures; their hash says the same. */
function digestable(bytes: Uint8Array): { size: number; hash: bigint | number } {
  return { size: bytes.byteLength, hash: Bun.hash(bytes) };
}
