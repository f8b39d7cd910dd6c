import { type Build, type BuildSource, publicAddress } from "../../../generator/index.ts";
import type { AppDeps, Upstream } from "../../deps.ts";
import { describeGeneration } from "../../generation-facts.ts";
import { describeKind, type Part } from "../../reason.ts";
import type { PreparedGeneration } from "../../served.ts";
import type { LastUpdate } from "../../updates/update-port.ts";

/** How the server is. */
export type Readiness = "ready" | "degraded" | "unavailable";

/** Everything that the page of the status shows. */
export interface ServerStatus {
  readonly readiness: Readiness;
  /** What keeps it from being at its best, as far as the visitor may know. */
  readonly troubles: readonly ShownTrouble[];
  readonly notes: readonly string[];
  readonly served: ServedFacts | undefined;
  readonly lastUpdate: LastUpdate | undefined;
  readonly upstream: UpstreamFacts | undefined;
  readonly others: readonly { readonly name: string; readonly state: string }[];
  readonly version: string;
  /** Now; undefined where nobody gives the time. */
  readonly now: Date | undefined;
}

/** What is served. */
export interface ServedFacts {
  readonly revision: string | undefined;
  readonly commitTime: string | undefined;
  readonly since: Date;
  readonly sources: readonly ShownSource[];
  readonly stacks: number;
  readonly stackVersions: number;
  readonly samples: number;
  readonly isOffline: boolean;
  /** Version of devreg that made the build. */
  readonly madeBy: string | undefined;
}

/** What is wrong with a part. */
export interface ShownTrouble {
  readonly part: Part;
  readonly text: string;
}

/** One repository that the build was made from. */
export interface ShownSource extends BuildSource {
  /** True for one that has an address, which visitors may not know. */
  readonly isHidden: boolean;
}

/** The registry behind, or the one that is followed. */
export interface UpstreamFacts {
  readonly role: Upstream["role"];
  /** For those alone who may know. */
  readonly address: string | undefined;
  readonly trouble: string | undefined;
}

/** Tells how the server is; hosts and texts of failures only with --status-details. */
export function readStatus(deps: AppDeps): ServerStatus {
  const { state, config, others, upstream, now } = deps;
  const withDetails = config.statusDetails === true;
  const generation = state.current();
  const troubles = state.reasons().map(({ part, kind, detail }) => ({
    part,
    text: withDetails ? detail : describeKind(kind),
  }));
  return {
    readiness: readinessOf(generation, troubles),
    troubles,
    notes: state.notes?.() ?? [],
    served: generation && servedFacts(generation, withDetails),
    lastUpdate: state.lastUpdate?.(),
    upstream: upstream && upstreamFacts(upstream, withDetails),
    others: others?.list().map(({ name, state: each }) => ({ name, state: each })) ?? [],
    version: config.version,
    now: now?.(),
  };
}

function readinessOf(
  generation: PreparedGeneration | undefined,
  troubles: readonly ShownTrouble[],
): Readiness {
  if (generation === undefined) return "unavailable";
  return troubles.length === 0 ? "ready" : "degraded";
}

function servedFacts({ build, since }: PreparedGeneration, withDetails: boolean): ServedFacts {
  const { revision } = describeGeneration(build, withDetails);
  const { index, info } = build;
  const stacks = index.filter(({ type }) => type === "stack");
  return {
    revision,
    commitTime: info?.commit_time,
    since,
    sources: shownSources(build, withDetails),
    stacks: stacks.length,
    stackVersions: stacks.reduce((sum, { versions }) => sum + (versions?.length ?? 0), 0),
    samples: index.length - stacks.length,
    isOffline: info?.offline !== undefined,
    madeBy: info?.tool.version,
  };
}

function shownSources(build: Build, withDetails: boolean): readonly ShownSource[] {
  const told = build.info?.sources ?? [];
  return describeGeneration(build, withDetails).sources.map((source, at) => ({
    ...source,
    isHidden: source.url === undefined && publicAddress(told[at]?.url) !== undefined,
  }));
}

function upstreamFacts({ role, address, ...upstream }: Upstream, withDetails: boolean) {
  const trouble = upstream.trouble();
  return {
    role,
    address: withDetails ? address : undefined,
    trouble: trouble && describeKind(trouble),
  };
}
