import { z } from "zod";
import { readAll } from "../../bytes.ts";
import { DevregError } from "../../errors.ts";
import { parseJsonParts } from "../../json-parts.ts";
import { MANIFEST_BYTES } from "../../limits.ts";
import { MANIFEST_PARTS } from "../../mirror-limits.ts";
import type { HttpResponse } from "../../net/index.ts";
import type { Descriptor } from "../descriptor.ts";
import { algorithmOf, type Digest, digestOf, isDigest } from "../digest.ts";
import { type Manifest, parseManifest, unsupportedManifest } from "../manifest.ts";
import { DOCKER_SCHEMA1, isManifestType, MANIFEST_ACCEPT } from "../media-types.ts";
import { verifyBytes } from "../verify.ts";
import type { RegistryClient } from "./registry-client.ts";
import { responseError } from "./response-error.ts";
import { checkStoredDigest } from "./stored-digest.ts";

/** Bytes of a manifest with the descriptor that was computed from them. */
export interface RemoteManifest {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
  /** What the registry calls this state of the tag, where it tells. */
  readonly etag?: string;
}

/** A manifest that a registry stored. */
export interface StoredManifest {
  readonly manifest: Manifest;
  /** The subject that the registry says it took note of. */
  readonly subject: string | undefined;
}

/** The manifests of one repository in a remote registry. */
export class RemoteManifests {
  readonly #client: RegistryClient;
  readonly #name: string;

  /** @param name full name of the repository */
  constructor(client: RegistryClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  async exists(target: Descriptor): Promise<boolean> {
    const response = await this.#request("HEAD", target.digest, undefined);
    await response?.discard();
    return response !== undefined;
  }

  /**
   * Describes what a tag or digest names. HEAD is enough where the registry tells type, size and
   * digest; else the manifest is fetched and described from its bytes.
   */
  async resolve(reference: string, signal?: AbortSignal): Promise<Descriptor | undefined> {
    const response = await this.#request("HEAD", reference, signal);
    if (response === undefined) return undefined;
    await response.discard();
    const told = describeHead(response, reference);
    return told ?? (await this.get(reference, signal))?.descriptor;
  }

  /**
   * Fetches a manifest by tag or digest; undefined when there is none. Its digest is that of its
   * bytes, whatever the headers say.
   *
   * @throws {DevregError} DIGEST_MISMATCH, LIMIT_EXCEEDED, UNSUPPORTED; INPUT_INVALID when it is not
   *   one manifest of exactly its type
   */
  async get(
    reference: string,
    signal: AbortSignal | undefined,
  ): Promise<RemoteManifest | undefined> {
    const response = await this.#request("GET", reference, signal);
    if (response === undefined) return undefined;
    const what = `manifest ${this.#name}@${reference}`;
    const bytes = await readAll(response.body, MANIFEST_BYTES, what);
    const digest = digestOf(bytes, isDigest(reference) ? algorithmOf(reference) : "sha256");
    const mediaType = typeOf(response, bytes);
    if (!isManifestType(mediaType)) throw unsupportedManifest(what, mediaType);
    const descriptor = { mediaType, digest, size: bytes.byteLength };
    if (isDigest(reference)) verifyBytes({ ...descriptor, digest: reference }, bytes);
    checkStoredDigest(response, descriptor, `fetch ${what}`);
    // One that reads differently by its type than by its fields is given to nobody.
    parseManifest(bytes, mediaType);
    const etag = response.header("etag");
    return etag === undefined ? { descriptor, bytes } : { descriptor, bytes, etag };
  }

  /** Fetches the manifest of a descriptor. @throws {DevregError} NOT_FOUND and as get does */
  async fetch(target: Descriptor, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const found = await this.get(target.digest, signal);
    if (found === undefined) {
      throw new DevregError(
        "NOT_FOUND",
        `Cannot find ${target.digest}: ${this.#place} does not have it`,
      );
    }
    verifyBytes(target, found.bytes);
    const { mediaType } = found.descriptor;
    if (mediaType === target.mediaType) return found.bytes;
    throw new DevregError(
      "INPUT_INVALID",
      `Cannot accept ${target.digest}: it is named "${target.mediaType}" but given as "${mediaType}"`,
    );
  }

  /**
   * Stores a manifest under a tag or its own digest.
   *
   * @throws {DevregError} DIGEST_MISMATCH, SIZE_MISMATCH, INPUT_INVALID; NOT_FOUND or
   *   REGISTRY_RESPONSE with MANIFEST_BLOB_UNKNOWN when the registry lacks what it refers to, with
   *   status 412 when it is not at the state of `etag`
   */
  async put(
    expected: Descriptor,
    bytes: Uint8Array,
    reference: string,
    etag?: string,
  ): Promise<StoredManifest> {
    verifyBytes(expected, bytes);
    const manifest = parseManifest(bytes, expected.mediaType);
    const what = `push manifest ${this.#name}:${reference}`;
    const response = await this.#client.send({
      method: "PUT",
      url: this.#url(reference),
      headers: {
        "content-type": expected.mediaType,
        ...(etag === undefined ? {} : { "if-match": etag }),
      },
      body: bytes,
    });
    if (response.status !== 201 && response.status !== 200 && response.status !== 202) {
      throw await responseError(response, "PUT", what);
    }
    await response.discard();
    checkStoredDigest(response, expected, what);
    return { manifest, subject: response.header("oci-subject") };
  }

  /** Sends a request; undefined means 404. */
  async #request(
    method: "GET" | "HEAD",
    reference: string,
    signal: AbortSignal | undefined,
  ): Promise<HttpResponse | undefined> {
    const response = await this.#client.send({
      method,
      url: this.#url(reference),
      headers: { accept: MANIFEST_ACCEPT },
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.status === 200) return response;
    if (response.status !== 404) {
      throw await responseError(response, method, `fetch manifest ${this.#name}@${reference}`);
    }
    await response.discard();
    return undefined;
  }

  get #place(): string {
    return `${this.#client.endpoint.base.host}/${this.#name}`;
  }

  #url(reference: string): URL {
    return this.#client.endpoint.url(`/v2/${this.#name}/manifests/${reference}`);
  }
}

