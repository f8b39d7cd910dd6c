import { isUnchanged, itemName } from "../../../generator/index.ts";
import { changeWords, sourceChanges } from "./diff-values.ts";
import type { ComparedBuild } from "./outcome.ts";

/** Renders how a build differs from an older one, for people. */
export function diffLines({ against, diff }: ComparedBuild): string[] {
  if (diff === undefined) return [`not compared with ${against}: there is no build`];
  const { added, removed, changed, samples, sources } = diff;
  return [
    ...(isUnchanged(diff) ? [`no differences from ${against}`] : [`differences from ${against}:`]),
    ...added.map((item) => `added: ${itemName(item)}`),
    ...removed.map((item) => `removed: ${itemName(item)}`),
    ...changed.flatMap((item) => [
      `changed: ${itemName(item)}`,
      ...item.fields.map((change) => `  ${change.field}: ${changeWords(change, quote)}`),
      ...(item.files.length === 0 ? [] : [`  files: ${item.files.join(", ")}`]),
    ]),
    ...sourceChanges(sources.before, sources.after).map(
      ({ name, ...commits }) => `source ${name}: ${commitWords(commits)}`,
    ),
    ...samples.map(
      ({ url, revision, ...sample }) =>
        `${itemName(sample)}: ${url}${revision === undefined ? "" : `#${revision}`}: ` +
        commitWords(sample),
    ),
  ];
}

/** Says which commits are known: "abc → def", "def". */
export function commitWords({
  before,
  after,
}: {
  readonly before?: string;
  readonly after?: string;
}): string {
  if (before === undefined || before === after) return after ?? "commit not known";
  return `${before} → ${after ?? "not known"}`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
