import { type Content, utf8 } from "../../src/bytes.ts";
import {
  buildManifest,
  type ContentStore,
  type Descriptor,
  type Digest,
  describe as describeContent,
  digestOf,
  OCI_INDEX,
  OCTET_STREAM,
} from "../../src/oci-client/index.ts";

/** Content beside the descriptor that names it. */
export interface Sample {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
}

/** An artifact: a manifest and the blobs it names. */
export interface SampleGraph {
  readonly root: Sample;
  /** Everything the root needs, in an order in which it can be pushed. */
  readonly below: readonly Sample[];
}

/** Makes a blob of text. */
export function blobOf(text: string, mediaType = OCTET_STREAM): Sample {
  const bytes = utf8(text);
  return { descriptor: describeContent(mediaType, bytes), bytes };
}

/** Makes a blob of that many bytes that look random and are always the same for one seed. */
export function blobOfSize(size: number, seed = 1): Sample {
  const bytes = new Uint8Array(size);
  let state = seed;
  for (let position = 0; position < size; position += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[position] = state >>> 24;
  }
  return { descriptor: describeContent(OCTET_STREAM, bytes), bytes };
}

/** Makes a blob named by its sha512 digest. */
export function sha512BlobOf(text: string): Sample {
  const bytes = utf8(text);
  const digest = digestOf(bytes, "sha512");
  return { descriptor: { mediaType: OCTET_STREAM, digest, size: bytes.byteLength }, bytes };
}

/** Makes an artifact with one layer for each text. */
export function artifactOf(
  texts: readonly string[],
  parts: { readonly subject?: Descriptor; readonly artifactType?: string } = {},
): SampleGraph {
  const config = blobOf("{}", "application/vnd.example.config.v1+json");
  const layers = texts.map((text) => blobOf(text, "text/plain"));
  const { bytes } = buildManifest({
    config: config.descriptor,
    layers: layers.map(({ descriptor }) => descriptor),
    ...(parts.artifactType === undefined ? {} : { artifactType: parts.artifactType }),
    annotations: { "org.example.sample": texts.join() },
  });
  const root = parts.subject === undefined ? bytes : withSubject(bytes, parts.subject);
  return { root: manifestOf(root), below: [config, ...layers] };
}

/** Makes a manifest of OCI's image type over any content, whether or not somebody has it. */
export function manifestNaming(config: Descriptor, layers: readonly Descriptor[]): Sample {
  return buildManifest({ config, layers });
}

/** Makes an image index over artifacts. */
export function imageIndexOf(children: readonly SampleGraph[]): SampleGraph {
  const bytes = utf8(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: children.map(({ root }) => root.descriptor),
    }),
  );
  return {
    root: { descriptor: describeContent(OCI_INDEX, bytes), bytes },
    below: children.flatMap(({ root, below }) => [...below, root]),
  };
}

/** Pushes a whole graph, the root last. */
export async function pushGraph(target: ContentStore, graph: SampleGraph): Promise<void> {
  for (const { descriptor, bytes } of [...graph.below, graph.root]) {
    await target.push(descriptor, bytes);
  }
}

/** Opens bytes as a stream of chunks of at most that size. */
export function inChunks(bytes: Uint8Array, chunkBytes: number): Content {
  return async function* open() {
    for (let start = 0; start < bytes.byteLength; start += chunkBytes) {
      yield bytes.subarray(start, start + chunkBytes);
    }
  };
}

/** A digest that no sample has. */
export const ABSENT_DIGEST: Digest = digestOf(utf8("content that nobody stored"));

function manifestOf(bytes: Uint8Array): Sample {
  const { mediaType } = JSON.parse(new TextDecoder().decode(bytes)) as { mediaType: string };
  return { descriptor: describeContent(mediaType, bytes), bytes };
}

function withSubject(manifest: Uint8Array, subject: Descriptor): Uint8Array {
  const parsed: object = JSON.parse(new TextDecoder().decode(manifest));
  return utf8(JSON.stringify({ ...parsed, subject }));
}
