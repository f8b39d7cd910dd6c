import type { Finding } from "../../../generator/index.ts";
import type { WrittenImage } from "../image.ts";
import { countOf } from "./counts.ts";
import { letThrough } from "./let-through.ts";
import type { ComparedBuild, GenerateOutcome } from "./outcome.ts";

/** The format of the JSON report: "major.minor"; a minor one only adds fields. */
export const REPORT_FORMAT = "1.0";

/** Gives the report as it is printed for machines; its fields and their order are stable. */
export function jsonReport(outcome: GenerateOutcome) {
  const { report, output, image, forced, compared, timing, exitCode } = outcome;
  return {
    format: REPORT_FORMAT,
    exitCode,
    output: output ?? null,
    errors: countOf(report, "error"),
    warnings: countOf(report, "warning"),
    counts: report.counts,
    sources: report.sources,
    findings: report.findings.map(jsonFinding),
    notChecked: report.notChecked,
    leftOut: report.leftOut,
    letThrough: forced === true ? letThrough(report) : [],
    ...(report.changed === undefined ? {} : { changed: report.changed }),
    ...(report.overruled === undefined ? {} : { overruled: report.overruled }),
    ...(report.offline === undefined ? {} : { offline: report.offline }),
    ...(image === undefined ? {} : { image: jsonImage(image) }),
    ...(compared === undefined ? {} : { diff: jsonDiff(compared) }),
    ...(timing === undefined ? {} : { timing }),
  };
}

/** Names every field, so that nothing internal gets out. */
function jsonFinding({ severity, rule, source, file, line, column, path, ...rest }: Finding) {
  return {
    severity,
    rule,
    source,
    file,
    line,
    column,
    path,
    message: rest.message,
    hint: rest.hint,
  };
}

function jsonImage({ name, root, platforms, leftOut }: WrittenImage) {
  return { name, digest: root.digest, mediaType: root.mediaType, platforms, leftOut };
}

function jsonDiff({ against, diff }: ComparedBuild) {
  return { against, ...(diff ?? { missing: "there is no build" }) };
}
