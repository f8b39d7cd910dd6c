import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { describeGeneration } from "../generation-facts.ts";
import type { ServedState } from "../served.ts";
import type { UpdateState } from "./update-port.ts";

/** One update that ended; requests that share a run are one. */
export interface EndedUpdate {
  readonly state: UpdateState;
  readonly seconds: number;
}

/** Counts updates and the following of a registry. */
export interface UpdateMetrics {
  /** Counts an update that ended, whoever asked for it. */
  updateEnded(update: EndedUpdate): void;
  /** Counts a failure to ask the registry that is followed. */
  followFailed(): void;
}

const BUCKETS_S = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180, 600];
const STATES: readonly UpdateState[] = ["updated", "unchanged", "refused", "failed", "ignored"];

/** Makes the metrics of updates. Every state is there from the start, so that rates begin at 0. */
export function createUpdateMetrics(registers: Registry[], state: ServedState): UpdateMetrics {
  const updates = new Counter({
    name: "devreg_updates_total",
    help: "Updates that ended, by how",
    labelNames: ["state"],
    registers,
  });
  for (const each of STATES) updates.labels(each).inc(0);
  const duration = new Histogram({
    name: "devreg_update_duration_seconds",
    help: "Time that updates took",
    labelNames: ["state"],
    buckets: BUCKETS_S,
    registers,
  });
  const follow = new Counter({
    name: "devreg_follow_errors_total",
    help: "Failures to ask the registry that is followed",
    registers,
  });
  addGenerationInfo(registers, state);
  return {
    updateEnded: (update) => {
      updates.labels(update.state).inc();
      duration.labels(update.state).observe(update.seconds);
    },
    followFailed: () => follow.inc(),
  };
}

/** Names the generation in labels, as is custom where a value is a text; there is never but one. */
function addGenerationInfo(registers: Registry[], state: ServedState): void {
  new Gauge({
    name: "devreg_generation_info",
    help: "1, with the generation being served",
    labelNames: ["revision", "source"],
    registers,
    collect() {
      this.reset();
      const build = state.current()?.build;
      if (build === undefined) return;
      const { revision = "", sources } = describeGeneration(build);
      this.labels(revision, sources.map(({ url = "" }) => url).join(" ")).set(1);
    },
  });
  new Gauge({
    name: "devreg_generation_commit_timestamp_seconds",
    help: "Time of the newest commit being served; 0 where it is not known",
    registers,
    collect() {
      const time = Date.parse(state.current()?.build.info?.commit_time ?? "");
      this.set(Number.isNaN(time) ? 0 : time / 1000);
    },
  });
}
