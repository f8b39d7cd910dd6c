import type { StartProgress } from "../progress.ts";
import type { Severity } from "./findings.ts";
import type { OpenProject } from "./open-project.ts";

/** How content of other repositories is fetched. */
export interface RemoteContentOptions {
  /** Absent when no socket may be opened. */
  readonly open: OpenProject | undefined;
  /** What it means when something cannot be fetched. */
  readonly severity: Severity;
  readonly progress: StartProgress;
}
