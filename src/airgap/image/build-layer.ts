import type { ByteStream, Content } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { type Build, compareBytewise, formatBuildInfo } from "../../generator/index.ts";
import {
  createDigest,
  type Descriptor,
  type Digest,
  DOCKER_MANIFEST,
} from "../../oci-client/index.ts";
import type { Executable } from "./executable.ts";
import { gzipStoredStream } from "./gzip-stream.ts";
import { BUILD_FOLDER, BUILD_OWNER, EXECUTABLE_PATH } from "./image-config.ts";
import { packTarStream, type TarEntry } from "./tar-stream.ts";

/** A layer that can be read as often as it takes. */
export interface BuildLayer {
  readonly descriptor: Descriptor;
  /** Digest of the layer unpacked. */
  readonly diffId: Digest;
  readonly content: Content;
}

/**
 * Makes the layer with the executable and a build, read once to know its digest. It is a plain tar;
 * in a Docker image, for which registries know no such type, a gzip file of stored blocks.
 *
 * @param manifestType media type of the image manifest that it is for
 * @param modified date of everything in it, in seconds since 1970
 * @throws {DevregError} as reading build and executable does
 */
export async function buildLayer(
  build: Build,
  executable: Executable,
  manifestType: string,
  modified: number,
): Promise<BuildLayer> {
  const tar = () => packTarStream(layerEntries(build, executable, modified));
  const unpacked = createDigest();
  const docker = manifestType === DOCKER_MANIFEST;
  const mediaType = docker ? DOCKER_LAYER : OCI_LAYER;
  const packed = docker ? createDigest() : unpacked;
  const observed = docker ? gzipStoredStream(observe(tar(), unpacked)) : tar();
  let size = 0;
  for await (const chunk of observed) {
    packed.update(chunk);
    size += chunk.byteLength;
  }
  const digest = packed.digest();
  return {
    descriptor: { mediaType, digest, size },
    diffId: docker ? unpacked.digest() : digest,
    content: docker ? () => gzipStoredStream(tar()) : tar,
  };
}

/** The name of the executable in the layer. */
export const EXECUTABLE_ENTRY = EXECUTABLE_PATH.slice(1);

const OCI_LAYER = "application/vnd.oci.image.layer.v1.tar";
const DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip";
const ROOT = { uid: 0, gid: 0 };
const FOLDER_MODE = 0o755;
const FILE_MODE = 0o644;
const NOTHING = new Uint8Array();

async function* observe(stream: ByteStream, digest: ReturnType<typeof createDigest>): ByteStream {
  for await (const chunk of stream) {
    digest.update(chunk);
    yield chunk;
  }
}

/** The executable comes first, so that it is found without reading the build before it. */
async function* layerEntries(
  build: Build,
  executable: Executable,
  modified: number,
): AsyncGenerator<TarEntry> {
  for (const name of foldersAbove([EXECUTABLE_ENTRY])) yield folder(name, ROOT, modified);
  yield { name: EXECUTABLE_ENTRY, mode: 0o755, ...ROOT, modified, ...executable };
  const files = await buildFiles(build);
  const prefix = `${BUILD_FOLDER.slice(1)}/`;
  const names = [...files.keys()].map((path) => `${prefix}${path}`);
  for (const name of [...names, ...foldersAbove(names)].sort(compareBytewise)) {
    const content = await files.get(name.slice(prefix.length))?.();
    if (content === undefined) yield folder(name, BUILD_OWNER, modified);
    else {
      const size = content.byteLength;
      yield { name, mode: FILE_MODE, ...BUILD_OWNER, modified, size, content };
    }
  }
}

/** Gives the files that a build has in a folder, each with a way to read it. */
async function buildFiles(
  build: Build,
): Promise<ReadonlyMap<string, () => Uint8Array | Promise<Uint8Array>>> {
  const { info } = build;
  const files = new Map<string, () => Uint8Array | Promise<Uint8Array>>();
  for (const path of await build.files.paths()) {
    if (!path.split("/").every(isPlainName)) throw leavesBuild(path);
    files.set(path, () => build.files.read(path));
  }
  files.set("index.json", () => build.indexBytes);
  if (info !== undefined) files.set("build.json", () => formatBuildInfo(info));
  return files;
}

function folder(name: string, owner: typeof ROOT | typeof BUILD_OWNER, modified: number): TarEntry {
  return { name, mode: FOLDER_MODE, ...owner, modified, size: 0, content: NOTHING };
}

function foldersAbove(names: readonly string[]): readonly string[] {
  const folders = new Set<string>();
  for (const name of names) {
    for (let end = name.indexOf("/"); end >= 0; end = name.indexOf("/", end + 1)) {
      folders.add(name.slice(0, end + 1));
    }
  }
  return [...folders];
}

function isPlainName(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !name.includes("\0");
}

function leavesBuild(path: string): DevregError {
  return new DevregError("INPUT_INVALID", `Cannot pack "${path}": it leaves the build`);
}
