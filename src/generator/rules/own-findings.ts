import type { Finding } from "../findings.ts";
import { goJson } from "../go-json.ts";
import type { NamedImage } from "../named-images.ts";
import type { Extra, Repository, Stack, StackVersion } from "../repository.ts";
import type { PlacedEntry } from "../validate/index.ts";
import type { YamlNode } from "../yaml/index.ts";
import { imageFindings } from "./image-rules.ts";
import type { ValueIssue } from "./json-schema.ts";
import type { ReadRules } from "./read-rules.ts";
import { OWN_RULES, type RulesFile } from "./rules-file.ts";

/** What a repository's own rules look at. */
export interface RulesSubject {
  readonly repository: Repository;
  readonly entries: readonly PlacedEntry[];
  /** Every image that a file names; asked for only where a rule is about images. */
  readonly images: () => Promise<readonly NamedImage[]>;
}

/** Applies a repository's own rules; what they say are errors until the file says otherwise. */
export async function ownFindings(
  { file, fragments }: ReadRules,
  { repository, entries, images }: RulesSubject,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const holders = [...versionHolders(repository), ...repository.extras.flatMap(extraHolders)];
  for (const holder of holders) {
    findings.push(...metadataFindings(file, holder), ...architectureFindings(file, holder));
  }
  for (const { rule, of, hint, judge } of fragments) {
    const add = (issue: ValueIssue, node: Pick<YamlNode, "find"> | PlacedEntry) =>
      findings.push({
        ...{ severity: "error", rule, ...placeOf(issue, node) },
        ...(hint === undefined ? {} : { hint }),
      });
    for (const subject of of === "entry" ? entries : devfilesOf(repository)) {
      const value = "entry" in subject ? parsedEntry(subject) : subject.value();
      for (const issue of judge(value)) add(issue, subject);
    }
  }
  if (file.images !== undefined) findings.push(...imageFindings(file.images, await images()));
  return findings;
}

/** Something that metadata is declared for: where it may stand, the first place being the usual one. */
interface Holder {
  readonly places: readonly YamlNode[];
}

function versionHolders({ stacks }: Repository): Holder[] {
  return stacks.flatMap((stack) => stack.versions.flatMap((version) => holderOf(stack, version)));
}

function holderOf({ stackYaml }: Stack, { devfile, declared }: StackVersion): Holder[] {
  if (devfile?.contents === undefined) return [];
  const above = stackYaml?.contents?.node;
  const further = [declared?.node, above].filter((node) => node !== undefined);
  return [{ places: [devfile.contents.metadata, ...further] }];
}

function extraHolders({ entry }: Extra): Holder[] {
  if (entry.versions.length === 0) return [{ places: [entry.node] }];
  return entry.versions.map(({ node }) => ({ places: [node, entry.node] }));
}

function metadataFindings({ metadata }: RulesFile, { places }: Holder): Finding[] {
  const [usual] = places;
  if (metadata === undefined || usual === undefined) return [];
  const missing = metadata.required.filter(
    (field) => !places.some((node) => isSet(node.get(field))),
  );
  return missing.map((field) => ({
    severity: "error",
    rule: OWN_RULES.metadata,
    ...usual.get(field).position(),
    message: `${field} is missing; this repository asks for it`,
    hint: `Add ${field}`,
  }));
}

function architectureFindings({ architectures }: RulesFile, { places }: Holder): Finding[] {
  const [usual] = places;
  if (architectures === undefined || usual === undefined) return [];
  const node = places.map((place) => place.get("architectures")).find(isSet);
  const declared = node?.isList === true ? node.items().map((item) => textOf(item)) : [];
  const message = architectureFault(architectures, declared);
  if (message === undefined) return [];
  const at = (node ?? usual.get("architectures")).position();
  const hint = "Add what the images run on, and change those that do not run there";
  return [{ severity: "error", rule: OWN_RULES.architectures, ...at, message, hint }];
}

function architectureFault(
  { allOf = [], anyOf = [] }: NonNullable<RulesFile["architectures"]>,
  declared: readonly string[],
): string | undefined {
  if (declared.length === 0) return "no architectures are declared; this repository asks for them";
  const missing = allOf.filter((each) => !declared.includes(each));
  if (missing.length > 0) return `${missing.join(" and ")} must be among the architectures`;
  const isMet = anyOf.length === 0 || anyOf.some((each) => declared.includes(each));
  return isMet ? undefined : `one of ${anyOf.join(", ")} must be among the architectures`;
}

function isSet(node: YamlNode): boolean {
  if (node.isList) return node.items().length > 0;
  return node.isMap ? node.entries().length > 0 : textOf(node) !== "";
}

function textOf(node: YamlNode): string {
  return node.isScalar ? (node.text() ?? "") : "";
}

function devfilesOf({ stacks, extras }: Repository): YamlNode[] {
  const versions = [
    ...stacks.flatMap((each) => each.versions),
    ...extras.flatMap((each) => each.samples),
  ];
  return versions.flatMap(({ devfile }) => devfile?.contents?.node ?? []);
}

/** Gives an entry as index.json has it. */
function parsedEntry({ entry }: PlacedEntry): unknown {
  return JSON.parse(goJson(entry));
}

/** A value of the index is not where a file has it, so it is named in the message. */
function placeOf(
  { path, message }: ValueIssue,
  subject: Pick<YamlNode, "find"> | PlacedEntry,
): Omit<Finding, "severity" | "rule"> {
  if ("find" in subject) {
    const last = path.at(-1);
    const said =
      last === undefined ? message : `${typeof last === "number" ? "it" : last} ${message}`;
    return { ...subject.find(path).position(), message: said };
  }
  const name = path.length === 0 ? "the entry" : path.join(".");
  return { ...subject.at, message: `in the index, ${name} of "${subject.entry.name}" ${message}` };
}
