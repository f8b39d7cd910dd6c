import { utf8 } from "../bytes.ts";
import { DevregError } from "../errors.ts";
import { TARGET_NAME_CHARS } from "../mirror-limits.ts";
import {
  type Digest,
  digestOf,
  formatReference,
  hexOf,
  parseReference,
  type Reference,
} from "../oci-client/index.ts";

/** How repositories of images are named at a target. */
export type PathStyle = "host-path" | "path" | "flat";

/** Where images go. */
export interface TargetOptions {
  /** What stands before every name, without slashes at its ends; empty when there is nothing. */
  readonly prefix: string;
  /** Without one it is host-path, or flat where that is deeper than `maxDepth`. */
  readonly style?: PathStyle | undefined;
  /** How many parts a name may have, the prefix counted. */
  readonly maxDepth?: number | undefined;
}

/** Target repositories by source repository, "quay.io/devfile/udi", sorted by it. */
export type TargetPaths = ReadonlyMap<string, string>;

/** The first parts of names that belong to the registry of devfiles itself. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  "devfile-catalog",
  "devfile-index",
  "devreg",
  "devreg-mirror",
]);
/** How much of a hash tells two names apart; all of it where that did not. */
const SUFFIX_CHARS = [8, 64];
/** The longest tag. Spec: distribution-spec v1.1, Pulling manifests. */
const TAG_CHARS = 128;

/**
 * Names the repository of each image at the target, below the registry's root and with the prefix.
 *
 * `host-path` is `<prefix>/<source-host>/<repository>` and never gives two images one name, so that
 * a further image changes no other's name. `path` leaves the host out and `flat` keeps the last
 * part alone; where names would meet there, or meet those of the registry itself, every one of them
 * gets a suffix made from its own source name. None of them keeps the bare name: a tag that users
 * have by then would come to mean another image. So a name changes at most once, when the first
 * other one meets it. The same suffix follows names that are cut because they are too long.
 *
 * @param images full names, with tags and digests
 * @throws {DevregError} CONFIG_INVALID when a name would be deeper than allowed
 */
export function assignTargets(images: readonly string[], options: TargetOptions): TargetPaths {
  const sources = [...new Set(images.map(sourceRepository))].sort();
  const style = options.style ?? styleThatFits(sources, options);
  const named = distinct(sources, (source, level) => targetName(source, style, options, level));
  for (const [source, name] of named) checkDepth(source, name, style, options);
  return named;
}

/** Gives the repository of an image with its host: "quay.io/devfile/udi". */
export function sourceRepository(image: string): string {
  const { registry, repository } = parseReference(image);
  return `${registry}/${repository}`;
}

/**
 * Writes the full name that an image has at a target: the tag and digest that it is named by.
 *
 * @param mirrored the digest of the root as it is mirrored, in place of the one that is written
 * @throws {DevregError} NOT_FOUND when the image has no place there
 */
export function targetImage(
  image: string,
  targets: TargetPaths,
  registry: string,
  mirrored?: Digest,
): string {
  const source = parseReference(image);
  const repository = targets.get(sourceRepository(image));
  if (repository === undefined) {
    throw new DevregError("NOT_FOUND", `Cannot name "${image}" at "${registry}": it has no place`);
  }
  const digest = source.digest === undefined ? undefined : (mirrored ?? source.digest);
  const target: Reference = {
    registry,
    repository,
    ...(source.tag === undefined ? {} : { tag: source.tag }),
    ...(digest === undefined ? {} : { digest }),
  };
  return formatReference(target);
}

/**
 * Gives the tag that keeps a digest from being collected at a target. It is no bare
 * "sha256-<hex>", which is where referrers are listed. Of a sha512 it has as much as a tag holds.
 *
 * Spec: distribution-spec v1.1, Referrers Tag Schema.
 */
export function keepAliveTag(digest: Digest): string {
  return `devreg-${digest.replace(":", "-")}`.slice(0, TAG_CHARS);
}

