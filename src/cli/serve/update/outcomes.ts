import { DevregError, describeError, formatIssue, InputError } from "../../../errors.ts";
import type { PublishReport } from "../../../generator/index.ts";
import { type Trouble, troubleOf, type UpdateOutcome } from "../../../server/index.ts";
import { UPDATE_REASONS } from "../../../update-limits.ts";

/** Which step of an update failed. */
export type Step = "source" | "generate" | "registry";

/** Says why an update failed: for broken files each place, else the error. */
export function failedUpdate(error: unknown, step: Step): UpdateOutcome {
  const issues = error instanceof InputError ? error.issues : [];
  const places = issues.slice(0, UPDATE_REASONS).map(formatIssue);
  const reasons = places.length > 0 ? places : [describeError(error)];
  const fault = faultOf(error, step);
  const { kind } = troubleOf(error);
  return { state: "failed", reasons, kind, ...(fault === undefined ? {} : { fault }) };
}

/** Says what of a generation did not reach the registry. */
export function unpublishedUpdate({ failures }: PublishReport): UpdateOutcome {
  const reasons = failures
    .slice(0, UPDATE_REASONS)
    .map(({ name, error }) => `${name}: ${describeError(error)}`);
  return { state: "failed", reasons, kind: "incomplete", fault: "registry" };
}

/** Says that somebody stepped back while a generation was made; what it is worth shows a new try. */
export function overtakenUpdate(): UpdateOutcome {
  const reason = "Cannot publish the update: somebody stepped back meanwhile";
  return { state: "failed", reasons: [reason], kind: "older", fault: "registry" };
}

/** Gives what is wrong after an update that failed or was refused. */
export function outcomeTrouble({ kind, reasons }: UpdateOutcome): Trouble | undefined {
  if (kind === undefined) return undefined;
  const [first = "", ...others] = reasons;
  return { kind, detail: others.length === 0 ? first : `${first} (and ${others.length} more)` };
}

const OF_CONTENT = new Set(["NOT_FOUND", "INPUT_INVALID", "LIMIT_EXCEEDED", "UNSUPPORTED"]);
const OF_HERE = new Set(["IO", "ABORTED"]);

function faultOf(error: unknown, step: Step): UpdateOutcome["fault"] {
  const code = error instanceof DevregError ? error.code : undefined;
  if (code === undefined || OF_HERE.has(code)) return undefined;
  if (step === "registry") return "registry";
  return step === "generate" || OF_CONTENT.has(code) ? "content" : "source";
}
