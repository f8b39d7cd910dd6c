import { eachBounded } from "../../concurrent.ts";
import {
  type Build,
  OverlaidFiles,
  packStackArtifacts,
  stackDigests,
} from "../../generator/index.ts";
import { SOURCE_CONCURRENCY } from "../../limits.ts";
import { findPlaces, type MirrorRules } from "../discover/index.ts";
import { moveDocuments } from "./move-documents.ts";
import type { ImageNaming } from "./new-reference.ts";
import { rewritePlace } from "./rewrite-place.ts";

/** How images are named anew, and where they are looked for. */
export interface RewriteImagesOptions extends ImageNaming {
  readonly rules: MirrorRules;
}

/** A build whose devfiles name images anew. */
export interface RewrittenBuild {
  readonly build: Build;
  /** How many places name another image than they did. */
  readonly changed: number;
}

/**
 * Lets the devfiles of a build, and the manifests and Dockerfiles that they bring, name images
 * elsewhere. Doing it again changes nothing. Devfiles start from what their authors wrote when names
 * change again; manifests and Dockerfiles keep the names that they got.
 *
 * @throws {DevregError} INPUT_INVALID when an image is written so that it cannot be replaced, or
 *   what keeps the original of a devfile is broken; USAGE when a new name is no image reference
 */
export async function rewriteImages(
  build: Build,
  options: RewriteImagesOptions,
): Promise<RewrittenBuild> {
  const places = await eachBounded(await findPlaces(build), SOURCE_CONCURRENCY, (place) =>
    rewritePlace(build, place, options),
  );
  const changed = places.reduce((sum, place) => sum + place.changed, 0);
  const files = new OverlaidFiles(build.files, new Map(places.flatMap((each) => [...each.files])));
  const renamed = changed === 0 ? build : { ...build, files };
  const shared = places.flatMap((place) => place.shared);
  const moved = await moveDocuments(renamed, shared, options);
  return { build: await withDigests(build, moved.build), changed: changed + moved.changed };
}

async function withDigests(former: Build, build: Build): Promise<Build> {
  if (build === former || build.info === undefined) return build;
  const { artifacts } = await packStackArtifacts(build);
  return { ...build, info: { ...build.info, stacks: stackDigests(artifacts) } };
}
