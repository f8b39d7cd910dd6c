/** Images and a registry repository for the benchmark of mirrors, the same bytes on every machine. */
import { createCipheriv, createHash } from "node:crypto";
import { mkdirSync, truncateSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { utf8 } from "../../src/bytes.ts";
import {
  type Descriptor,
  type Digest,
  describe,
  OCI_INDEX,
  OCI_MANIFEST,
} from "../../src/oci-client/index.ts";
import type { DockerRegistry } from "../../test/support/docker-registry.ts";
import { devfileText } from "../../test/support/registry-repository.ts";

const MIB = 1024 * 1024;
const CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
const LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar+gzip";
const BOTH = ["amd64", "arm64"];
const IMAGES_PER_STACK = 100;

/** A layer by what its bytes follow from; equal keys are one blob. */
interface Layer {
  readonly key: string;
  /** Share of all distinct bytes. */
  readonly weight: number;
}

/** One image to be made. */
interface Wanted {
  readonly repository: string;
  readonly tag: string;
  /** Layers of each platform; a single platform makes no image index. */
  readonly layers: Readonly<Record<string, readonly Layer[]>>;
}

/** An image at the source. */
export interface CorpusImage {
  readonly repository: string;
  readonly tag: string;
  readonly digest: Digest;
}

/** What is mirrored. */
export interface Corpus {
  readonly images: readonly CorpusImage[];
  /** Sizes of all distinct blobs and manifests. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly distinctBytes: number;
}

/**
 * Wants images as a registry of devfiles has them: three families of bases for two platforms, a
 * runtime that some share, and layers of their own, a few large and many small; three of five are
 * for both platforms, and some repositories hold several tags.
 */
export function bulkImages(count: number): readonly Wanted[] {
  return Array.from({ length: count }, (_, at) => {
    const family = at % 3;
    const layersFor = (platform: string): Layer[] => [
      { key: `base ${family} ${platform}`, weight: 24 },
      { key: `base packages ${family} ${platform}`, weight: 6 },
      { key: `runtime ${at % 6} ${platform}`, weight: 8 },
      { key: `tools ${at} ${platform}`, weight: 1 + ((at * 7) % 11) },
      { key: `files ${at} ${platform}`, weight: 0.05 },
    ];
    const platforms = at % 5 < 3 ? BOTH : BOTH.slice(0, 1);
    return {
      repository: `team/app-${at % 26}`,
      tag: `v${Math.floor(at / 26) + 1}`,
      layers: Object.fromEntries(platforms.map((platform) => [platform, layersFor(platform)])),
    };
  });
}

/** Wants many images of a few bytes over one base. */
export function smallImages(count: number): readonly Wanted[] {
  return Array.from({ length: count }, (_, at) => ({
    repository: `team/app-${at % 200}`,
    tag: `v${Math.floor(at / 200) + 1}`,
    layers: {
      amd64: [
        { key: "base", weight: 1 },
        { key: `files ${at}`, weight: 0.01 },
      ],
    },
  }));
}

/** Makes images at a registry; their distinct layers have so many bytes together. */
export async function pushCorpus(
  { host }: Pick<DockerRegistry, "host">,
  wanted: readonly Wanted[],
  bytes: number,
): Promise<Corpus> {
  const all = wanted.flatMap(({ layers }) => Object.values(layers).flat());
  const weights = new Map(all.map(({ key, weight }) => [key, weight]));
  const scale = bytes / [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  const pusher = new Pusher(host);
  const images: CorpusImage[] = [];
  for (const { repository, tag, layers } of wanted) {
    const children = new Map<string, Descriptor>();
    for (const [architecture, own] of Object.entries(layers)) {
      const pushed: Descriptor[] = [];
      for (const { key, weight } of own) {
        pushed.push(await pusher.layer(repository, key, Math.ceil(weight * scale)));
      }
      const image = { repository, tag, architecture };
      children.set(architecture, await pusher.image(image, pushed));
    }
    const digest = await pusher.tag(repository, tag, children);
    images.push({ repository, tag, digest });
  }
  return corpusOf(images, pusher.sizes);
}

/** Makes an image whose one layer takes no room on the disk of the source. */
export async function pushHugeImage(registry: DockerRegistry, bytes: number): Promise<Corpus> {
  const repository = "team/huge";
  const hash = createHash("sha256");
  const zeros = new Uint8Array(MIB);
  for (let left = bytes; left > 0; left -= MIB) hash.update(zeros.subarray(0, Math.min(left, MIB)));
  const hex = hash.digest("hex");
  const digest: Digest = `sha256:${hex}`;
  const storage = join(registry.dir, "docker", "registry", "v2");
  const data = join(storage, "blobs", "sha256", hex.slice(0, 2), hex, "data");
  const link = join(storage, "repositories", repository, "_layers", "sha256", hex, "link");
  for (const path of [data, link]) mkdirSync(dirname(path), { recursive: true });
  writeFileSync(data, "");
  truncateSync(data, bytes);
  writeFileSync(link, digest);
  const pusher = new Pusher(registry.host);
  pusher.sizes.set(digest, bytes);
  const layer = { mediaType: "application/vnd.oci.image.layer.v1.tar", digest, size: bytes };
  const image = { repository, tag: "v1", architecture: "amd64" };
  const manifest = await pusher.image(image, [layer]);
  await pusher.tag(repository, "v1", new Map([["amd64", manifest]]));
  return corpusOf([{ repository, tag: "v1", digest: manifest.digest }], pusher.sizes);
}

/** Writes a registry repository whose devfiles name all images at a host. */
export function writeRegistryRepository(folder: string, host: string, corpus: Corpus): void {
  for (let at = 0; at < corpus.images.length; at += IMAGES_PER_STACK) {
    const name = `stack-${at / IMAGES_PER_STACK}`;
    const components = corpus.images
      .slice(at, at + IMAGES_PER_STACK)
      .map(({ repository, tag }, place) => {
        const image = `image: ${host}/${repository}:${tag}`;
        return `  - name: c${place}\n    container:\n      ${image}\n`;
      });
    const stack = join(folder, "stacks", name);
    mkdirSync(stack, { recursive: true });
    const rest = `components:\n${components.join("")}`;
    writeFileSync(join(stack, "devfile.yaml"), devfileText({ name, icon: "logo.svg" }, rest));
    writeFileSync(join(stack, "logo.svg"), '<svg xmlns="http://www.w3.org/2000/svg"/>\n');
  }
}

function corpusOf(images: readonly CorpusImage[], sizes: ReadonlyMap<string, number>): Corpus {
  const distinctBytes = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return { images, sizes, distinctBytes };
}

/** Pushes content to one registry, what it has in another repository by mounting. */
class Pusher {
  readonly sizes = new Map<string, number>();
  readonly #host: string;
  readonly #layers = new Map<string, Descriptor>();
  readonly #at = new Map<string, string>();

  constructor(host: string) {
    this.#host = host;
  }

  async layer(repository: string, key: string, bytes: number): Promise<Descriptor> {
    const known = this.#layers.get(key);
    if (known !== undefined) {
      await this.#blob(repository, known, undefined);
      return known;
    }
    // Stored blocks: what cannot be compressed need not be tried.
    const content = gzipSync(noise(key, bytes), { level: 0 });
    const layer = describe(LAYER_TYPE, content);
    this.#layers.set(key, layer);
    await this.#blob(repository, layer, content);
    return layer;
  }

  /** Pushes the image of one platform; alone it is all that its tag names. */
  async image(
    image: { readonly repository: string; readonly tag: string; readonly architecture: string },
    layers: readonly Descriptor[],
  ): Promise<Descriptor> {
    const { repository, tag, architecture } = image;
    const rootfs = { type: "layers", diff_ids: layers.map(({ digest }) => digest) };
    const author = `${repository}:${tag}`;
    const content = utf8(JSON.stringify({ os: "linux", architecture, author, rootfs }));
    const config = describe(CONFIG_TYPE, content);
    await this.#blob(repository, config, content);
    const manifest = { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers };
    return this.#manifest(repository, OCI_MANIFEST, manifest, undefined);
  }

  /** Points a tag at an image, or at an index of several by their architectures. */
  async tag(
    repository: string,
    tag: string,
    images: ReadonlyMap<string, Descriptor>,
  ): Promise<Digest> {
    const [only] = images.values();
    if (images.size === 1 && only !== undefined) {
      const path = `/v2/${repository}/manifests`;
      const answer = await this.#send("GET", `${path}/${only.digest}`);
      const content = new Uint8Array(await answer.arrayBuffer());
      await this.#send("PUT", `${path}/${tag}`, content, OCI_MANIFEST);
      return only.digest;
    }
    const manifests = Array.from(images, ([architecture, image]) => ({
      ...image,
      platform: { os: "linux", architecture },
    }));
    const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests };
    return (await this.#manifest(repository, OCI_INDEX, index, tag)).digest;
  }

  async #manifest(repository: string, type: string, value: object, tag: string | undefined) {
    const content = utf8(JSON.stringify(value));
    const descriptor = describe(type, content);
    this.sizes.set(descriptor.digest, descriptor.size);
    const path = `/v2/${repository}/manifests/${tag ?? descriptor.digest}`;
    await this.#send("PUT", path, content, type);
    return descriptor;
  }

  async #blob(repository: string, { digest, size }: Descriptor, content: Uint8Array | undefined) {
    const from = this.#at.get(digest);
    const uploads = `/v2/${repository}/blobs/uploads/`;
    if (from === repository) return;
    if (from !== undefined) {
      await this.#send("POST", `${uploads}?mount=${digest}&from=${from}`);
      return;
    }
    const { headers } = await this.#send("POST", uploads);
    const session = headers.get("location") ?? "";
    const type = "application/octet-stream";
    await this.#send("PUT", `${session}&digest=${digest}`, content, type);
    this.#at.set(digest, repository);
    this.sizes.set(digest, size);
  }

  async #send(method: string, path: string, body?: Uint8Array, type?: string): Promise<Response> {
    const answer = await fetch(path.startsWith("http") ? path : `http://${this.#host}${path}`, {
      method,
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
      headers: { accept: OCI_MANIFEST, ...(type === undefined ? {} : { "content-type": type }) },
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}

/** Bytes that no compressor makes smaller, the same for the same key. */
function noise(key: string, bytes: number): Uint8Array {
  const secret = createHash("sha256").update(key).digest();
  const cipher = createCipheriv("aes-256-ctr", secret, Buffer.alloc(16));
  return cipher.update(Buffer.alloc(bytes));
}
