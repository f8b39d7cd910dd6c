import { DevregError, describeError, InputError } from "../../errors.ts";
import { collectIcons } from "../../generator/index.ts";
import type { Logger } from "../../log.ts";
import type { ProcessEdge } from "../edge.ts";
import type { Input } from "../input.ts";
import type { RepositoryOptions } from "../repository.ts";
import { cacheIcons } from "./icon-cache.ts";
import { type LoadOptions, loadGeneration } from "./load.ts";
import type { GenerationState } from "./state.ts";
import { Wake } from "./wake.ts";
import { watchFolder } from "./watch-folder.ts";

/** What the reloading of a server needs to know. */
export interface ReloadOptions extends LoadOptions {
  readonly watch: boolean;
  /** Called after each new generation. */
  readonly renewed: () => void;
}

/**
 * Brings the source up to date behind a server that listens already: once to fetch the icons of a
 * registry repository, and, when watched, after each change of the folder. A source that cannot be
 * read leaves what is served alone; /readyz names the reason.
 */
export async function keepLoaded(
  edge: ProcessEdge,
  input: Input,
  state: GenerationState,
  options: ReloadOptions,
  signal: AbortSignal,
): Promise<void> {
  const wake = new Wake();
  const hasIcons = collectIcons(state.current()?.build.index ?? []).length > 0;
  // A watched repository may name remote icons later.
  const withIcons = input.kind === "repository" && options.network && (hasIcons || options.watch);
  if (options.watch && input.kind !== "parts") watchFolder(input.folder, signal, () => wake.wake());
  if (withIcons && hasIcons) wake.wake();
  else if (!options.watch) return;
  const icons = withIcons ? await openIcons(edge, options) : undefined;
  try {
    while (!signal.aborted) {
      await wake.wait(signal);
      if (signal.aborted) return;
      const reload = { ...options, ...(icons === undefined ? {} : { icons: icons.fetch }) };
      await reloadOnce(edge, input, state, reload, options.log);
      options.renewed();
      if (!options.watch) return;
    }
  } finally {
    await icons?.close();
  }
}

async function openIcons(edge: ProcessEdge, options: RepositoryOptions) {
  const { openIconFetcher } = await import("../repository.ts");
  const { fetch, close } = await openIconFetcher(edge, options.caFile);
  return { fetch: cacheIcons(fetch, edge.nowMs), close };
}

async function reloadOnce(
  edge: ProcessEdge,
  input: Input,
  state: GenerationState,
  options: LoadOptions,
  log: Logger,
): Promise<void> {
  try {
    await loadGeneration(edge, input, options, state);
    state.clear("source");
    log.info("serving a new generation");
  } catch (error) {
    if (!(error instanceof DevregError)) throw error;
    const [first] = error instanceof InputError ? error.issues : [];
    const where = first === undefined ? "" : ` (${first.file}: ${first.message})`;
    state.report("source", `${describeError(error)}${where}`);
    log.error("cannot read the source, the older generation stays", { error, hint: where });
  }
}
