import { DevregError } from "../../errors.ts";
import type { Finding } from "../../generator/index.ts";
import { matchesGlob } from "../../glob.ts";
import { formatImage, isUntagged } from "../../oci-client/index.ts";
import type { ImageOccurrence } from "../occurrence.ts";
import type { BuildOutputs } from "./build-outputs.ts";
import type { Mention } from "./mention.ts";
import type { MirrorRules } from "./mirror-rules.ts";
import { substituteVariables } from "./variables.ts";

/** What the meaning of a reference depends on, besides itself. */
export interface ReferenceContext {
  readonly rules: MirrorRules;
  /** Of the devfile that the file belongs to. */
  readonly variables: ReadonlyMap<string, string>;
  /** Of the same devfile. */
  readonly outputs: BuildOutputs;
}

/** What becomes of a mention, and what is to be said of it. */
export interface Verdict extends Pick<ImageOccurrence, "class" | "reason" | "image"> {
  readonly finding?: Pick<Finding, "severity" | "rule" | "message" | "hint">;
}

/** Decides what becomes of a mention. */
export function classify(mention: Mention, context: ReferenceContext): Verdict {
  const { text, role } = mention;
  if (mention.ignored !== undefined) return { class: "ignored", reason: mention.ignored };
  const { value, missing } = substituteVariables(mention.value, context.variables);
  if (context.outputs.has(value)) {
    return { class: "build-output", reason: "the devfile builds it" };
  }
  const rule = context.rules.ignore.find(
    ({ image }) => matchesGlob(image, text) || matchesGlob(image, fullName(value) ?? value),
  );
  if (rule !== undefined) return { class: "ignored", reason: rule.reason };
  if (mention.missing !== undefined || missing !== undefined) return open(mention, missing);
  return pulled(text, value, role);
}

function open({ text, missing: argument }: Mention, variable: string | undefined): Verdict {
  const what = argument === undefined ? `variable "${variable}"` : `build argument "${argument}"`;
  return {
    class: "templated",
    reason: `the ${what} has no value`,
    finding: {
      severity: "error",
      rule: "image-variable",
      message: `Cannot tell which image "${text}" is: the ${what} has no value`,
      hint:
        argument === undefined
          ? 'Give it a value under "variables" of the devfile, or ignore the image in mirror.yaml'
          : "Give it a default in the Dockerfile, or ignore the image in mirror.yaml",
    },
  };
}

function pulled(text: string, value: string, role: string): Verdict {
  try {
    const verdict = { class: "pull" as const, reason: role, image: formatImage(value) };
    if (!isUntagged(value)) return verdict;
    const finding = {
      severity: "warning" as const,
      rule: "image-untagged",
      message: `the image "${text}" has neither tag nor digest; "latest" is meant`,
      hint: "Name a tag or a digest, so that it stays the same image",
    };
    return { ...verdict, reason: `${role}; without a tag "latest" is meant`, finding };
  } catch (error) {
    if (!(error instanceof DevregError)) throw error;
    return {
      class: "ignored",
      reason: `no image reference: ${text}`,
      finding: {
        severity: "error",
        rule: "image-reference",
        message: error.message,
        hint: error.hint ?? "Correct it, or ignore it in mirror.yaml",
      },
    };
  }
}

function fullName(value: string): string | undefined {
  try {
    return formatImage(value);
  } catch {
    // A rule can mean it as it is written.
    return undefined;
  }
}