/** Writes the lines "source=target" that mapping files of mirrors hold, sorted by source. */
export function formatMapping(
  images: readonly { readonly image: string; readonly mirrored?: Digest }[],
  targets: TargetPaths,
  registry: string,
): string {
  return images
    .map(({ image, mirrored }) => `${image}=${targetImage(image, targets, registry, mirrored)}\n`)
    .sort()
    .join("");
}

/** Names every source; those that meet get a longer suffix, until none do. */
function distinct(
  sources: readonly string[],
  nameOf: (source: string, level: number) => string,
): ReadonlyMap<string, string> {
  const levels = new Map(sources.map((source) => [source, 0]));
  for (const _ of [0, ...SUFFIX_CHARS, ...SUFFIX_CHARS]) {
    const named = new Map(
      sources.map((source) => [source, nameOf(source, levels.get(source) ?? 0)]),
    );
    const counts = Map.groupBy(sources, (source) => named.get(source) ?? "");
    const meeting = [...counts.values()].filter((group) => group.length > 1).flat();
    if (meeting.length === 0) return named;
    for (const source of meeting) {
      levels.set(source, Math.min((levels.get(source) ?? 0) + 1, SUFFIX_CHARS.length));
    }
  }
  throw new DevregError("CONFIG_INVALID", "Cannot name the images at the target: names meet", {
    hint: "Use --path-style host-path, or a shorter prefix",
  });
}

function targetName(
  source: string,
  style: PathStyle,
  { prefix }: TargetOptions,
  level: number,
): string {
  const path = stylePath(source, style);
  const full = prefix === "" ? path : `${prefix}/${path}`;
  const own = OWN_NAMES.has(path.split("/")[0] ?? "");
  const lossy = style === "host-path" && source.startsWith("[");
  const long = full.length > TARGET_NAME_CHARS;
  const chars = SUFFIX_CHARS[Math.max(level, own || lossy || long ? 1 : 0) - 1];
  if (chars === undefined) return full;
  const suffix = `-${hexOf(digestOf(utf8(source))).slice(0, chars)}`;
  const kept = full.slice(0, TARGET_NAME_CHARS - suffix.length).replace(/[^a-z0-9]+$/, "");
  if (kept.length > prefix.length) return `${kept}${suffix}`;
  throw new DevregError("CONFIG_INVALID", `Cannot put names below "${prefix}": it is too long`, {
    hint: `Names may have ${TARGET_NAME_CHARS} characters, the prefix counted`,
  });
}

function stylePath(source: string, style: PathStyle): string {
  const slash = source.indexOf("/");
  const repository = source.slice(slash + 1);
  if (style === "path") return repository;
  if (style === "flat") return repository.slice(repository.lastIndexOf("/") + 1);
  return `${hostPart(source.slice(0, slash))}/${repository}`;
}

/** "quay.io" stays, "localhost:5000" becomes "localhost_5000", "[::1]:5000" "ip6-1_5000". */
function hostPart(host: string): string {
  const [, address, name = "", port] = /^(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(host) ?? [];
  const groups = address?.match(/[0-9a-f]+/gi) ?? [];
  const words = (address === undefined ? name : ["ip6", ...groups].join("-")).toLowerCase();
  return port === undefined ? words : `${words}_${port}`;
}

function styleThatFits(sources: readonly string[], options: TargetOptions): PathStyle {
  const { maxDepth = Number.POSITIVE_INFINITY } = options;
  const fits = sources.every(
    (source) => depthOf(targetName(source, "host-path", options, 0)) <= maxDepth,
  );
  return fits ? "host-path" : "flat";
}

function checkDepth(source: string, name: string, style: PathStyle, options: TargetOptions): void {
  const { maxDepth = Number.POSITIVE_INFINITY } = options;
  const depth = depthOf(name);
  if (depth <= maxDepth) return;
  throw new DevregError(
    "CONFIG_INVALID",
    `Cannot name "${source}" at the target: "${name}" has ${depth} parts, ${maxDepth} are allowed`,
    {
      hint: style === "flat" ? "Use a shorter prefix" : "Use --path-style flat or a shorter prefix",
    },
  );
}

function depthOf(name: string): number {
  return name.split("/").length;
}
