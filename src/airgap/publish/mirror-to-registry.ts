import {
  type ContentSource,
  type ImageGraph,
  type Registry,
  type RegistryLocation,
  repositoryAt,
} from "../../oci-client/index.ts";
import type { MirrorRules } from "../discover/index.ts";
import type { ImageTask } from "../images/transfer-images.ts";
import type { LockedImage, MirrorLock } from "../lock.ts";
import {
  assignTargets,
  type PathStyle,
  sourceRepository,
  type TargetPaths,
  targetImage,
} from "../target-paths.ts";
import {
  type MirrorContentOptions,
  type MirroredContent,
  mirrorContent,
} from "./mirror-content.ts";
import { type RewriteOptions, rewriteForTarget } from "./rewritten-build.ts";

/** A registry that is mirrored into, and how things are named there. */
export interface RegistryTarget extends Pick<RewriteOptions, "rewrite" | "pin" | "publicUrl"> {
  /** Its names are below the prefix of the location. */
  readonly registry: Registry;
  readonly location: RegistryLocation;
  readonly pathStyle?: PathStyle | undefined;
  readonly maxPathDepth?: number | undefined;
  readonly onExistingTag: MirrorContentOptions["onExistingTag"];
}

/** An image, and where it is read from. */
export interface SourceImage {
  readonly locked: LockedImage;
  readonly graph: ImageGraph;
  readonly source: ContentSource;
}

/** What is mirrored into a registry. */
export interface MirrorToRegistryOptions
  extends Pick<
    MirrorContentOptions,
    "failures" | "build" | "putImage" | "items" | "log" | "progress" | "nowMs" | "signal"
  > {
  readonly lock: MirrorLock;
  readonly images: readonly SourceImage[];
  readonly rules: MirrorRules;
  readonly target: RegistryTarget;
}

/**
 * Mirrors images and the registry that names them into a registry, devfiles rewritten to what is
 * there.
 *
 * @throws {DevregError} CONFIG_INVALID when images cannot be named there; ABORTED
 */
export async function mirrorToRegistry(options: MirrorToRegistryOptions): Promise<MirroredContent> {
  const { lock, target, rules } = options;
  const targets = targetPathsOf(lock, target);
  return await mirrorContent({
    ...options,
    tasks: options.images.map((image) => toTask(image, target, targets)),
    rewrite: (build) =>
      rewriteForTarget(build, {
        ...target,
        registry: target.location.registry,
        lock,
        targets,
        rules,
      }),
    target: target.registry,
    shown: shownLocation(target.location),
    takesStacks: takesStacks(target),
    keepAlive: true,
    onExistingTag: target.onExistingTag,
  });
}

/** Gives where each image of a lock is at a target. @throws {DevregError} CONFIG_INVALID */
export function targetPathsOf(
  { images }: Pick<MirrorLock, "images">,
  target: Pick<RegistryTarget, "location" | "pathStyle" | "maxPathDepth">,
): TargetPaths {
  return assignTargets(
    images.map(({ image }) => image),
    {
      prefix: target.location.prefix,
      style: target.pathStyle,
      maxDepth: target.maxPathDepth,
    },
  );
}

/** Parts of the names of stacks and index below a prefix: "devfile-catalog/go", "devreg/index". */
const STACK_DEPTH = 2;

/** Tells whether a target takes names as long as those of stacks and index. */
export function takesStacks({
  location,
  maxPathDepth,
}: Pick<RegistryTarget, "location" | "maxPathDepth">): boolean {
  const prefix = location.prefix === "" ? [] : location.prefix.split("/");
  return maxPathDepth === undefined || prefix.length + STACK_DEPTH <= maxPathDepth;
}

/** Writes a location the way users type it. */
export function shownLocation({ registry, prefix }: RegistryLocation): string {
  return prefix === "" ? registry : `${registry}/${prefix}`;
}

function toTask(
  { locked, graph, source }: SourceImage,
  { registry, location }: RegistryTarget,
  targets: TargetPaths,
): ImageTask {
  const full = targets.get(sourceRepository(locked.image)) ?? "";
  const below = full.slice(repositoryAt(location, "").length);
  return {
    locked,
    graph,
    source,
    target: registry.repository(below),
    repository: below,
    shown: targetImage(locked.image, targets, location.registry, locked.mirrored),
  };
}
