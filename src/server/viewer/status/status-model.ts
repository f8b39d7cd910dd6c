import { type Build, type BuildSource, publicAddress } from "../../../generator/index.ts";
import type { AppDeps, Upstream } from "../../deps.ts";
import { describeGeneration, saneRevision } from "../../generation-facts.ts";
import { describeKind, describeTrouble, type Part, type Reason } from "../../reason.ts";
import type { PreparedGeneration } from "../../served.ts";
import { type Look, NO_UPDATES, type UpdateRecord } from "../../updates/update-log.ts";

/** How the server is. */
export type Readiness = "ready" | "degraded" | "unavailable";

/** Everything that the page of the status shows. */
export interface ServerStatus {
  readonly readiness: Readiness;
  /** What keeps it from being at its best, as far as the visitor may know. */
  readonly troubles: readonly ShownTrouble[];
  readonly notes: readonly string[];
  readonly served: ServedFacts | undefined;
  /** The last ones, the newest first. */
  readonly updates: readonly ShownUpdate[];
  readonly lastChange: Date | undefined;
  readonly looks: readonly Look[];
  /** Whether somebody can tell the server to look. */
  readonly hasWebhooks: boolean;
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

/** One update, or several alike. */
export interface ShownUpdate extends Omit<UpdateRecord, "trouble"> {
  /** What is wrong, as far as the visitor may know. */
  readonly trouble: string | undefined;
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
  const troubles = state.reasons().map(({ part, ...trouble }) => ({
    part,
    text: describeTrouble(trouble, withDetails),
  }));
  const { updates, ...looking } = state.updates?.() ?? NO_UPDATES;
  return {
    readiness: readinessOf(generation, troubles),
    troubles,
    notes: state.notes?.() ?? [],
    served: generation && servedFacts(generation, withDetails),
    ...looking,
    updates: updates.map((update) => shownUpdate(update, withDetails)),
    hasWebhooks: deps.updates !== undefined,
    upstream: upstream && upstreamFacts(upstream, state.reasons(), withDetails),
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

function shownUpdate({ trouble, ...update }: UpdateRecord, withDetails: boolean): ShownUpdate {
  return {
    ...update,
    before: saneRevision(update.before),
    after: saneRevision(update.after),
    trouble: trouble && describeTrouble(trouble, withDetails),
  };
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

/** Visitors and the server itself ask that registry; whoever was not answered counts. */
function upstreamFacts(
  { role, address, ...upstream }: Upstream,
  reasons: readonly Reason[],
  withDetails: boolean,
): UpstreamFacts {
  const silent = reasons.find(
    ({ part, kind }) =>
      (part === "follow" || part === "registry") && (kind === "unreachable" || kind === "refused"),
  );
  const trouble = upstream.trouble() ?? silent?.kind;
  return {
    role,
    address: withDetails ? address : undefined,
    trouble: trouble && describeKind(trouble),
  };
}
