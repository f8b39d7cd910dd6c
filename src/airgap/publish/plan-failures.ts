import { DevregError } from "../../errors.ts";
import type { ImageOccurrence } from "../occurrence.ts";
import type { FailedImage, MirrorPlan } from "../plan/index.ts";

/**
 * Gives all images of a plan that will not come: those that could not be looked up, and those whose
 * names hold a variable without a value.
 */
export function planFailures({ failures, lock }: MirrorPlan): readonly FailedImage[] {
  const unresolved = lock.references.filter((reference) => reference.class === "templated");
  const byText = Map.groupBy(unresolved, ({ text }) => text);
  return [...failures, ...[...byText].map(([text, places]) => unresolvedImage(text, places))];
}

function unresolvedImage(text: string, occurrences: readonly ImageOccurrence[]): FailedImage {
  const [first] = occurrences;
  const error = new DevregError(
    "INPUT_INVALID",
    `Cannot mirror "${text}": ${first?.reason ?? "a variable has no value"}`,
    { hint: "Give the variable a value under variables in the devfile" },
  );
  return { image: text, error, occurrences };
}
