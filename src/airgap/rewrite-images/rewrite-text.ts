import { DevregError } from "../../errors.ts";
import type { FileImages, FoundImage, Mention, ReferenceContext } from "../discover/index.ts";
import { substituteVariables } from "../discover/index.ts";
import { type ImageNaming, newReference } from "./new-reference.ts";

/** A new name at a place of a text. */
export interface RenamedImage<Found extends Mention = Mention> {
  readonly mention: Found;
  readonly text: string;
}

/** Gives the new names of the images of a file that are pulled and named anew. */
export function renamedImages<Found extends Mention>(
  images: readonly FoundImage<Found>[],
  { variables }: Pick<ReferenceContext, "variables">,
  naming: ImageNaming,
): readonly RenamedImage<Found>[] {
  return images.flatMap(({ mention, occurrence }) => {
    if (occurrence.class !== "pull") return [];
    const text = newReference(substituteVariables(mention.value, variables).value, naming);
    return text === undefined ? [] : [{ mention, text }];
  });
}

/** Puts new names in the place of old ones; what two mentions share is written once. */
export function spliceImages(text: string, renamed: readonly RenamedImage[]): string {
  const ordered = [...renamed].sort((a, b) => a.mention.start - b.mention.start);
  const parts: string[] = [];
  let at = 0;
  for (const { mention, text: name } of ordered) {
    if (mention.start < at) continue;
    parts.push(text.slice(at, mention.start), name);
    at = mention.end;
  }
  return `${parts.join("")}${text.slice(at)}`;
}

/**
 * Proves that a rewritten file names what it should and all else as before.
 *
 * @throws {DevregError} INPUT_INVALID when it does not
 */
export function proveRenamed(
  file: string,
  before: FileImages,
  after: FileImages,
  renamed: readonly RenamedImage[],
): void {
  const names = new Map(renamed.map(({ mention, text }) => [mention, text]));
  const isSame =
    before.images.length === after.images.length &&
    before.images.every(({ mention }, index) => {
      const now = after.images[index]?.mention;
      return now?.pointer === mention.pointer && now.text === (names.get(mention) ?? mention.text);
    });
  if (isSame) return;
  throw new DevregError(
    "INPUT_INVALID",
    `Cannot rename images in "${file}": it would name others than it should`,
    { hint: "Write images on one line and without escapes" },
  );
}
