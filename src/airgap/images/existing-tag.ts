import { DevregError } from "../../errors.ts";
import type { Digest, ReadonlyRepository } from "../../oci-client/index.ts";
import { keepAliveTag } from "../target-paths.ts";

/**
 * What becomes of a tag that points elsewhere at the target: `owned` moves what devreg set and
 * refuses the rest; the others refuse, leave or move all.
 */
export type OnExistingTag = "owned" | "error" | "skip" | "overwrite";

/**
 * Tells whether a tag is to be pointed at an image: it does not point there yet, and there is none
 * or it may be moved. Everything that devreg mirrored has a tag that keeps it alive, so a tag that
 * points to something without one was set by somebody else.
 *
 * @param shown full name of the tag at the target, for messages
 * @throws {DevregError} INPUT_INVALID when it may not be moved
 */
export async function isToTag(
  target: ReadonlyRepository,
  tag: string,
  wanted: Digest,
  policy: OnExistingTag,
  shown: string,
): Promise<boolean> {
  if (policy === "overwrite") return true;
  const current = await target.resolve(tag);
  if (current === undefined) return true;
  if (current.digest === wanted || policy === "skip") return false;
  const owned = policy === "owned" && (await isOwned(target, current.digest));
  if (owned) return true;
  const whose = policy === "owned" ? ", which devreg did not put there" : "";
  throw new DevregError(
    "INPUT_INVALID",
    `Cannot set tag "${shown}": it points to ${current.digest}${whose}`,
    { hint: "Choose another prefix, or say --on-existing-tag overwrite or skip" },
  );
}

async function isOwned(target: ReadonlyRepository, digest: Digest): Promise<boolean> {
  const kept = await target.resolve(keepAliveTag(digest));
  return kept?.digest === digest;
}
