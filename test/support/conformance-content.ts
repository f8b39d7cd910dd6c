import { utf8 } from "../../src/bytes.ts";
import {
  type Descriptor,
  type Digest,
  digestOf,
  OCI_INDEX,
  OCI_MANIFEST,
  OCTET_STREAM,
  type Repository,
} from "../../src/oci-client/index.ts";

/** What a manifest or blob has to look like; of content that was not made here only the digest. */
export interface Expected {
  readonly mediaType: string;
  readonly bytes?: Uint8Array;
}

/** One kind of content in a repository, as the conformance suite of the distribution spec has it. */
export interface ConformanceData {
  readonly name: string;
  readonly tags: ReadonlyMap<string, Digest>;
  readonly manifests: ReadonlyMap<Digest, Expected>;
  readonly blobs: ReadonlyMap<Digest, Expected>;
  /** What refers to a manifest, whether that is there or not. */
  readonly referrers: ReadonlyMap<Digest, readonly Descriptor[]>;
}

/** Content together with the way to bring it into a repository. */
export interface ConformanceContent extends ConformanceData {
  pushTo(repository: Repository): Promise<void>;
}

const CONFIG = "application/vnd.oci.image.config.v1+json";
const EMPTY = "application/vnd.oci.empty.v1+json";
const LAYER = "application/vnd.oci.image.layer.v1.tar";
const ARTIFACT = "application/vnd.example.oci.conformance.v1+json";
const OTHER_ARTIFACT = "application/vnd.example.oci.conformance.v2+json";
const FOREIGN_LAYER = "application/vnd.oci.image.layer.nondistributable.v1.tar";
const LARGE_ANNOTATIONS = 390;
const LARGE_ANNOTATION_CHARS = 10_000;
const LAYER_BYTES = 2048;

interface ImageParts {
  readonly layers?: number;
  readonly tag?: string;
  /** More members of the manifest. */
  readonly more?: Readonly<Record<string, unknown>>;
  readonly config?: Descriptor;
  readonly layerType?: string;
  readonly extraLayers?: readonly Descriptor[];
}

type Step = (repository: Repository) => Promise<void>;

/** Gathers content in the order of pushing. */
class ContentMaker implements ConformanceContent {
  readonly name: string;
  readonly tags = new Map<string, Digest>();
  readonly manifests = new Map<Digest, Expected>();
  readonly blobs = new Map<Digest, Expected>();
  readonly referrers = new Map<Digest, Descriptor[]>();
  readonly #steps: Step[] = [];

  constructor(name: string) {
    this.name = name;
  }

  blob(mediaType: string, bytes: Uint8Array, algorithm?: "sha512"): Descriptor {
    const digest = digestOf(bytes, algorithm);
    const descriptor = { mediaType, digest, size: bytes.byteLength };
    this.blobs.set(descriptor.digest, { mediaType: OCTET_STREAM, bytes });
    this.#steps.push((repository) => repository.push(descriptor, bytes));
    return descriptor;
  }

  manifest(mediaType: string, document: object, tag?: string, algorithm?: "sha512"): Descriptor {
    const bytes = utf8(JSON.stringify({ schemaVersion: 2, mediaType, ...document }));
    const digest = digestOf(bytes, algorithm);
    const descriptor = { mediaType, digest, size: bytes.byteLength };
    this.manifests.set(digest, { mediaType, bytes });
    if (tag !== undefined) this.tags.set(tag, digest);
    this.#steps.push((repository) =>
      tag === undefined
        ? repository.push(descriptor, bytes)
        : repository.tag(descriptor, tag, bytes),
    );
    return descriptor;
  }

  image(parts: ImageParts = {}): Descriptor {
    const { layers = 1, layerType = LAYER, extraLayers = [] } = parts;
    const seed = `${this.name} ${this.blobs.size}`;
    const config =
      parts.config ??
      this.blob(CONFIG, utf8(JSON.stringify({ architecture: "amd64", os: "linux", seed })));
    const made = Array.from({ length: layers }, (_, at) =>
      this.blob(layerType, utf8(`${seed} ${at} `.padEnd(LAYER_BYTES, "0123456789abcdef"))),
    );
    const document = { ...parts.more, config, layers: [...made, ...extraLayers] };
    return this.manifest(OCI_MANIFEST, document, parts.tag);
  }

  index(manifests: readonly Descriptor[], tag?: string, more: object = {}): Descriptor {
    return this.manifest(OCI_INDEX, { ...more, manifests }, tag);
  }

  emptyConfig(): Descriptor {
    return this.blob(EMPTY, utf8("{}"));
  }

  /** Adds an artifact that refers to `subject`, and expects it in the list of its referrers. */
  refer(subject: Descriptor, artifactType: string | undefined, tag?: string): void {
    const annotations = { "org.opencontainers.conformance": `${this.name} ${this.manifests.size}` };
    const more = { subject, annotations, ...(artifactType === undefined ? {} : { artifactType }) };
    const config = artifactType === undefined ? {} : { config: this.emptyConfig() };
    const made = this.image({ more, ...config, ...(tag === undefined ? {} : { tag }) });
    this.expectReferrer(subject, { ...made, artifactType: artifactType ?? CONFIG, annotations });
  }

  expectReferrer(subject: Descriptor, referrer: Descriptor): void {
    const known = this.referrers.get(subject.digest) ?? [];
    this.referrers.set(subject.digest, [...known, referrer]);
  }

  async pushTo(repository: Repository): Promise<void> {
    for (const step of this.#steps) await step(repository);
  }
}

