import { z } from "zod";
import { DevregError } from "../../errors.ts";
import {
  formatReference,
  isTag,
  parseImageReference,
  parseReference,
  type Reference,
} from "../../oci-client/index.ts";
import { LAYOUT_SCHEME, parseLayoutReference } from "../image-source.ts";

/** Where an image is written to. */
export type ImageTarget =
  | { readonly kind: "registry"; readonly reference: Reference; readonly tag: string }
  | { readonly kind: "layout"; readonly folder: string; readonly tag: string }
  /** Full names that the image gets when it is loaded; none leaves it without. */
  | { readonly kind: "archive"; readonly file: string; readonly names: readonly string[] };

/** "REF", "oci:DIR[:TAG]" or "docker-archive:FILE[:NAME:TAG]". */
export const imageTarget = z.string().transform((raw, context): ImageTarget => {
  try {
    return parseImageTarget(raw);
  } catch (error) {
    if (!(error instanceof DevregError)) throw error;
    const message = error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  }
});

/** Gives the name of an image as people know it. */
export function imageTargetName(target: ImageTarget): string {
  if (target.kind === "registry") return formatReference(target.reference);
  if (target.kind === "layout") return `${LAYOUT_SCHEME}${target.folder}:${target.tag}`;
  return `${ARCHIVE_SCHEME}${[target.file, ...target.names].join(":")}`;
}

const ARCHIVE_SCHEME = "docker-archive:";
const DEFAULT_TAG = "latest";

function parseImageTarget(text: string): ImageTarget {
  if (text.startsWith(LAYOUT_SCHEME)) return layoutTarget(text);
  if (text.startsWith(ARCHIVE_SCHEME)) return archiveTarget(text);
  const reference = parseReference(text);
  if (reference.digest !== undefined) throw unreadable(text, "The digest follows from the image");
  const { tag = DEFAULT_TAG } = reference;
  return { kind: "registry", reference: { ...reference, tag }, tag };
}

function layoutTarget(text: string): ImageTarget {
  const { folder, name: tag = DEFAULT_TAG } = parseLayoutReference(text);
  if (!isTag(tag)) throw unreadable(text, `"${tag}" is no tag; the form is oci:DIR[:TAG]`);
  return { kind: "layout", folder, tag };
}

function archiveTarget(text: string): ImageTarget {
  const [file = "", ...rest] = text.slice(ARCHIVE_SCHEME.length).split(":");
  const name = rest.join(":");
  if (file === "" || (rest.length > 0 && name === "")) {
    throw unreadable(text, "The form is docker-archive:FILE[:NAME:TAG]");
  }
  if (rest.length === 0) return { kind: "archive", file, names: [] };
  const reference = parseImageReference(name);
  if (reference.digest !== undefined) throw unreadable(text, "The digest follows from the image");
  return { kind: "archive", file, names: [formatReference(reference)] };
}

function unreadable(text: string, hint: string): DevregError {
  return new DevregError("USAGE", `Cannot write an image to "${text}"`, { hint });
}
