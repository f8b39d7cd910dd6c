/**
 * A registry in memory that takes whatever the OCI conformance suite pushes. Its readers are
 * answered elsewhere, by whoever is being tested in front of it.
 */
import { DevregError, describeError } from "../../src/errors.ts";
import {
  digestOf,
  isDigest,
  MemoryRegistry,
  type MemoryRepository,
  OCTET_STREAM,
  parseManifest,
} from "../../src/oci-client/index.ts";
import { servedApp } from "../../test/support/served-app.ts";

/** A door: what is written at it goes into the registry, what is read is read somewhere else. */
export interface Door {
  readonly url: string;
  stop(): Promise<void>;
}

/** The registry, which answers readers too: those in front of it. */
export interface WritableRegistry {
  /** "<address>:<port>". */
  readonly host: string;
  /** Opens a door that sends those who read to the address of whoever stands in front. */
  openDoor(front: string): Door;
  stop(): Promise<void>;
}

const CONTENT = /^\/v2\/(.+)\/manifests\/([^/]+)$/;
const UPLOAD = /^\/v2\/(.+)\/blobs\/uploads\/([^/]*)$/;

/** Starts the registry, empty. */
export async function startWritableRegistry(): Promise<WritableRegistry> {
  const registry = new MemoryRegistry();
  const { app } = await servedApp({ deps: { registry } });
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request) => app.fetch(request),
  });
  return {
    host: `127.0.0.1:${server.port}`,
    openDoor: (front) => openDoor(registry, front),
    stop: () => server.stop(true),
  };
}

function openDoor(registry: MemoryRegistry, front: string): Door {
  const uploads = new Uploads(registry);
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => {
      const { pathname, search } = new URL(request.url);
      if (request.method === "GET" || request.method === "HEAD") {
        return new Response(null, {
          status: 307,
          headers: { location: front + pathname + search },
        });
      }
      const [, repository = "", reference = ""] = CONTENT.exec(pathname) ?? [];
      return reference === ""
        ? uploads.answer(request)
        : putManifest(registry.repository(repository), reference, request);
    },
  });
  return { url: `http://127.0.0.1:${server.port}`, stop: () => server.stop(true) };
}

async function putManifest(
  repository: MemoryRepository,
  reference: string,
  request: Request,
): Promise<Response> {
  const bytes = new Uint8Array(await request.arrayBuffer());
  const mediaType = request.headers.get("content-type") ?? "";
  const digest = isDigest(reference) ? reference : digestOf(bytes);
  const descriptor = { mediaType, digest, size: bytes.byteLength };
  return accepted(async () => {
    if (isDigest(reference)) await repository.push(descriptor, bytes);
    else await repository.tag(descriptor, reference, bytes);
    const { subject } = parseManifest(bytes, mediaType);
    return {
      location: new URL(request.url).pathname,
      "docker-content-digest": digest,
      ...(subject === undefined ? {} : { "oci-subject": subject.digest }),
    };
  });
}

/** Blobs on their way in. Spec: distribution-spec v1.1, Pushing a blob in chunks, monolithically. */
class Uploads {
  readonly #registry: MemoryRegistry;
  readonly #bytes = new Map<string, Uint8Array>();

  constructor(registry: MemoryRegistry) {
    this.#registry = registry;
  }

  async answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const [, repository = "", known] = UPLOAD.exec(pathname) ?? [];
    if (repository === "") return new Response(null, { status: 405 });
    const id = known === undefined || known === "" ? `${this.#bytes.size}` : known;
    const sent = new Uint8Array(await request.arrayBuffer());
    const bytes = new Uint8Array([...(this.#bytes.get(id) ?? []), ...sent]);
    this.#bytes.set(id, bytes);
    const digest = searchParams.get("digest");
    if (digest === null) {
      const headers = { location: `/v2/${repository}/blobs/uploads/${id}` };
      return new Response(null, { status: 202, headers });
    }
    return accepted(async () => {
      // What is no digest is refused as one that does not fit.
      const wanted = isDigest(digest) ? digest : digestOf(new Uint8Array());
      const descriptor = { mediaType: OCTET_STREAM, digest: wanted, size: bytes.byteLength };
      await this.#registry.repository(repository).push(descriptor, bytes);
      return { location: `/v2/${repository}/blobs/${digest}`, "docker-content-digest": digest };
    });
  }
}

/** Answers a write: where to find what was stored, or that it is not what it was said to be. */
async function accepted(store: () => Promise<Record<string, string>>): Promise<Response> {
  try {
    return new Response(null, { status: 201, headers: await store() });
  } catch (error) {
    if (error instanceof DevregError) return new Response(describeError(error), { status: 400 });
    throw error;
  }
}
