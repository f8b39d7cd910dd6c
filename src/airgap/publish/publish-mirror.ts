import { describeError } from "../../errors.ts";
import {
  type Build,
  INDEX_REPOSITORY,
  LATEST_TAG,
  type PublishReport,
  packIndexArtifact,
  packStackArtifacts,
  publishBuild,
} from "../../generator/index.ts";
import type { Logger } from "../../log.ts";
import type { Registry } from "../../oci-client/index.ts";
import type { StartProgress } from "../../progress.ts";
import { IMAGE_REPOSITORY } from "../bundle/bundle-format.ts";
import type { StoredImage } from "../image/index.ts";
import type { MirrorItems } from "../mirror-report.ts";

/** Puts the offline registry image, with this build in it, at its place below the target. */
export type PutRegistryImage = (build: Build, tags: readonly string[]) => Promise<StoredImage>;

/** What is published when the images are there. */
export interface PublishMirrorOptions {
  /** Names only what is there, and the way it is named there. */
  readonly build: Build;
  /** Its names are below the prefix. */
  readonly target: Registry;
  /** How the target is called: "registry.internal:5000/mirror". */
  readonly shown: string;
  /** Undefined when there is no offline registry image. */
  readonly putImage?: PutRegistryImage | undefined;
  /** Whether the target takes names of two parts below the prefix, as stacks and index have. */
  readonly takesStacks: boolean;
  readonly items: MirrorItems;
  readonly log: Logger;
  readonly progress: StartProgress;
  readonly signal?: AbortSignal | undefined;
}

const INDEX_NAME = `${INDEX_REPOSITORY}:${LATEST_TAG}`;

/** What came of publishing. */
export interface PublishedMirror {
  /** Undefined when the target does not take them; the offline registry image has them too. */
  readonly stacks: PublishReport | undefined;
  /** Tags of the offline registry image that is there now. */
  readonly imageTags: readonly string[];
}

/**
 * Publishes the registry after its images: the offline registry image, then stacks, the index last.
 *
 * @throws {DevregError} ABORTED; everything else becomes an item
 */
export async function publishMirror(options: PublishMirrorOptions): Promise<PublishedMirror> {
  const { build, target, log, progress, signal } = options;
  const imageTags = await putImage(options);
  if (!options.takesStacks) {
    options.items.set({ kind: "index", name: INDEX_NAME, state: "kept-back" });
    return { stacks: undefined, imageTags };
  }
  const artifacts = await packStackArtifacts(build);
  const index = await packIndexArtifact(build, artifacts);
  const stacks = await publishBuild(artifacts, index, target, {
    log,
    progress,
    ...(signal === undefined ? {} : { signal }),
  });
  reportStacks(options, stacks);
  return { stacks, imageTags };
}

/** Gives the tags of the offline registry image: the start of its commit, where known, and latest. */
export function registryImageTags(build: Build): readonly string[] {
  const { sources = [] } = build.info ?? {};
  const [only, ...others] = sources;
  const commit = others.length === 0 ? only?.commit_hash : undefined;
  return [...(commit === undefined ? [] : [commit.slice(0, COMMIT_CHARS)]), "latest"];
}

const COMMIT_CHARS = 12;

async function putImage(options: PublishMirrorOptions): Promise<readonly string[]> {
  const { build, items, log, shown } = options;
  if (options.putImage === undefined) return [];
  const tags = registryImageTags(build);
  const name = `${IMAGE_REPOSITORY}:${tags[0]}`;
  const item = { kind: "registry-image" as const, name, target: `${shown}/${name}` };
  items.set({ ...item, state: "pending" });
  try {
    const { platforms, leftOut } = await options.putImage(build, tags);
    items.set({ ...item, state: "done", platforms, platformsLeftOut: leftOut });
    return tags;
  } catch (error) {
    log.warn("Cannot publish the offline registry image", { reason: describeError(error) });
    items.set({ ...item, state: "failed", error });
    return [];
  }
}

function reportStacks({ items, shown }: PublishMirrorOptions, report: PublishReport): void {
  for (const name of Object.keys(report.digests)) {
    const kind = name.startsWith("devreg/") ? "index" : "stack";
    items.set({ kind, name, target: `${shown}/${name}`, state: "done" });
  }
  for (const { name, error } of [...report.failures, ...report.rejected]) {
    items.set({ kind: "stack", name, target: `${shown}/${name}`, state: "failed", error });
  }
  if (report.index === "kept-back") {
    items.set({ kind: "index", name: INDEX_NAME, state: "kept-back" });
  }
}
