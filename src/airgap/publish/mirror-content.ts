import type { Build } from "../../generator/index.ts";
import type { Logger } from "../../log.ts";
import { createTransfer, type Registry } from "../../oci-client/index.ts";
import type { StartProgress } from "../../progress.ts";
import type { OnExistingTag } from "../images/existing-tag.ts";
import { type ImageTask, transferImages } from "../images/transfer-images.ts";
import type { MirrorItems } from "../mirror-report.ts";
import type { FailedImage } from "../plan/index.ts";
import { withoutFailed } from "./failed-entries.ts";
import { type PublishedMirror, type PutRegistryImage, publishMirror } from "./publish-mirror.ts";

/** What is mirrored, and where to. */
export interface MirrorContentOptions {
  readonly tasks: readonly ImageTask[];
  /** Images that are known not to come. */
  readonly failures: readonly FailedImage[];
  /** The registry, with all that it was planned with. */
  readonly build: Build;
  /** Lets the build name things the way they are named at the target. */
  readonly rewrite: (build: Build) => Promise<Build>;
  /** Its names are below the prefix. */
  readonly target: Registry;
  /** How the target is called. */
  readonly shown: string;
  readonly putImage?: PutRegistryImage | undefined;
  /** Whether the target takes names of two parts below the prefix, as stacks and index have. */
  readonly takesStacks: boolean;
  /** Whether roots need a tag that keeps them from being collected. */
  readonly keepAlive: boolean;
  readonly onExistingTag: OnExistingTag;
  /** Called when no more images come, with the full names of those that did not. */
  readonly settled?: (failed: ReadonlySet<string>) => Promise<void>;
  readonly items: MirrorItems;
  readonly log: Logger;
  readonly progress: StartProgress;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly signal?: AbortSignal | undefined;
}

/** What came of it. */
export interface MirroredContent {
  /** Full names of the images that are not there. */
  readonly failed: ReadonlySet<string>;
  /** Stack versions and samples that were left out, with the reason. */
  readonly leftOut: readonly string[];
  /** What was published, as it was published; undefined when nothing was. */
  readonly published?: PublishedMirror & { readonly build: Build };
}

/**
 * Moves images, then the registry that names them: a reader of the target never sees a devfile
 * whose images are not all there. When no image at all arrived nothing is published.
 *
 * @throws {DevregError} ABORTED; what fails becomes an item
 */
export async function mirrorContent(options: MirrorContentOptions): Promise<MirroredContent> {
  const failed = await moveImages(options);
  await options.settled?.(failed);
  const { tasks, failures } = options;
  const all = tasks.length + failures.length;
  if (all > 0 && failed.size === all) return { failed, leftOut: [] };
  const named = [
    ...failures.flatMap(({ occurrences }) => occurrences),
    ...tasks.flatMap(({ locked }) => (failed.has(locked.image) ? locked.occurrences : [])),
  ];
  const working = await withoutFailed(options.build, named);
  const build = await options.rewrite(working.build);
  const published = await publishMirror({ ...options, build });
  return { failed, leftOut: working.leftOut, published: { ...published, build } };
}

async function moveImages(options: MirrorContentOptions): Promise<ReadonlySet<string>> {
  const { tasks, failures, items, signal } = options;
  for (const { image, error, occurrences } of failures) {
    const namedBy = occurrences.map(({ file, pointer }) => `${file} ${pointer}`);
    items.set({ kind: "image", name: image, state: "failed", error, namedBy });
  }
  const progress = options.progress("Mirroring images");
  try {
    progress.total(tasks.length);
    progress.weigh(distinctBytes(tasks));
    const transfer = createTransfer({
      onBytes: (bytes) => progress.advance(bytes),
      ...(signal === undefined ? {} : { signal }),
    });
    const failed = await transferImages(tasks, { ...options, transfer, progress });
    return new Set([...failures.map(({ image }) => image), ...failed]);
  } finally {
    progress.end();
  }
}

/** Counts what several images share once. */
export function distinctBytes(tasks: readonly Pick<ImageTask, "graph">[]): number {
  const sizes = new Map<string, number>();
  for (const { graph } of tasks) {
    for (const { digest, size } of graph.blobs) sizes.set(digest, size);
    for (const { descriptor } of graph.manifests) sizes.set(descriptor.digest, descriptor.size);
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
