/** Marks a branch that the type checker proves unreachable; throws if it is reached all the same. */
export function assertNever(value: never): never {
  throw new Error(`Unreachable: ${JSON.stringify(value)}`);
}

/** Throws when an invariant of our own code does not hold; never used to check input. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}