function describeHead(response: HttpResponse, reference: string): Descriptor | undefined {
  const stated = response.header("docker-content-digest") ?? "";
  const digest: Digest | undefined = isDigest(stated) ? stated : undefined;
  const size = Number(response.header("content-length") ?? 0);
  const mediaType = contentType(response);
  if (digest === undefined || !isManifestType(mediaType) || !(size > 0 && size <= MANIFEST_BYTES)) {
    return undefined;
  }
  // A digest that is not the one asked for is judged by the bytes.
  return isDigest(reference) && digest !== reference ? undefined : { mediaType, digest, size };
}

/** Gives the type that the registry names or, where it only says "JSON" or nothing, the own one. */
function typeOf(response: HttpResponse, bytes: Uint8Array): string {
  const type = contentType(response);
  return VAGUE_TYPES.has(type) ? (ownType(bytes) ?? type) : type;
}

const VAGUE_TYPES = new Set(["", "application/json", "application/octet-stream", "text/plain"]);
const typedSchema = z.looseObject({
  schemaVersion: z.unknown(),
  mediaType: z.string().optional().catch(undefined),
});

function ownType(bytes: Uint8Array): string | undefined {
  try {
    const { mediaType, schemaVersion } = typedSchema.parse(parseJsonParts(bytes, MANIFEST_PARTS));
    return schemaVersion === 1 ? DOCKER_SCHEMA1 : mediaType;
  } catch {
    // No JSON object: the caller reports that the type is not known.
    return undefined;
  }
}

function contentType(response: HttpResponse): string {
  return (response.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}
