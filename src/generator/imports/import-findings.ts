import { closest, distance } from "fastest-levenshtein";
import type { Finding } from "../findings.ts";
import {
  type FlattenedDevfile,
  nameOf,
  type PlacedProblem,
  withoutScheme,
} from "./flatten-devfile.ts";
import { isGitProvider } from "./raw-address.ts";

/** The most letters that a name may differ by from the one that was meant. */
const SUGGEST_DISTANCE = 3;

/** Tells what is wrong with what a devfile imports. */
export function importFindings(flattened: FlattenedDevfile): Finding[] {
  return [...flattened.problems.map(problemFinding), ...referenceWarnings(flattened)];
}

function problemFinding({ problem, at }: PlacedProblem): Finding {
  const { rule, message } = problem;
  const hint = hintOf(problem);
  return {
    // What cannot be reached now may be there: the Go generator's verdict is not known.
    severity: rule === "parent-unreachable" ? "warning" : "error",
    rule,
    ...at.position(),
    message: withoutScheme(message),
    ...(hint === undefined ? {} : { hint }),
  };
}

function hintOf({ key, known, hint }: PlacedProblem["problem"]): string | undefined {
  if (key === undefined || known === undefined || known.length === 0) return hint;
  const near = closest(key, known);
  if (distance(key, near) > Math.min(SUGGEST_DISTANCE, key.length / 2)) return hint;
  return `Did you mean "${near}"?`;
}

/** What can be resolved here, and not by the Go generator or by clients. */
function referenceWarnings({ references }: FlattenedDevfile): Finding[] {
  return references.flatMap(({ reference, at }): Finding[] => {
    if (reference.kind === "registry" && reference.registryUrl === undefined) {
      return [
        {
          severity: "warning",
          rule: "parent-registry",
          ...at.get("id").position(),
          message: `"${reference.id}" names no registry: only those who are told of this one find it`,
          hint: "Add the registryUrl of this registry; the Go generator refuses it without",
        },
      ];
    }
    const url = reference.kind === "uri" ? URL.parse(reference.uri) : null;
    if (url === null || !/^https?:$/.test(url.protocol) || isGitProvider(url)) return [];
    return [
      {
        severity: "warning",
        rule: "parent-host",
        ...at.get("uri").position(),
        message: `"${nameOf(reference)}" is at no git provider: the Go generator refuses it`,
        hint: "Refer to it by id and registryUrl, or keep it at github.com, gitlab.com or bitbucket.org",
      },
    ];
  });
}
