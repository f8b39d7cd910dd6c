import { type Generation, packGeneration } from "../../src/cli/serve/generation.ts";
import { GO_STACK, PYTHON_STACK, SAMPLE_FILES, sampleBuild } from "./sample-build.ts";

export const SOURCE_URL = "https://git.example/team/registry.git";

/** How a sample generation differs from the plain one. */
export interface GenerationParts {
  /** Text of the devfile of go:2.0.0. */
  readonly note?: string;
  readonly withoutPython?: boolean;
  readonly origin?: Generation["origin"];
  /** False for one whose commit is not known. */
  readonly known?: boolean;
}

/** Gives the name of the commit of a minute. */
export function commitOf(minute: number): string {
  return String(minute).padStart(40, "0");
}

/** Makes a generation in memory of the commit of a minute. */
export async function sampleGeneration(
  minute: number,
  {
    note = `minute ${minute}`,
    withoutPython,
    origin = "source",
    known = true,
  }: GenerationParts = {},
): Promise<Generation> {
  const commit_time = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  const build = await sampleBuild({
    index: withoutPython === true ? [GO_STACK] : [GO_STACK, PYTHON_STACK],
    files: { ...SAMPLE_FILES, "stacks/go/2.0.0/devfile.yaml": note },
    sources: known ? [{ url: SOURCE_URL, commit_hash: commitOf(minute), commit_time }] : [],
  });
  return packGeneration(build, { origin });
}
