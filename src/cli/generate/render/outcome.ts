import type { BuildDiff, GenerateReport } from "../../../generator/index.ts";
import type { WrittenImage } from "../image.ts";

/** A comparison with an older build. */
export interface ComparedBuild {
  /** As the user named it. */
  readonly against: string;
  /** Undefined where there was no build to compare. */
  readonly diff: BuildDiff | undefined;
}

/** What a run of generate came to. */
export interface GenerateOutcome {
  readonly report: GenerateReport;
  /** The folder written; undefined when nothing was. */
  readonly output: string | undefined;
  /** The container image written; undefined when none was. */
  readonly image?: WrittenImage | undefined;
  /** Whether errors were not to keep a build from being made. */
  readonly forced?: boolean;
  /** Whether warnings were to count as errors. */
  readonly strict?: boolean;
  /** Undefined when nothing was compared. */
  readonly compared?: ComparedBuild | undefined;
  /** Milliseconds by phase; undefined when nobody asked. */
  readonly timing?: Readonly<Record<string, number>> | undefined;
  readonly exitCode: number;
}

/** The forms a generate report can take. */
export type ReportFormat = "text" | "json" | "github" | "markdown";

/** How a report is shown. */
export interface ReportForm {
  readonly format: ReportFormat;
  /** Width of the terminal; undefined where lines are not to be broken. */
  readonly columns?: number | undefined;
  /** Absolute; files below it are named from there, as an annotation needs it. */
  readonly workspace?: string | undefined;
}
