import { counted } from "../../../counted.ts";
import type { GenerateReport } from "../../../generator/index.ts";
import { countOf } from "./counts.ts";
import { letThrough } from "./let-through.ts";
import type { GenerateOutcome } from "./outcome.ts";

/** Renders what follows the findings: counts, what was not done, what was written. */
export function summaryLines(outcome: GenerateOutcome): string[] {
  const { report, output, image } = outcome;
  const { stacks, stackVersions, samples, sampleVersions, icons, iconsMissing } = report.counts;
  return [
    ...sourceLines(report),
    ...changedLines(report),
    `${counted(stacks, "stack")} with ${counted(stackVersions, "version")}, ` +
      `${counted(samples, "sample")} with ${counted(sampleVersions, "version")}`,
    `${counted(countOf(report, "error"), "error")}, ${counted(countOf(report, "warning"), "warning")}`,
    ...(icons + iconsMissing > 0
      ? [`${counted(icons, "icon")} stored, ${iconsMissing} missing`]
      : []),
    ...offlineLines(report),
    ...overruledLines(report),
    ...report.notChecked.map((what) => `not checked: ${what}`),
    ...forcedLines(outcome),
    ...report.leftOut.map((what) => `left out: ${what}`),
    ...imageLines(image),
    ...strictLines(outcome),
    ...(output === undefined && image !== undefined ? [] : [`wrote ${output ?? "nothing"}`]),
  ];
}

/** One folder is what the user named a moment ago; anything else is worth a line. */
function sourceLines({ sources }: GenerateReport): string[] {
  if (sources.length === 1 && sources[0]?.url?.startsWith("/")) return [];
  return sources.map(({ url = "a folder", commit_hash: commit }) =>
    commit === undefined ? `source: ${url}` : `source: ${url} at ${commit}`,
  );
}

function changedLines({ changed }: GenerateReport): string[] {
  if (changed === undefined) return [];
  const { since, commits, stacks, samples } = changed;
  const looked = `${stacks.checked} of ${counted(stacks.all, "stack")} and ${samples.checked} of ${counted(samples.all, "sample")}`;
  return [`checked ${looked}, which changed since ${since} (${commits.join(", ")})`];
}

function offlineLines({ offline }: GenerateReport): string[] {
  if (offline === undefined) return [];
  const { projects, parents, restOnly, publicUrl } = offline;
  const archives = counted(Object.keys(projects).length, "project");
  return [
    `offline: ${archives} stored, ${parents.registry} parents at the registry, ` +
      `${parents.flattened} made part of devfiles`,
    ...(publicUrl === undefined
      ? [`REST only: ${counted(restOnly, "starter project")}, for want of --public-url`]
      : [`public address: ${publicUrl}`]),
  ];
}

function overruledLines({ overruled }: GenerateReport): string[] {
  const { exempted = 0, silenced = 0 } = overruled ?? {};
  if (exempted + silenced === 0) return [];
  return [`devreg.rules.yaml: ${counted(exempted, "finding")} exempted, ${silenced} silenced`];
}

function forcedLines({ report, forced }: GenerateOutcome): string[] {
  if (forced !== true) return [];
  return letThrough(report).map(({ source, file, errors, rules }) => {
    const name = source === undefined ? file : `${source}: ${file}`;
    return `let through: ${name} with ${counted(errors, "error")} (${rules.join(", ")})`;
  });
}

function strictLines({ report, strict }: GenerateOutcome): string[] {
  if (strict !== true || countOf(report, "warning") === 0) return [];
  return ["--warnings-as-errors: warnings count as errors"];
}

function imageLines(image: GenerateOutcome["image"]): string[] {
  if (image === undefined) return [];
  return [
    `image ${image.name} for ${image.platforms.join(", ")}: ${image.root.digest}`,
    ...image.leftOut.map(({ platform, reason }) => `image without ${platform}: ${reason}`),
  ];
}
