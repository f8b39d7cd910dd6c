import type { YamlNode } from "../yaml/index.ts";
import type { Issue } from "./rule.ts";

/** One version of an entry, as the rule on defaults sees it. */
export interface DefaultCandidate {
  readonly node: YamlNode;
  readonly isDefault: boolean;
}

/** Objects unless exactly one version of an entry is the default; an entry without any is no matter. */
export function* checkOneDefault(
  entry: YamlNode,
  versions: readonly DefaultCandidate[],
): Iterable<Issue> {
  if (versions.length === 0) return;
  const [first, ...more] = versions.filter(({ isDefault }) => isDefault);
  for (const { node } of more) {
    yield {
      severity: "error",
      at: node.get("default").position(),
      message: "a second version is the default",
      hint: "Leave default: true at one version",
    };
  }
  if (first !== undefined) return;
  yield {
    severity: "error",
    at: entry.get("versions").position(),
    message: "no version is the default",
    hint: "Add default: true to one version",
  };
}
