import type { PhaseClock } from "../phase-clock.ts";
import type { StackSource } from "./stack-source.ts";

/** Counts listing and reading a registry repository to the phase "read" of a clock. */
export function timedSource(source: StackSource, clock: PhaseClock): StackSource {
  return {
    name: source.name,
    list: () => clock.through("read", () => source.list()),
    // Many files are read at once, so what is waited for belongs to no single one of them.
    read: (path, limitBytes) => clock.count("read", () => source.read(path, limitBytes)),
  };
}
