import { type Document, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { textOf } from "../../bytes.ts";
import { DevregError, describeError, InputError } from "../../errors.ts";
import { YAML_ALIASES } from "../../limits.ts";
import { MIRROR_RULES_BYTES } from "../../mirror-limits.ts";
import { parseImageReference } from "../../oci-client/index.ts";
import { schemaIssueText } from "../../schema-issue.ts";
import { byteRanges } from "./byte-ranges.ts";

/** Finds images in free text of a devfile. */
export interface ImageMatcher {
  readonly at: "env" | "args" | "commandLine";
  /** Glob of the names of environment variables; any without it. */
  readonly name?: string;
  /** Its one group is the image; without flags. */
  readonly pattern: RegExp;
}

/** An image to mirror though nothing names it. */
export interface ExtraImage {
  readonly image: string;
  /** Bytes of the rules that hold it. */
  readonly range: readonly [start: number, end: number];
}

/** What a person says of images: `mirror.yaml`. */
export interface MirrorRules {
  readonly matchers: readonly ImageMatcher[];
  /** Keys beside `image` whose values in manifests are images. */
  readonly searchKeys: readonly string[];
  readonly extraImages: readonly ExtraImage[];
  /** Images left alone, by a glob of the full name or of what is written. */
  readonly ignore: readonly { readonly image: string; readonly reason: string }[];
}

/** The rules of who has none. */
export const NO_RULES: MirrorRules = { matchers: [], searchKeys: [], extraImages: [], ignore: [] };

const text = z.string().min(1);
const pattern = text.transform((source, context) => {
  const state = patternFault(source);
  if (state === undefined) return new RegExp(source);
  context.addIssue({ code: "custom", message: state });
  return z.NEVER;
});
const image = text.superRefine((value, context) => {
  try {
    parseImageReference(value);
  } catch (error) {
    context.addIssue({ code: "custom", message: describeError(error) });
  }
});
const rulesSchema = z.strictObject({
  matchers: z
    .array(
      z.strictObject({
        at: z.enum(["env", "args", "commandLine"]),
        name: text.exactOptional(),
        pattern,
      }),
    )
    .default([]),
  searchKeys: z.array(text).default([]),
  extraImages: z.array(image).default([]),
  ignore: z.array(z.strictObject({ image: text, reason: text })).default([]),
});

/**
 * Reads `mirror.yaml`.
 *
 * @param file what messages call it
 * @throws {InputError} INPUT_INVALID with what is wrong and where
 * @throws {DevregError} LIMIT_EXCEEDED over MIRROR_RULES_BYTES
 */
export function parseMirrorRules(file: string, bytes: Uint8Array): MirrorRules {
  if (bytes.byteLength > MIRROR_RULES_BYTES) {
    const state = `over the limit of ${MIRROR_RULES_BYTES} bytes`;
    throw new DevregError("LIMIT_EXCEEDED", `Cannot read "${file}": ${state}`);
  }
  const source = textOf(bytes);
  const mark = source.startsWith("\ufeff") ? 1 : 0;
  const lines = new LineCounter();
  const document = parseDocument(source.slice(mark), { lineCounter: lines, prettyErrors: false });
  const refuse = (issues: readonly RulesFault[]) =>
    new InputError(
      `Cannot read "${file}": these are no rules of a mirror`,
      issues.map(({ offset, ...issue }) => {
        const { line, col } = lines.linePos(offset);
        return { file, line, column: col, ...issue };
      }),
    );
  if (document.errors.length > 0) {
    throw refuse(document.errors.map(({ message, pos }) => ({ offset: pos[0], message })));
  }
  const parsed = rulesSchema.safeParse(plainValue(document, refuse));
  if (!parsed.success) {
    const { issues } = parsed.error;
    throw refuse(
      issues.map((issue) => ({
        offset: offsetOf(document, issue.path),
        path: issue.path.map(String).join("."),
        message: schemaIssueText(issue),
      })),
    );
  }
  return { ...parsed.data, extraImages: placed(parsed.data.extraImages, source, document, mark) };
}

interface RulesFault {
  readonly offset: number;
  readonly message: string;
  readonly path?: string;
}

function plainValue(
  document: Document.Parsed,
  refuse: (issues: readonly RulesFault[]) => InputError,
): unknown {
  try {
    return document.toJS({ maxAliasCount: YAML_ALIASES }) ?? {};
  } catch (error) {
    throw refuse([{ offset: 0, message: describeError(error) }]);
  }
}

function placed(
  images: readonly string[],
  source: string,
  document: Document.Parsed,
  mark: number,
): readonly ExtraImage[] {
  const spans = images.map((_, index): readonly [number, number] => {
    const node = document.getIn(["extraImages", index], true);
    const [start = 0, end = 0] = isScalar(node) ? (node.range ?? []) : [];
    return [start + mark, end + mark];
  });
  const ranges = byteRanges(source, spans);
  return images.map((each, index) => ({ image: each, range: ranges[index] ?? [0, 0] }));
}

function patternFault(source: string): string | undefined {
  try {
    // With an empty alternative it matches anything, and says how many groups there are.
    const groups = (new RegExp(`${source}|`).exec("")?.length ?? 1) - 1;
    return groups === 1 ? undefined : `the pattern has ${groups} groups; one must be the image`;
  } catch (error) {
    return describeError(error);
  }
}

/** Gives the nearest place of a path that is there. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return 0;
}
