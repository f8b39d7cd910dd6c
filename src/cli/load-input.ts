import type { ServedBundle } from "../airgap/index.ts";
import {
  type Build,
  type RegistrySource,
  readBuild,
  type StackArtifacts,
} from "../generator/index.ts";
import type { ProcessEdge } from "./edge.ts";
import { countOf } from "./generate/render/index.ts";
import type { Input } from "./input.ts";
import { InputRefused } from "./report.ts";
import { generateFrom, type RepositoryOptions } from "./repository.ts";
import { type OpenSourcesOptions, openSources } from "./sources.ts";

/** An input that can be loaded again and again, until it is closed. */
export interface OpenedInput {
  /**
   * Reads a build, or makes one in memory from registry repositories.
   *
   * @throws {InputRefused} when a repository has errors and is not forced
   * @throws {DevregError} INPUT_INVALID, NOT_FOUND
   */
  load(options: RepositoryOptions): Promise<LoadedInput>;
  close(): Promise<void>;
}

/** What was loaded. */
export interface LoadedInput {
  readonly build: Build;
  /** Whether there is more to be had by fetching. */
  readonly wantsNetwork: boolean;
  /** The stack versions of the build as they were packed to make it. */
  readonly artifacts?: StackArtifacts | undefined;
  /** What a bundle brings beside its build. */
  readonly bundle?: ServedBundle;
}

/** Opens an input; registry repositories in git are fetched. @throws {DevregError} as openSources() */
export async function openInput(
  edge: ProcessEdge,
  input: Input,
  options: OpenSourcesOptions,
): Promise<OpenedInput> {
  if (input.kind === "build") return openBuild(input.folder, input.build);
  if (input.kind === "parts") return openBuild(input);
  if (input.kind === "bundle") return openBundleInput(input.path, input.shown);
  const { sources, close } = await openSources(edge, input.operands, options);
  return { load: (load) => generateInput(edge, sources, load), close };
}

/** The first load gives what was read already; a later one reads again. */
function openBuild(place: Parameters<typeof readBuild>[0], build?: Build): OpenedInput {
  let read = build;
  return {
    load: async () => {
      const loaded = read ?? (await readBuild(place));
      read = undefined;
      return { build: loaded, wantsNetwork: false };
    },
    close: async () => undefined,
  };
}

async function openBundleInput(path: string, shown: string): Promise<OpenedInput> {
  const { openBundle, serveBundle } = await import("../airgap/index.ts");
  const bundle = await openBundle(path, shown);
  const served = serveBundle(bundle);
  return {
    load: async () => ({ build: await bundle.build(), wantsNetwork: false, bundle: served }),
    close: () => bundle.close(),
  };
}

/**
 * Makes a build in memory from registry repositories.
 *
 * @throws {InputRefused} when one has errors and is not forced
 * @throws {DevregError} as generateFrom()
 */
export async function generateInput(
  edge: ProcessEdge,
  sources: readonly RegistrySource[],
  options: RepositoryOptions,
): Promise<LoadedInput> {
  const { build, artifacts, report } = await generateFrom(edge, sources, options);
  if (build === undefined) {
    throw new InputRefused(
      sources.map(({ files }) => files.name),
      report.findings,
    );
  }
  const warnings = countOf(report, "warning");
  if (warnings > 0) {
    const hint = "see devreg generate --check";
    options.log.warn("the repository has warnings", { warnings, hint });
  }
  for (const left of report.leftOut) options.log.warn("left out", { what: left });
  return { build, artifacts, wantsNetwork: report.notChecked.length > 0 };
}
