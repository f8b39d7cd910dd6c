import type { ChangedFiles } from "./changed/index.ts";
import type { ReadHistory } from "./read-dates.ts";
import type { StackSource } from "./stack-source.ts";

/** One registry repository to generate from. */
export interface RegistrySource {
  readonly files: StackSource;
  /** Its address as the build records it: a folder, or a git address without user information. */
  readonly url: string;
  /** Dates its folders and names its commit, where there is a history. */
  readonly history?: ReadHistory;
  /** Tells which of its files changed since a revision. @throws {DevregError} USAGE for an unknown one */
  readonly changedSince?: (revision: string) => Promise<ChangedFiles>;
}
