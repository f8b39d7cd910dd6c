import { type BuildDiff, type IndexItem, isUnchanged } from "../../../generator/index.ts";
import { escapeUnsafe } from "../../../log.ts";
import { commitWords } from "./diff-text.ts";
import { changeWords, sourceChanges } from "./diff-values.ts";
import type { ComparedBuild } from "./outcome.ts";

/** Renders how a build differs from an older one as Markdown, for a release note. */
export function diffMarkdown({ diff }: ComparedBuild): string {
  if (diff === undefined) return "";
  const parts = [
    ["## Changes", ...(isUnchanged(diff) ? ["", "Nothing changed."] : [])],
    list("### Added", diff.added.map(boldName)),
    list("### Changed", changedItems(diff)),
    list("### Removed", diff.removed.map(boldName)),
    list(
      "### Sources",
      sourceChanges(diff.sources.before, diff.sources.after).map(
        ({ name, ...commits }) => `${plain(name)}: ${plain(commitWords(commits))}`,
      ),
    ),
    samplesTable(diff),
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join("\n"))
    .join("\n\n")}\n`;
}

function list(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [title, "", ...items.map((item) => `- ${item}`)];
}

function changedItems({ changed }: BuildDiff): string[] {
  return changed.map((item) => {
    const lines = [
      ...item.fields.map((change) => `${code(change.field)}: ${changeWords(change, plain)}`),
      ...(item.files.length === 0 ? [] : [`files: ${item.files.map(code).join(", ")}`]),
    ];
    return [boldName(item), ...lines.map((line) => `  - ${line}`)].join("\n");
  });
}

function samplesTable({ samples }: BuildDiff): string[] {
  if (samples.length === 0) return [];
  const rows = samples.map((sample) => [
    [sample.name, sample.version].filter((part) => part !== undefined).join(" "),
    sample.url,
    sample.revision ?? "",
    commitWords(sample),
  ]);
  return [
    "### Samples",
    "",
    "| sample | repository | revision | commit |",
    "| --- | --- | --- | --- |",
    ...rows.map((cells) => `| ${cells.map(plain).join(" | ")} |`),
  ];
}

function boldName({ type, name, version }: IndexItem): string {
  const number = version === undefined ? "" : ` ${plain(version)}`;
  return `**${plain(name)}**${number}${type === "stack" ? "" : ` (${plain(type)})`}`;
}

/** Takes their meaning from the characters that Markdown, or HTML in it, gives one. */
function plain(text: string): string {
  return escapeUnsafe(text)
    .replace(/[\\`*_[\]<>|~#@]/g, "\\$&")
    .replaceAll("&", "&amp;");
}

function code(text: string): string {
  return /^[\w.@+-]+$/.test(text) ? `\`${text}\`` : plain(text);
}