function make(name: string, fill: (content: ContentMaker) => void): ConformanceContent {
  const content = new ContentMaker(name);
  fill(content);
  return content;
}

function absent(text: string): Descriptor {
  const bytes = utf8(text);
  return { mediaType: OCI_MANIFEST, digest: digestOf(bytes), size: bytes.byteLength };
}

/** Content that any registry keeps. */
export const COMMON_CONTENT: readonly ConformanceContent[] = [
  make("image", (c) => c.image({ layers: 3, tag: "image" })),
  make("well-known blobs", (c) => {
    const layer = c.blob(OCTET_STREAM, new Uint8Array());
    c.image({ layers: 0, config: c.emptyConfig(), extraLayers: [layer], tag: "well-known" });
  }),
  make("large manifest", (c) => {
    const long = "A".repeat(LARGE_ANNOTATION_CHARS);
    const names = Array.from({ length: LARGE_ANNOTATIONS }, (_, at) => `large-annotation-${at}`);
    const annotations = Object.fromEntries(names.map((name) => [name, long]));
    c.image({ tag: "large-manifest", more: { annotations } });
  }),
  make("index", (c) => c.index([c.image(), c.image()], "index")),
  make("nested index", (c) =>
    c.index([c.index([c.image()]), c.index([c.image()])], "index-of-index"),
  ),
  make("artifact", (c) => {
    const more = { artifactType: ARTIFACT };
    c.image({ tag: "artifact", more, config: c.emptyConfig(), layerType: ARTIFACT });
  }),
  make("artifact index", (c) =>
    c.index([c.image({ more: { artifactType: ARTIFACT } })], "artifact-index", {
      artifactType: ARTIFACT,
    }),
  ),
  make("artifacts with subject", (c) => {
    const subject = c.image({ tag: "subject" });
    c.refer(subject, undefined);
    c.refer(subject, ARTIFACT, "tagged-artifact1");
    c.refer(subject, OTHER_ARTIFACT, "tagged-artifact2");
  }),
  make("index with subject", (c) => {
    const subject = c.index([c.image()], "subject-index");
    const annotations = { "org.opencontainers.conformance": "an index" };
    const more = { subject, annotations, artifactType: ARTIFACT };
    const made = c.index([c.image()], "tagged-artifact-index", more);
    c.expectReferrer(subject, { ...made, artifactType: ARTIFACT, annotations });
  }),
  make("missing subject", (c) => c.refer(absent("missing content"), ARTIFACT)),
  make("data field", (c) => {
    const text = "data beside the descriptor";
    const config = c.blob(CONFIG, utf8(text));
    const document = { config: { ...config, data: btoa(text) }, layers: [] };
    c.manifest(OCI_MANIFEST, document, "data-field");
  }),
  make("custom fields", (c) =>
    c.index([c.image({ more: { "org.example.made-up": { a: [1] } } })], "custom-fields", {
      "org.example.made-up": "value",
    }),
  ),
  make("no layers", (c) => c.image({ layers: 0, tag: "no-layers" })),
];

/** Content that docker's registry does not take: images of layers it does not hold, sha512. */
export const RARE_CONTENT: readonly ConformanceContent[] = [
  make("empty index", (c) => c.index([], "empty-index")),
  make("non-distributable layers", (c) => {
    const elsewhere = { ...absent("elsewhere"), mediaType: FOREIGN_LAYER };
    c.image({ tag: "non-distributable", extraLayers: [elsewhere] });
  }),
  make("sha512", (c) => {
    const config = c.blob(CONFIG, utf8("sha512"), "sha512");
    const layers = [c.blob(OCTET_STREAM, new Uint8Array(), "sha512")];
    c.manifest(OCI_MANIFEST, { config, layers }, undefined, "sha512");
  }),
];
