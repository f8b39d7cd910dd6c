/** Gives the keys and indexes that a JSON pointer names. Spec: RFC 6901, section 4. */
export function pointerSteps(pointer: string): readonly string[] {
  const steps = pointer.split("/").slice(1);
  return steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}
