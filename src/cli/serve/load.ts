import { packIndexArtifact, packStackArtifacts, rerenderBuild } from "../../generator/index.ts";
import { joinRegistries } from "../../oci-client/index.ts";
import { prepareServed } from "../../server/index.ts";
import type { ProcessEdge } from "../edge.ts";
import type { LoadedInput, OpenedInput } from "../load-input.ts";
import type { RepositoryOptions } from "../repository.ts";
import type { GenerationState } from "./state.ts";

/** How what is served is read. */
export interface LoadOptions extends RepositoryOptions {
  /** Where clients reach this server; what an offline build says of it gives way to it. */
  readonly publicUrl?: string | undefined;
}

/**
 * Reads the input, packs it and serves it from the next request on.
 *
 * @throws {DevregError} as loading does; what was served before goes on being served
 */
export async function loadGeneration(
  edge: ProcessEdge,
  input: OpenedInput,
  { publicUrl, ...options }: LoadOptions,
  state: GenerationState,
): Promise<LoadedInput> {
  const loaded = await input.load(options);
  const move = loaded.bundle?.at ?? rerenderBuild;
  const build = publicUrl === undefined ? loaded.build : await move(loaded.build, publicUrl);
  const stacks = await packStackArtifacts(build);
  const index = await packIndexArtifact(build, stacks);
  const content =
    loaded.bundle === undefined
      ? stacks.registry
      : await joinRegistries(stacks.registry, loaded.bundle.images);
  const prepared = await prepareServed(build, content, { now: edge.now() });
  state.accept(prepared, { stacks, index });
  return loaded;
}
