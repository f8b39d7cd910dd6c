import { DevregError } from "../errors.ts";
import { formatReference, parseReference, type Reference } from "./reference.ts";

/** The registry that images without a host come from. */
const DEFAULT_REGISTRY = "docker.io";
/** Other names of that registry. */
const DEFAULT_ALIASES: ReadonlySet<string> = new Set(["index.docker.io", "registry-1.docker.io"]);
/** Where its images without a namespace are. */
const DEFAULT_NAMESPACE = "library";

/**
 * Parses an image as container engines name it, and gives its full name: "nginx" becomes
 * docker.io/library/nginx:latest. One with neither tag nor digest gets the tag "latest".
 *
 * @throws {DevregError} USAGE when it is no image reference
 */
export function parseImageReference(text: string): Reference {
  const written = parseNamed(text);
  return isBare(written) ? { ...written, tag: "latest" } : written;
}

/** Writes the full name of an image: the name that it has in locks, mappings and bundles. */
export function formatImage(text: string): string {
  return formatReference(parseImageReference(text));
}

/**
 * Tells whether an image is named with neither a tag nor a digest, so that "latest" is meant.
 *
 * @throws {DevregError} USAGE when it is no image reference
 */
export function isUntagged(text: string): boolean {
  return isBare(parseNamed(text));
}

function parseNamed(text: string): Reference {
  const slash = text.indexOf("/");
  const first = slash < 0 ? "" : text.slice(0, slash);
  const named = /[.:]/.test(first) || first === "localhost";
  const parsed = parse(text, named ? text : `${DEFAULT_REGISTRY}/${text}`);
  const registry = DEFAULT_ALIASES.has(parsed.registry) ? DEFAULT_REGISTRY : parsed.registry;
  const short = registry === DEFAULT_REGISTRY && !parsed.repository.includes("/");
  const repository = short ? `${DEFAULT_NAMESPACE}/${parsed.repository}` : parsed.repository;
  return { ...parsed, registry, repository };
}

function parse(text: string, full: string): Reference {
  try {
    return parseReference(full);
  } catch (cause) {
    throw new DevregError("USAGE", `Cannot read image "${text}"`, {
      cause,
      hint: "The form is [HOST[:PORT]/]NAME[:TAG][@DIGEST], the name in lower case",
    });
  }
}

function isBare({ tag, digest }: Reference): boolean {
  return tag === undefined && digest === undefined;
}
