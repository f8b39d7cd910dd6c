import { LineCounter } from "yaml";
import { textOf, utf8 } from "../../bytes.ts";
import { boundFindings, type Finding } from "../../generator/index.ts";
import { FILE_FINDINGS, YAML_BYTES } from "../../limits.ts";
import { DOCKERFILE_BYTES, FILE_IMAGES } from "../../mirror-limits.ts";
import type { ImageOccurrence } from "../occurrence.ts";
import { byteRanges } from "./byte-ranges.ts";
import { classify, type ReferenceContext } from "./classify.ts";
import { findDockerfileMentions } from "./dockerfile-mentions.ts";
import { findManifestMentions } from "./manifest-mentions.ts";
import type { Mention } from "./mention.ts";

/** An image named in a file: where in its text, and what becomes of it. */
export interface FoundImage<Found extends Mention = Mention> {
  readonly mention: Found;
  readonly occurrence: ImageOccurrence;
}

/** What a file says of images. */
export interface FileImages<Found extends Mention = Mention> {
  /** In the order of the file. */
  readonly images: readonly FoundImage<Found>[];
  readonly findings: readonly Finding[];
}

/** What the references of a file depend on. */
export interface FileContext extends ReferenceContext {
  /** Build arguments that the devfile gives. */
  readonly passed?: ReadonlyMap<string, string>;
}

/** Finds the images that the Kubernetes objects of a file name. */
export function manifestImages(
  file: string,
  bytes: Uint8Array,
  context: ReferenceContext,
): FileImages {
  const text = readableText(file, bytes, YAML_BYTES);
  if (typeof text !== "string") return { images: [], findings: [text] };
  const { mentions, faults } = findManifestMentions(text, context.rules.searchKeys);
  const { images, findings } = classified(file, text, mentions, context);
  const positionOf = positionsIn(text);
  const unread = faults.map(({ at, message }) => ({
    ...notRead(file, message),
    ...positionOf(at),
  }));
  return { images, findings: [...findings, ...unread] };
}

/** Finds the images that a Dockerfile is built from. */
export function dockerfileImages(
  file: string,
  bytes: Uint8Array,
  context: FileContext,
): FileImages {
  const text = readableText(file, bytes, DOCKERFILE_BYTES);
  if (typeof text !== "string") return { images: [], findings: [text] };
  const mentions = findDockerfileMentions(text, context.passed);
  return classified(file, text, mentions, context);
}

/** Decides what becomes of the mentions of a file. */
export function classified<Found extends Mention>(
  file: string,
  text: string,
  mentions: readonly Found[],
  context: ReferenceContext,
): FileImages<Found> {
  const kept = mentions.slice(0, FILE_IMAGES);
  const ranges = byteRanges(
    text,
    kept.map(({ start, end }) => [start, end]),
  );
  const positionOf = positionsIn(text);
  const findings: Finding[] = [];
  const report = boundFindings((finding) => findings.push(finding), FILE_FINDINGS);
  const images = kept.map((mention, index): FoundImage<Found> => {
    const { finding, ...verdict } = classify(mention, context);
    if (finding !== undefined) {
      report({ ...finding, file, ...positionOf(mention.start), path: mention.pointer });
    }
    const { pointer, kind, text: written } = mention;
    const range = ranges[index] ?? [0, 0];
    return { mention, occurrence: { file, pointer, range, text: written, kind, ...verdict } };
  });
  const next = mentions[FILE_IMAGES];
  if (next !== undefined) {
    const message = `it names over ${FILE_IMAGES} images; the rest was not looked at`;
    findings.push({ ...notRead(file, message), ...positionOf(next.start) });
  }
  return { images, findings };
}

/** Says that images of a file were not looked for. */
export function notRead(file: string, state: string): Finding {
  const message = `Cannot find images in "${file}": ${state}`;
  return { severity: "warning", rule: "images-not-read", file, message };
}

function readableText(file: string, bytes: Uint8Array, limit: number): string | Finding {
  if (bytes.byteLength > limit) {
    return notRead(file, `${bytes.byteLength} bytes, over the limit of ${limit}`);
  }
  const text = textOf(bytes);
  // Decoding replaces what is not UTF-8, and then every range would be off.
  return Buffer.compare(utf8(text), bytes) === 0 ? text : notRead(file, "it is not UTF-8");
}

/** Lines and columns count from 1. */
function positionsIn(text: string): (offset: number) => Pick<Finding, "line" | "column"> {
  const lines = new LineCounter();
  const mark = text.startsWith("\ufeff") ? 1 : 0;
  lines.addNewLine(mark);
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    lines.addNewLine(at + 1);
  }
  return (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
}
