import { resolve } from "node:path";
import { DRAIN_MS } from "../../limits.ts";
import type { Logger } from "../../log.ts";
import { createMetrics, type ServerMetrics, type StarterSource } from "../../server/index.ts";
import type { Connection } from "../connect.ts";
import type { ProcessEdge } from "../edge.ts";
import type { Input } from "../input.ts";
import { createNetwork, type Network } from "../network.ts";
import { DataFolder } from "./data-folder.ts";
import { Follower } from "./follower.ts";
import type { Generation } from "./generation.ts";
import { chooseFirst } from "./load.ts";
import { isLive, registryOf, type ServeConfig } from "./modes.ts";
import { Publisher } from "./publisher.ts";
import type { RegistriesBeside } from "./registries-beside.ts";
import { RegistryStore } from "./registry-store.ts";
import { Retired } from "./retired.ts";
import { Stage } from "./stage.ts";
import { GenerationState } from "./state.ts";
import { Turns } from "./turns.ts";
import type { GitSource } from "./update/git-source.ts";
import { createMaker } from "./update/make-build.ts";
import { compareBy, openGitSources } from "./update/open-sources.ts";
import { Updater } from "./update/updater.ts";
import type { Wish } from "./update/wish.ts";

/** What is known before a server is put together. */
export interface ServingParts {
  readonly edge: ProcessEdge;
  readonly config: ServeConfig;
  readonly input: Input | undefined;
  /** Undefined where nothing is to be fetched. */
  readonly network: Network | undefined;
  /** Shown in the viewer beside this registry. */
  readonly beside: RegistriesBeside | undefined;
  /** Fetches starter projects for visitors. */
  readonly starters: StarterSource | undefined;
  readonly log: Logger;
}

/** The parts of one server, tied to each other. */
export interface Serving extends ServingParts {
  readonly state: GenerationState;
  readonly stage: Stage;
  readonly turns: Turns;
  readonly metrics: ServerMetrics;
  readonly data: DataFolder | undefined;
  readonly sources: readonly GitSource[];
  /** To the registry behind, or the one that is followed. */
  readonly connection: Connection | undefined;
  readonly publisher: Publisher | undefined;
  readonly follower: Follower | undefined;
  readonly updater: Updater | undefined;
}

/** Opens the way out where something is fetched; a build has all that it needs. */
export function openNetwork({
  edge,
  config,
  input,
  log,
}: Omit<ServingParts, "network" | "beside" | "starters">) {
  const fetches = input?.kind === "repository" || config.source.length > 0;
  return fetches && !config.noNetwork ? createNetwork(edge, config, log) : undefined;
}

/**
 * Puts a server together; nothing is asked or served yet.
 *
 * @throws {DevregError} USAGE, CONFIG_INVALID for what cannot be used; IO for the data folder
 */
export async function assemble(parts: ServingParts): Promise<Serving> {
  const { edge, config, network, log } = parts;
  const state = new GenerationState();
  const sources = network ? await openGitSources(config.source, network, log) : [];
  const connection = await openRegistry(parts);
  const dataDir = config.dataDir && resolve(edge.cwd, config.dataDir);
  const data = dataDir ? await DataFolder.open(dataDir, edge.tool) : undefined;
  const stage = new Stage({ state, retired: new Retired(edge.nowMs), data, now: edge.now, log });
  const metrics = createMetrics(state, edge.now);
  const base = { ...parts, state, stage, turns: new Turns(), metrics, data, sources, connection };
  return { ...base, ...openWays(base) };
}

/** Serves what there is to begin with, and says what is not there yet. */
export async function begin(serving: Serving, operand: Generation | undefined): Promise<void> {
  const { config, state, stage, data, publisher, follower, log } = serving;
  if (publisher !== undefined)
    state.report("registry", { kind: "waiting", detail: "not loaded yet" });
  if (follower !== undefined) {
    state.report("follow", { kind: "waiting", detail: "the registry was not asked yet" });
  }
  const first = await chooseFirst(operand, await data?.load(log), isLive(config));
  if (first !== undefined) await stage.show(first);
}

type Base = Omit<Serving, "publisher" | "follower" | "updater">;

function openWays(base: Base): Pick<Serving, "publisher" | "follower" | "updater"> {
  const { edge, config, network, sources, connection, log } = base;
  const hasSource = sources.length > 0;
  const compare = hasSource ? compareBy(sources) : undefined;
  const store =
    connection &&
    new RegistryStore({ registry: connection.registry, compare, log, signal: edge.stopped });
  const updater =
    network && hasSource
      ? new Updater({ ...base, store, make: createMaker(edge, { ...config, network, log }) })
      : undefined;
  const update = (wish?: Partial<Wish>) => {
    updater?.update(wish).catch((error) => log.error("cannot update", { error }));
  };
  const onLost = () => update({ askedBy: ["registry"], again: true });
  const publisher =
    store && config.follow === undefined
      ? new Publisher({ ...base, store, hasSource, onLost })
      : undefined;
  const onBehind = publisher && (() => publisher.wake());
  const onOvertaken = () => update({ askedBy: ["registry"] });
  const follower =
    store && isLive(config) ? new Follower({ ...base, store, onBehind, onOvertaken }) : undefined;
  return { publisher, follower, updater };
}

async function openRegistry({
  edge,
  config,
  input,
  log,
}: ServingParts): Promise<Connection | undefined> {
  const location = registryOf(config, input);
  if (location === undefined) return undefined;
  const { connect } = await import("../connect.ts");
  return connect(edge, location, config, log, DRAIN_MS);
}
