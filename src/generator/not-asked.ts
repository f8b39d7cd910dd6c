import type { NotAsked } from "./remote-content.ts";

/** Everything of a source that was not asked for, because the network was not to be used. */
export interface AllNotAsked extends NotAsked {
  /** Parents and plugins, by reference. */
  readonly parents: readonly string[];
}

/** Says what was not asked for, one line for each kind. */
export function notAskedLines(all: readonly AllNotAsked[]): string[] {
  const sum = (pick: (each: AllNotAsked) => number) =>
    all.reduce((total, each) => total + pick(each), 0);
  const lines = [
    countLine(
      sum(({ versions }) => versions),
      "stack version",
      "repositories",
    ),
    countLine(
      sum(({ samples }) => samples),
      "sample",
      "repositories",
    ),
  ];
  const parents = [...new Set(all.flatMap((each) => each.parents))];
  const [first] = parents;
  if (first !== undefined) {
    const names = parents.length === 1 ? first : `${first}, …`;
    lines.push(`${countLine(parents.length, "parent", "registries")} (${names})`);
  }
  return lines.filter((line) => line !== "");
}

function countLine(count: number, noun: string, where: string): string {
  if (count === 0) return "";
  const [ending, verb] = count === 1 ? ["", "was"] : ["s", "were"];
  return `${count} ${noun}${ending} in other ${where} ${verb} not fetched`;
}
