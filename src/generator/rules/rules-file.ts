import { z } from "zod";

/** The file of a registry repository with its own rules. */
export const RULES_FILE = "devreg.rules.yaml";
/** What the names of rules of a repository's own begin with. */
export const OWN_RULE = "repo/";

/** The rules that a repository can switch on, by what they are called in reports. */
export const OWN_RULES = {
  host: `${OWN_RULE}image-host`,
  tag: `${OWN_RULE}image-tag`,
  digest: `${OWN_RULE}image-digest`,
  metadata: `${OWN_RULE}metadata-required`,
  architectures: `${OWN_RULE}architectures`,
} as const;

/** Fields that devfiles have in metadata, and entries of extraDevfileEntries.yaml themselves. */
const METADATA_FIELDS = [
  ...["name", "version", "displayName", "description", "tags", "architectures", "icon"],
  ...["globalMemoryLimit", "projectType", "language", "website", "provider", "supportUrl"],
] as const;
/** Spec: devfile 2.x, metadata.architectures. */
const ARCHITECTURES = ["amd64", "arm64", "ppc64le", "s390x"] as const;
const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

const text = z.string().trim().min(1);
const texts = z.array(text).min(1);
const architectures = z.array(z.enum(ARCHITECTURES)).min(1);

const hosts = z
  .array(text.refine((value) => !value.includes("://"), "is an address: write the host alone"))
  .min(1);
const images = z.strictObject({
  allow: hosts.optional(),
  deny: hosts.optional(),
  floatingTags: texts.optional(),
  digests: z.boolean().optional(),
});
const metadata = z.strictObject({ required: z.array(z.enum(METADATA_FIELDS)).min(1) });
const platforms = z.strictObject({
  allOf: architectures.optional(),
  anyOf: architectures.optional(),
});
const fragment = z.strictObject({
  name: z.string().regex(NAME, "is no name in lower case, joined by -"),
  of: z.enum(["devfile", "entry"]).default("devfile"),
  schema: z.unknown().refine((value) => value !== null && value !== undefined, "is missing"),
  hint: text.optional(),
});
// YAML 1.1 reads an unquoted off as false.
const level = z.preprocess(
  (value) => (value === false ? "off" : value),
  z.enum(["error", "warning", "off"]),
);
const exemption = z.strictObject({ paths: texts, rules: texts, reason: text });

/** Accepts devreg.rules.yaml. */
export const rulesSchema = z.strictObject({
  images: images.optional(),
  metadata: metadata.optional(),
  architectures: platforms.optional(),
  schemas: z.array(fragment).default([]),
  severity: z.record(z.string(), level).default({}),
  exempt: z.array(exemption).default([]),
});

/** The keys known at a place of the file: "" for its top, "exempt[]" for the items of a list. */
export const KNOWN_KEYS: Readonly<Record<string, readonly string[]>> = {
  "": Object.keys(rulesSchema.shape),
  images: Object.keys(images.shape),
  metadata: Object.keys(metadata.shape),
  architectures: Object.keys(platforms.shape),
  "schemas[]": Object.keys(fragment.shape),
  "exempt[]": Object.keys(exemption.shape),
};

/** Contents of devreg.rules.yaml. */
export type RulesFile = z.output<typeof rulesSchema>;
/** What a rule's findings are to count as. */
export type Level = z.output<typeof level>;
/** Files that rules do not hold for. */
export type Exemption = z.output<typeof exemption>;
