import { DevregError, type ErrorCode } from "../../errors.ts";

/** Why a reference to a parent or plugin cannot be resolved. */
export type ImportRule =
  | "parent-circle"
  | "parent-depth"
  | "parent-invalid"
  | "parent-kubernetes"
  | "parent-newer"
  | "parent-reference"
  | "parent-relative"
  | "parent-unknown"
  | "parent-unreachable"
  | "override-unknown"
  | "merge-conflict";

/** One thing that keeps a devfile from being flattened. */
export interface ImportProblem {
  readonly rule: ImportRule;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  /** What it is about, of the devfile that has the problem; undefined for the reference. */
  readonly node?: unknown;
  /** The part of the reference it is about; undefined for what tells it from others. */
  readonly part?: "version" | "registryUrl";
  /** A name that is not known, and those that are. */
  readonly key?: string;
  readonly known?: readonly string[];
}

/** Turns a problem into what is thrown where the first one ends the work. */
export function problemError({ code, message, hint }: ImportProblem): DevregError {
  return new DevregError(code, message, hint === undefined ? {} : { hint });
}
