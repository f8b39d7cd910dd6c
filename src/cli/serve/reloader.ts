import { DevregError, InputError } from "../../errors.ts";
import { troubleOf } from "../../server/index.ts";
import type { ProcessEdge } from "../edge.ts";
import type { OpenedInput } from "../load-input.ts";
import type { Network } from "../network.ts";
import { cacheIcons } from "./icon-cache.ts";
import { type LoadOptions, loadOperand } from "./load.ts";
import { cacheProjects } from "./project-cache.ts";
import type { Stage } from "./stage.ts";
import { type EndRecord, startRecord } from "./start-record.ts";
import type { GenerationState } from "./state.ts";
import type { Turns } from "./turns.ts";
import { Wake } from "./wake.ts";
import { watchFolder } from "./watch-folder.ts";

/** What the reloading of a server needs to know. */
export interface ReloadOptions {
  readonly load: LoadOptions;
  /** The folders whose changes are to be served; none where nothing is watched. */
  readonly watched: readonly string[];
  /** Whether the network has more to give for what is served now. */
  readonly wantsNetwork: boolean;
  /** Undefined when no socket may be opened, and for a build, which has all. */
  readonly network: Network | undefined;
  readonly state: GenerationState;
  readonly stage: Stage;
  readonly turns: Turns;
  /** Called after each new generation. */
  readonly renewed: () => void;
}

/**
 * Brings the source up to date behind a server that listens already: once to fetch what a registry
 * repository has elsewhere (icons, samples, stack versions), and after each change of a folder that
 * is watched. A source that cannot be read leaves what is served alone; /readyz names the reason.
 */
export async function keepLoaded(
  edge: ProcessEdge,
  input: OpenedInput,
  options: ReloadOptions,
  signal: AbortSignal,
): Promise<void> {
  const { watched, wantsNetwork, network, state, renewed } = options;
  const wake = new Wake();
  for (const folder of watched) watchFolder(folder, signal, () => wake.wake());
  const fetches = network !== undefined && wantsNetwork;
  if (fetches) wake.wake();
  else if (watched.length === 0) return;
  const access = await openAccess(edge, network);
  let isFirst = true;
  while (!signal.aborted) {
    await wake.wait(signal);
    if (signal.aborted) return;
    const endRecord = startRecord({ edge, state }, [isFirst && fetches ? "start" : "folder"]);
    isFirst = false;
    await reloadOnce(input, { ...options.load, access }, options, endRecord);
    renewed();
    if (watched.length === 0) return;
  }
}

/** A watched repository is read again and again, and may name more later. */
export async function openAccess(edge: ProcessEdge, network: Network | undefined) {
  const access = await network?.open();
  if (access === undefined) return undefined;
  return {
    icons: cacheIcons(access.icons, edge.nowMs),
    openProject: cacheProjects(access.openProject, edge.nowMs),
    fetchDevfile: access.fetchDevfile,
  };
}

async function reloadOnce(
  input: OpenedInput,
  load: LoadOptions,
  { state, stage, turns, watched }: ReloadOptions,
  endRecord: EndRecord,
): Promise<void> {
  const { log } = load;
  try {
    const { generation } = await loadOperand(input, load);
    await turns.take(async () => {
      // The registry had something newer than what the command line names.
      if (watched.length === 0 && state.generation()?.origin === "registry") return;
      const before = state.generation()?.index.descriptor.digest;
      await stage.show(generation);
      endRecord(before === generation.index.descriptor.digest ? "unchanged" : "updated");
      log.info("serving a new generation");
    });
    state.clear("source");
  } catch (error) {
    if (!(error instanceof DevregError)) throw error;
    const [first] = error instanceof InputError ? error.issues : [];
    const where = first === undefined ? "" : ` (${first.file}: ${first.message})`;
    const { kind, detail } = troubleOf(error);
    const trouble = { kind, detail: `${detail}${where}` };
    state.report("source", trouble);
    endRecord("failed", trouble);
    log.error("cannot read the source, the older generation stays", { error, hint: where });
  }
}
