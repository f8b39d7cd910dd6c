import { DevregError } from "../errors.ts";
import { type Digest, isDigest } from "./digest.ts";

/** Names content in a registry: "host:5000/devfile-catalog/go:2.0.0@sha256:…". */
export interface Reference {
  /** Host and, unless it is the default one, port. */
  readonly registry: string;
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

/** A registry and the path below which names are kept: HOST[:PORT][/PREFIX]. */
export interface RegistryLocation {
  readonly registry: string;
  /** Without slashes at its ends; empty when there is none. */
  readonly prefix: string;
}

const HOST =
  /^(?:\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*)(?::[0-9]{1,5})?$/;
const REPOSITORY =
  /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;
const REPOSITORY_CHARS = 255;

/** Tells whether text is a repository name. Spec: distribution-spec v1.1, Pulling manifests. */
export function isRepositoryName(text: string): boolean {
  return text.length <= REPOSITORY_CHARS && REPOSITORY.test(text);
}

/** Tells whether text is a tag. Spec: distribution-spec v1.1, Pulling manifests. */
export function isTag(text: string): boolean {
  return TAG.test(text);
}

/** Tells whether text is a registry host with an optional port. */
export function isRegistryHost(text: string): boolean {
  if (!HOST.test(text)) return false;
  const port = /:([0-9]+)$/.exec(text.replace(/^\[.*\]/, ""))?.[1];
  return port === undefined || (Number(port) > 0 && Number(port) <= 65_535);
}

/** Parses HOST[:PORT][/PREFIX]. @throws {DevregError} USAGE when it is none. */
export function parseRegistryLocation(text: string): RegistryLocation {
  const slash = text.indexOf("/");
  const registry = slash < 0 ? text : text.slice(0, slash);
  const prefix = slash < 0 ? "" : text.slice(slash + 1).replace(/\/+$/, "");
  if (isRegistryHost(registry) && (prefix === "" || isRepositoryName(prefix))) {
    return { registry, prefix };
  }
  throw new DevregError("USAGE", `Cannot read registry "${text}"`, {
    hint: /^[a-z]+:\/\//i.test(text)
      ? "Give the host alone, without a scheme: HOST[:PORT][/PREFIX]"
      : "The form is HOST[:PORT][/PREFIX], the prefix in lower case",
  });
}

/** Puts a repository below the prefix of a location. */
export function repositoryAt(location: RegistryLocation, repository: string): string {
  return location.prefix === "" ? repository : `${location.prefix}/${repository}`;
}

/** Parses a full reference. @throws {DevregError} USAGE when a part breaks the grammar. */
export function parseReference(text: string): Reference {
  const match = /^([^/]+)\/([^@]+?)(?::([^:@/]+))?(?:@(.+))?$/.exec(text);
  const [, registry = "", repository = "", tag, digest] = match ?? [];
  const valid =
    isRegistryHost(registry) &&
    isRepositoryName(repository) &&
    (tag === undefined || isTag(tag)) &&
    (digest === undefined || isDigest(digest));
  if (!valid) {
    throw new DevregError("USAGE", `Cannot read reference "${text}"`, {
      hint: "The form is HOST[:PORT]/REPOSITORY[:TAG][@DIGEST]",
    });
  }
  return {
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest !== undefined && isDigest(digest) ? { digest } : {}),
  };
}

/** Writes a reference the way {@link parseReference} reads it. */
export function formatReference(reference: Reference): string {
  const tag = reference.tag === undefined ? "" : `:${reference.tag}`;
  const digest = reference.digest === undefined ? "" : `@${reference.digest}`;
  return `${reference.registry}/${reference.repository}${tag}${digest}`;
}
