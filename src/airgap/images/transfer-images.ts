import { eachBounded } from "../../concurrent.ts";
import { DevregError, describeError } from "../../errors.ts";
import type { Logger } from "../../log.ts";
import { IMAGES_AT_ONCE } from "../../mirror-limits.ts";
import {
  type BlobMounter,
  type ContentSource,
  type ImageGraph,
  parseReference,
  type Repository,
  type Transfer,
} from "../../oci-client/index.ts";
import type { Progress } from "../../progress.ts";
import type { LockedImage } from "../lock.ts";
import type { MirrorItems } from "../mirror-report.ts";
import { keepAliveTag } from "../target-paths.ts";
import { isToTag, type OnExistingTag } from "./existing-tag.ts";

/** One image, on its way from a source to a target. */
export interface ImageTask {
  readonly locked: LockedImage;
  readonly graph: ImageGraph;
  readonly source: ContentSource;
  readonly target: Repository & Partial<BlobMounter>;
  /** The repository as the target's registry calls it. */
  readonly repository: string;
  /** Full name at the target for people; absent in a bundle. */
  readonly shown?: string;
}

/** How images are transferred. */
export interface ImageTransferOptions {
  readonly transfer: Transfer;
  /** Sets a tag that keeps each root from being collected; for registries. */
  readonly keepAlive: boolean;
  readonly onExistingTag: OnExistingTag;
  readonly items: MirrorItems;
  readonly progress: Progress;
  readonly log: Logger;
  readonly nowMs: () => number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Brings images to where they go, several at once. An image that fails does not stop the others.
 *
 * @returns the full names of the images that did not get there
 * @throws {DevregError} ABORTED by the signal
 */
export async function transferImages(
  tasks: readonly ImageTask[],
  options: ImageTransferOptions,
): Promise<ReadonlySet<string>> {
  const failed = new Set<string>();
  for (const task of tasks) options.items.set({ ...itemOf(task), state: "pending" });
  await eachBounded(tasks, IMAGES_AT_ONCE, async (task) => {
    throwIfAborted(options.signal);
    if (!(await transferImage(task, options))) failed.add(task.locked.image);
    options.progress.done(task.locked.image);
  });
  return failed;
}

async function transferImage(task: ImageTask, options: ImageTransferOptions): Promise<boolean> {
  const startedMs = options.nowMs();
  const { graph, source, target, repository } = task;
  try {
    const { tag } = parseReference(task.locked.image);
    const shown = task.shown ?? `${repository}:${tag}`;
    const { digest } = graph.root;
    const sets =
      tag !== undefined && (await isToTag(target, tag, digest, options.onExistingTag, shown));
    const cost = await options.transfer.copyImage(graph, source, target, {
      name: repository,
      tags: sets ? [tag] : [],
      ...(options.keepAlive ? { keepAlive: keepAliveTag(digest) } : {}),
    });
    options.items.set({
      ...itemOf(task),
      state: "done",
      ...cost,
      ms: Math.round(options.nowMs() - startedMs),
    });
    return true;
  } catch (error) {
    if (error instanceof DevregError && error.code === "ABORTED") throw error;
    options.log.warn(`Cannot mirror "${task.locked.image}"`, { reason: describeError(error) });
    options.items.set(failedItem(task, error, Math.round(options.nowMs() - startedMs)));
    return false;
  }
}

function itemOf({ locked, shown }: ImageTask) {
  const target = shown === undefined ? {} : { target: shown };
  return { kind: "image" as const, name: locked.image, ...target };
}

function failedItem(task: ImageTask, error: unknown, ms: number) {
  const namedBy = task.locked.occurrences.map(({ file, pointer }) => `${file} ${pointer}`);
  return { ...itemOf(task), state: "failed" as const, error, ms, namedBy };
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new DevregError("ABORTED", "Cannot mirror images: interrupted", {
    hint: "Run it again: what is there is not sent again",
  });
}
