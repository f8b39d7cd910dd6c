import type { Finding, Severity } from "./findings.ts";
import type { Inspection } from "./inspect.ts";
import type { Extra, Repository, Stack } from "./repository.ts";

/** Which of several sources counts for a stack or sample that more than one has. */
export type OnDuplicate = "error" | "first" | "last";

/** A source without the entries that another one has in their place. */
export interface ChosenInspection extends Inspection {
  /** Entries dropped although nobody chose between the sources, by folder or "sample <name>". */
  readonly leftOut: readonly string[];
}

/** Anything that becomes an entry of the index, with the names it is reached by. */
interface Claim {
  readonly what: string;
  readonly leftOutAs: string;
  readonly keys: readonly string[];
  readonly at: Pick<Finding, "file" | "line" | "column" | "path">;
}

/**
 * Gives each stack and each sample to one source. A stack is the same by its folder or its name.
 * Unless told which source counts, a second one is an error, and left out where errors are overruled.
 */
export function chooseEntries(
  inspections: readonly Inspection[],
  onDuplicate: OnDuplicate,
): readonly ChosenInspection[] {
  if (inspections.length < 2) return inspections.map((each) => ({ ...each, leftOut: [] }));
  const owners = new Map<string, Repository>();
  const order = onDuplicate === "last" ? inspections.toReversed() : inspections;
  const chosen = new Map<Inspection, ChosenInspection>();
  for (const inspection of order) {
    chosen.set(inspection, chooseFrom(inspection, owners, onDuplicate));
  }
  const withStacks = inspections.filter(({ repository }) => repository.stacks.length > 0);
  return inspections.flatMap((inspection) => {
    const each = chosen.get(inspection);
    if (each === undefined) return [];
    const { repository } = each;
    const replaced = countOf(inspection.repository) - countOf(repository);
    const stacks = withStacks.some((other) => other !== inspection);
    return [{ ...each, repository: { ...repository, beside: { replaced, stacks } } }];
  });
}

function countOf({ stacks, extras }: Repository): number {
  return stacks.length + extras.length;
}

function chooseFrom(
  { repository, findings }: Inspection,
  owners: Map<string, Repository>,
  onDuplicate: OnDuplicate,
): ChosenInspection {
  const severity = onDuplicate === "error" ? "error" : "warning";
  const duplicates: Finding[] = [];
  const leftOut: string[] = [];
  const keeps = (claim: Claim): boolean => {
    const owner = claim.keys.map((key) => owners.get(key)).find((one) => one !== undefined);
    if (owner === undefined || owner === repository) {
      for (const key of claim.keys) owners.set(key, repository);
      return true;
    }
    duplicates.push(duplicate(claim, repository.name, owner.name, severity));
    if (severity === "error") leftOut.push(claim.leftOutAs);
    return false;
  };
  const dropped: Stack[] = [];
  const stacks = repository.stacks.filter((stack) => {
    const kept = keeps(claimOfStack(stack));
    if (!kept) dropped.push(stack);
    return kept;
  });
  const extras = repository.extras.filter((extra) => keeps(claimOfExtra(extra)));
  // What is wrong with a stack that nobody wants does not matter.
  const unwanted = new Set(severity === "warning" ? dropped.map(({ path }) => path) : []);
  const kept = findings.filter(({ file }) => !unwanted.has(stackPathOf(file)));
  const chosen = { ...repository, stacks, extras };
  return { repository: chosen, findings: [...kept, ...duplicates], leftOut };
}

/** Gives the first two parts of a path: where a stack lies that has the file. */
function stackPathOf(file: string): string {
  const [top = "", name = "", ...below] = file.split("/");
  return below.length === 0 ? "" : `${top}/${name}`;
}

function duplicate({ what, at }: Claim, here: string, owner: string, severity: Severity): Finding {
  const error = severity === "error";
  return {
    severity,
    rule: "source-duplicate",
    ...at,
    message: error
      ? `Cannot publish ${what} twice: both "${owner}" and "${here}" have it`
      : `${what} is taken from "${owner}", so that of "${here}" is not used`,
    ...(error ? { hint: "Choose the source that counts with --on-duplicate first or last" } : {}),
  };
}

function claimOfStack({ folder, path, stackYaml, versions }: Stack): Claim {
  const name = stackYaml?.contents?.fields.name || versions[0]?.devfile?.contents?.fields.name;
  return {
    what: `stack "${folder}"`,
    leftOutAs: path,
    keys: [...new Set([folder, name || folder])].map((each) => `stack ${each}`),
    at: { file: stackYaml?.path ?? versions[0]?.devfile?.path ?? path },
  };
}

function claimOfExtra({ entry }: Extra): Claim {
  const { name = "" } = entry.fields;
  return {
    what: `${entry.type} "${name}"`,
    leftOutAs: `${entry.type} ${name}`,
    // What has no name is reported for that.
    keys: name === "" ? [] : [`${entry.type} ${name}`],
    at: entry.node.position(),
  };
}
