import { textOf } from "../../bytes.ts";
import { InputError } from "../../errors.ts";
import type { Finding } from "../../generator/index.ts";
import { readDevfileRoot, type YamlNode } from "../../generator/rewrite/index.ts";
import { BuildOutputs } from "./build-outputs.ts";
import type { ReferenceContext } from "./classify.ts";
import {
  builtImages,
  type DevfileDocument,
  devfileDocuments,
  devfileVariables,
} from "./devfile-documents.ts";
import { type DevfileMention, findDevfileMentions } from "./devfile-mentions.ts";
import { classified, type FileImages, notRead } from "./file-images.ts";
import type { MirrorRules } from "./mirror-rules.ts";

/** What a devfile says of images, and what it takes to look into the files that it names. */
export interface DevfileImages extends FileImages<DevfileMention> {
  readonly text: string;
  /** Undefined when it is no devfile. */
  readonly root: YamlNode | undefined;
  readonly documents: readonly DevfileDocument[];
  /** For references in the files that belong to the devfile. */
  readonly context: ReferenceContext;
}

/**
 * Finds the images that a devfile names.
 *
 * @param original whether to read what its author wrote, where images were renamed
 * @throws {DevregError} INPUT_INVALID when originals are asked for and what keeps them is broken
 */
export function devfileImages(
  file: string,
  bytes: Uint8Array,
  rules: MirrorRules,
  original = false,
): DevfileImages {
  const text = textOf(bytes);
  const root = parseRoot(file, text);
  if (Array.isArray(root)) {
    const context = { rules, variables: new Map(), outputs: new BuildOutputs([]) };
    return { text, root: undefined, images: [], findings: root, documents: [], context };
  }
  const variables = devfileVariables(root);
  const outputs = new BuildOutputs(builtImages(root, variables));
  const context = { rules, variables, outputs };
  const { mentions, faults } = findDevfileMentions(root, { text, rules, original });
  const { images, findings } = classified(file, text, mentions, context);
  const unread = faults.map(({ message, ...at }) => ({ ...notRead(file, message), ...at }));
  const documents = devfileDocuments(root, variables);
  return { text, root, images, findings: [...findings, ...unread], documents, context };
}

function parseRoot(file: string, text: string): YamlNode | Finding[] {
  try {
    return readDevfileRoot(file, text);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.issues.map((issue) => ({
      ...issue,
      severity: "error" as const,
      rule: "images-not-read",
    }));
  }
}
