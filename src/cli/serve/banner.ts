import { countEntries } from "../../generator/index.ts";
import type { GenerationState } from "./state.ts";

/** Gives the one line that `serve` prints once it listens. */
export function bannerOf(state: GenerationState, url: string): string {
  const build = state.current()?.build;
  if (build === undefined) return `Serving nothing yet at ${url}`;
  const { stacks, stackVersions, samples } = countEntries(build.index);
  return (
    `Serving ${plural(stacks, "stack")} (${plural(stackVersions, "version")}) and ` +
    `${plural(samples, "sample")} at ${url}`
  );
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
