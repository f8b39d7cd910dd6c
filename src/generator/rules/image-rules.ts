import { matchesGlob } from "../../glob.ts";
import { parseReference, type Reference } from "../../oci-client/index.ts";
import type { Finding } from "../findings.ts";
import type { NamedImage } from "../named-images.ts";
import { OWN_RULES, type RulesFile } from "./rules-file.ts";

type ImageRules = NonNullable<RulesFile["images"]>;

/** Applies the rules of a repository that are about images. */
export function imageFindings(rules: ImageRules, images: readonly NamedImage[]): Finding[] {
  return images.flatMap((named) => {
    const reference = parseReference(named.image);
    return [
      ...hostFindings(rules, named, reference),
      ...tagFindings(rules, named, reference),
      ...digestFindings(rules, named, reference),
    ];
  });
}

function hostFindings(
  { allow, deny = [] }: ImageRules,
  named: NamedImage,
  { registry, repository }: Reference,
): Finding[] {
  const name = plainName(`${registry}/${repository}`);
  const matches = (pattern: string) => {
    const plain = plainName(pattern);
    return matchesGlob(plain, name) || matchesGlob(`${plain}/*`, name);
  };
  const denied = deny.find(matches);
  if (denied !== undefined) {
    const message = `the image "${named.text}" comes from ${denied}, which this repository forbids`;
    const hint = allow === undefined ? "Use a copy elsewhere" : `Use a copy at ${allow.join(", ")}`;
    return [{ severity: "error", rule: OWN_RULES.host, ...named.at, message, hint }];
  }
  if (allow === undefined || allow.some(matches)) return [];
  const message = `the image "${named.text}" comes from ${registry}, which this repository does not allow`;
  const hint = `Allowed here: ${allow.join(", ")}`;
  return [{ severity: "error", rule: OWN_RULES.host, ...named.at, message, hint }];
}

/** Gives a name, or what is to match names, as all that mean the same registry have it. */
function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/^([^/]*):443(?=\/|$)/, "$1")
    .replace(/^(?:index|registry-1)\.docker\.io(?=\/|$)/, "docker.io")
    .replace(/\/+$/, "");
}

function tagFindings(
  { floatingTags }: ImageRules,
  named: NamedImage,
  { tag = "", digest }: Reference,
): Finding[] {
  if (floatingTags === undefined || digest !== undefined) return [];
  const { isUntagged, text } = named;
  const floats = isUntagged || floatingTags.some((pattern) => matchesGlob(pattern, tag));
  if (!floats) return [];
  const state = isUntagged ? 'no tag, which means "latest"' : `the floating tag "${tag}"`;
  const message = `the image "${text}" has ${state}`;
  const hint = "Name a tag that always means the same image, or a digest";
  return [{ severity: "error", rule: OWN_RULES.tag, ...named.at, message, hint }];
}

function digestFindings(
  { digests }: ImageRules,
  named: NamedImage,
  { digest }: Reference,
): Finding[] {
  if (digests !== true || digest !== undefined) return [];
  const message = `the image "${named.text}" has no digest`;
  const hint = "Add what the tag stands for: NAME:TAG@sha256:…";
  return [{ severity: "error", rule: OWN_RULES.digest, ...named.at, message, hint }];
}
