import type { Devfile } from "../devfile-yaml.ts";
import { type Finding, sortFindings, withoutEchoes } from "../findings.ts";
import type { Extra, Repository, SampleVersion, Stack } from "../repository.ts";
import { besideRules, devfileMeaningRules } from "./devfile/index.ts";
import { lifeOfExtra, lifeOfStack } from "./entry-life.ts";
import { entryRules, type PlacedEntry } from "./entry-rules.ts";
import { extraRules } from "./extra-rules.ts";
import { applyToContents, type ImportedContents } from "./imported-content.ts";
import { lifeRules } from "./life-rules.ts";
import { isOldDevfile, oldDevfile } from "./old-devfile.ts";
import { repositoryRules } from "./repository-rules.ts";
import { applyRules } from "./rule.ts";
import { schemaRules } from "./schema/index.ts";
import { stackRules } from "./stack-rules.ts";
import { versionRules } from "./version-rules.ts";

export type { PlacedEntry } from "./entry-rules.ts";
export type { ImportedContent, ImportedContents } from "./imported-content.ts";
export { nearWord } from "./near-word.ts";
export type { Issue, Place, Rule } from "./rule.ts";
export { hasBothDevfiles } from "./version-rules.ts";

/**
 * Applies every rule to a repository and to the entries its index would have; all findings, sorted.
 * Rules look only at what could be read; what could not was reported when it was read.
 *
 * @param imported what the devfiles that have parents or plugins come to
 * @param whole what the repository is part of, where only a part is looked at
 */
export function validate(
  repository: Repository,
  entries: readonly PlacedEntry[],
  imported: ImportedContents,
  whole: Repository = repository,
): Finding[] {
  const shape: Finding[] = [];
  const other = [...applyRules(repositoryRules, [whole]), ...applyRules(entryRules, entries)];
  const { stacks, extras } = repository;
  // One after the other: what was not used for a while has to be read from its file again.
  const parts = [
    ...stacks.map((stack) => ({ stacks: [stack], extras: [] })),
    ...extras.map((extra) => ({ stacks: [], extras: [extra] })),
  ];
  for (const part of parts) {
    const [entry] = [...part.stacks, ...part.extras];
    const found = (entry && JUDGED.get(entry)) ?? validateEntries(part, imported);
    shape.push(...found.shape);
    other.push(...found.other);
  }
  // Of a value whose shape is wrong there is nothing more to say.
  return sortFindings([...shape, ...withoutEchoes(other, shape)]);
}

/**
 * Judges a stack or sample as soon as it is read, when its values need not be read again for it;
 * {@link validate} then takes what was found. One that imports others has to wait for these.
 */
export function judgeAtOnce(entry: Stack | Extra): void {
  const part =
    "versions" in entry ? { stacks: [entry], extras: [] } : { stacks: [], extras: [entry] };
  const places = [...part.stacks.flatMap(({ versions }) => versions), ...samplesOf(part.extras)];
  if (places.some(({ devfile }) => devfile?.contents?.imports === true)) return;
  JUDGED.set(entry, validateEntries(part, new Map()));
}

/** What was found in some stacks or samples. */
interface EntryFindings {
  /** What is wrong with the shape of devfiles. */
  readonly shape: readonly Finding[];
  readonly other: readonly Finding[];
}

const JUDGED = new WeakMap<Stack | Extra, EntryFindings>();

function validateEntries(
  { stacks, extras }: Pick<Repository, "stacks" | "extras">,
  imported: ImportedContents,
): EntryFindings {
  const versions = stacks
    .filter(({ stackYaml }) => stackYaml === undefined || stackYaml.contents !== undefined)
    .flatMap((stack) => stack.versions);
  const all = [...versions, ...samplesOf(extras)].flatMap(({ devfile }) => devfile?.contents ?? []);
  const devfiles = all.filter((devfile) => !isOldDevfile(devfile));
  const lives = [...stacks.map(lifeOfStack), ...extras.map(lifeOfExtra)];
  const other = [
    ...applyRules(stackRules, stacks),
    ...applyRules(versionRules, versions),
    ...applyRules(besideRules, versions),
    ...applyToContents(devfileMeaningRules, devfiles, imported),
    ...applyRules([oldDevfile], all),
    ...applyRules(extraRules, extras),
    ...applyRules(lifeRules, lives),
  ];
  return { shape: applyRules(schemaRules, devfiles), other };
}

function samplesOf(extras: readonly Extra[]): readonly SampleVersion[] {
  return extras.flatMap(({ samples }) => samples);
}

/** Applies the rules on the shape of a devfile to one that another devfile imports. */
export function checkShape(devfile: Devfile): Finding[] {
  return applyRules(schemaRules, [devfile]);
}
