import { counted } from "../../counted.ts";
import { countEntries } from "../../generator/index.ts";
import type { GenerationState } from "./state.ts";

/** Gives the one line that `serve` prints once it listens. */
export function bannerOf(state: GenerationState, url: string): string {
  const build = state.current()?.build;
  if (build === undefined) return `Serving nothing yet at ${url}`;
  const { stacks, stackVersions, samples } = countEntries(build.index);
  return (
    `Serving ${counted(stacks, "stack")} (${counted(stackVersions, "version")}) and ` +
    `${counted(samples, "sample")} at ${url}`
  );
}
