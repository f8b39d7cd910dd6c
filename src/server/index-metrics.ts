import { Gauge, type Registry } from "prom-client";
import type { ServedState } from "./served.ts";

/** Adds what is served, for how long, and how well. */
export function addIndexGauges(registers: Registry[], state: ServedState, now: () => Date): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  const entries = () => state.current()?.build.index ?? [];
  gauge("devreg_index_entries", "Entries of the index being served", () => entries().length);
  gauge("devreg_index_versions", "Versions of the index being served", () =>
    entries().reduce((sum, entry) => sum + (entry.versions?.length ?? 0), 0),
  );
  gauge("devreg_index_age_seconds", "Time since the index being served was loaded", () => {
    const since = state.current()?.since;
    return since === undefined ? 0 : Math.max(0, now().getTime() - since.getTime()) / 1000;
  });
  gauge("devreg_ready", "1 while there is an index to serve", () =>
    Number(state.current() !== undefined),
  );
  gauge(
    "devreg_degraded_reasons",
    "Number of reasons that /readyz gives",
    () => state.reasons().length,
  );
}
