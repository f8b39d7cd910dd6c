import { artifactOf, imageIndexOf, type SampleGraph } from "./sample-content.ts";

/** What the layout writer pushes under a number: every third is an image index. */
export function writtenGraph(number: number): SampleGraph {
  const layers = ["shared layer", `layer ${number}`, `${number} `.repeat(40_000)];
  const artifact = artifactOf(layers);
  return number % 3 === 0
    ? imageIndexOf([artifact, artifactOf([`${number} for arm64`])])
    : artifact;
}

/** The repository that the layout writer pushes a number to. */
export function writtenRepository(number: number): string {
  return `stacks/${number % 5}`;
}
