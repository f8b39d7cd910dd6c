import { eachBounded } from "../../concurrent.ts";
import { DevregError } from "../../errors.ts";
import type { Build, FetchRecord } from "../../generator/index.ts";
import type { Logger } from "../../log.ts";
import { PLAN_CONCURRENCY } from "../../mirror-limits.ts";
import {
  type Digest,
  formatImage,
  type Platform,
  type ReadonlyRegistry,
} from "../../oci-client/index.ts";
import type { StartProgress } from "../../progress.ts";
import { type Discovery, discoverImages, type MirrorRules } from "../discover/index.ts";
import { LOCK_API_VERSION, type MirrorLock } from "../lock.ts";
import type { ImageOccurrence } from "../occurrence.ts";
import { lockedImage } from "./locked-image.ts";
import type { FailedImage, MirrorPlan, MovedImage, PlannedImage } from "./mirror-plan.ts";
import { type ImageChoice, readImage } from "./read-image.ts";
import { type WantedImages, wantedImages } from "./wanted-images.ts";

/** What a plan is made from. */
export interface PlanOptions extends ImageChoice {
  /** With devfiles as their authors wrote them; what names images is told of these. */
  readonly authored: Build;
  /** The same, made offline: images that only its devfiles name count, too. */
  readonly offline: Build;
  /** What was fetched to make both. */
  readonly fetched: FetchRecord;
  /** Gives the registry of a host. */
  readonly sources: (host: string) => ReadonlyRegistry;
  readonly rules: MirrorRules;
  /** The text that the rules were read from. */
  readonly rulesText?: string;
  /** The stacks and samples taken; recorded only, the builds have no others. */
  readonly include: readonly string[];
  /** What is left out; patterns with a slash take out images here. */
  readonly exclude: readonly string[];
  /** Full name of the base of the offline registry image. */
  readonly base?: string | undefined;
  /** A former plan, whose digests are taken. */
  readonly pinned?: MirrorLock;
  readonly log: Logger;
  readonly progress: StartProgress;
  readonly signal: AbortSignal;
}

/** What became of one image. */
type Outcome = { readonly planned: PlannedImage; readonly moved?: MovedImage } | FailedImage;

/**
 * Finds every image that devfiles name, and looks up what would have to be moved for it: manifests
 * are read, layers are not. An image that fails stops no other. The same content gives the same plan.
 *
 * @throws {DevregError} ABORTED when told to stop; what reading the builds throws
 */
export async function makePlan(options: PlanOptions): Promise<MirrorPlan> {
  const { authored, offline, rules } = options;
  const found = await discoverImages(authored, rules);
  const foundOffline = await discoverImages(offline, rules);
  const wanted = wantedImages(found, foundOffline, options.exclude);
  const outcomes = await readImages(wanted, options);
  const base = options.base === undefined ? undefined : await readBase(options.base, options);
  const plans = outcomes.flatMap((each) => ("planned" in each ? [each] : []));
  const images = plans.map(({ planned }) => planned);
  const lockedBase = base !== undefined && "planned" in base ? base.planned : undefined;
  const moved = [...plans, ...(base !== undefined && "planned" in base ? [base] : [])];
  return {
    lock: lockOf(options, images, wanted, lockedBase),
    images,
    ...(lockedBase === undefined ? {} : { base: lockedBase }),
    ...(base !== undefined && "error" in base ? { baseFailure: base.error } : {}),
    failures: outcomes.flatMap((each) => ("error" in each ? [each] : [])),
    moved: moved.flatMap((each) => each.moved ?? []),
    findings: allFindings(found, foundOffline),
  };
}

async function readImages(
  { images }: WantedImages,
  options: PlanOptions,
): Promise<readonly Outcome[]> {
  const progress = options.progress("Looking up images");
  const planned = new Map(options.pinned?.images.map(({ image, digest }) => [image, digest]));
  try {
    progress.total(images.size);
    return await eachBounded([...images], PLAN_CONCURRENCY, async ([image, places]) => {
      const outcome = await readOne(image, places, options, planned.get(image));
      progress.done(image);
      return outcome;
    });
  } finally {
    progress.end();
  }
}

function readBase(base: string, options: PlanOptions): Promise<Outcome> {
  const image = formatImage(base);
  const former = options.pinned?.base;
  return readOne(image, [], options, former?.image === image ? former.digest : undefined);
}

async function readOne(
  image: string,
  occurrences: readonly ImageOccurrence[],
  options: PlanOptions,
  planned: Digest | undefined,
): Promise<Outcome> {
  throwIfAborted(options.signal);
  try {
    const { graph, moved } = await readImage(image, options.sources, options, planned);
    const locked = lockedImage(image, graph, occurrences);
    options.log.debug("image looked up", { image, digest: locked.digest });
    if (moved === undefined || planned === undefined) return { planned: { locked, graph } };
    return { planned: { locked, graph }, moved: { image, planned, ...moved } };
  } catch (error) {
    throwIfAborted(options.signal);
    if (error instanceof DevregError && error.code === "ABORTED") throw error;
    return { image, error, occurrences };
  }
}

function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new DevregError("ABORTED", "Cannot go on: interrupted");
}

function lockOf(
  options: PlanOptions,
  images: readonly PlannedImage[],
  { others }: WantedImages,
  base: PlannedImage | undefined,
): MirrorLock {
  const { authored, fetched, platformMode, referrers, include, exclude, rulesText } = options;
  return {
    apiVersion: LOCK_API_VERSION,
    kind: "MirrorLock",
    sources: authored.info?.sources ?? [],
    platforms: sortedOnce(options.platforms.map(formatPlatform)),
    ...(platformMode === "sparse" && options.platforms.length > 0 ? { platformMode } : {}),
    ...(referrers ? {} : { referrers }),
    ...(include.length === 0 ? {} : { include: sortedOnce(include) }),
    exclude: sortedOnce(exclude),
    ...(rulesText === undefined ? {} : { rules: rulesText }),
    images: images.map(({ locked }) => locked),
    references: others,
    projects: fetched.projects,
    files: fetched.files,
    ...(base === undefined ? {} : { base: base.locked }),
  };
}

function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant === undefined ? [] : [variant])].join("/");
}

function sortedOnce(words: readonly string[]): readonly string[] {
  return [...new Set(words)].sort();
}

/** An offline devfile says again what its author's says, at other places. */
function allFindings(authored: Discovery, offline: Discovery): Discovery["findings"] {
  const told = new Set(authored.findings.map(({ file, message }) => `${file}: ${message}`));
  const more = offline.findings.filter(({ file, message }) => !told.has(`${file}: ${message}`));
  return [...authored.findings, ...more];
}
