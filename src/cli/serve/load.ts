import { packIndexArtifact, packStackArtifacts } from "../../generator/index.ts";
import { prepareServed } from "../../server/index.ts";
import type { ProcessEdge } from "../edge.ts";
import { type Input, loadInput } from "../input.ts";
import type { RepositoryOptions } from "../repository.ts";
import type { GenerationState } from "./state.ts";

/**
 * Reads the input, packs it and serves it from the next request on.
 *
 * @throws {DevregError} as loading does; what was served before goes on being served
 */
export async function loadGeneration(
  edge: ProcessEdge,
  input: Input,
  options: RepositoryOptions,
  state: GenerationState,
): Promise<void> {
  const build = await loadInput(edge, input, options);
  const stacks = await packStackArtifacts(build);
  const index = await packIndexArtifact(build, stacks);
  const prepared = await prepareServed(build, stacks.registry, { now: edge.now() });
  state.accept(prepared, { stacks, index });
}
