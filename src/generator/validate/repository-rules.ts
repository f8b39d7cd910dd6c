import type { Repository } from "../repository.ts";
import type { Place, Rule } from "./rule.ts";

const stacksThere: Rule<Repository> = {
  name: "no-stacks",
  *check({ stacks, extras, hasSamples, beside }) {
    if (stacks.length + (beside?.replaced ?? 0) > 0) return;
    const empty = extras.length === 0 && !hasSamples;
    // Only samples are enough where another source has the stacks.
    if (!empty && beside?.stacks === true) return;
    yield {
      severity: "error",
      at: { file: "stacks" },
      message: empty
        ? "Cannot find a stack: the repository is empty"
        : 'Cannot find a stack: there is no folder below "stacks"',
      hint: "Give the folder that holds stacks/<name>/devfile.yaml",
    };
  },
};

const namesDiffer: Rule<Repository> = {
  name: "name-duplicate",
  *check(repository) {
    const first = new Map<string, Named>();
    for (const named of namesOf(repository)) {
      const { name, at } = named;
      const before = first.get(name);
      if (before === undefined) {
        first.set(name, named);
        continue;
      }
      yield {
        severity: "warning",
        at: at(),
        message: `the name "${name}" is already taken in "${before.at().file}"`,
        hint: "Rename one of them: clients reach only the first by its name",
      };
    }
  },
};

const samplesListed: Rule<Repository> = {
  name: "sample-unlisted",
  *check({ sampleFolders, extras, extraEntriesBroken }) {
    if (extraEntriesBroken) return;
    const listed = new Set(extras.map(({ entry }) => entry.fields.name));
    for (const name of sampleFolders.filter((folder) => !listed.has(folder))) {
      yield {
        severity: "warning",
        at: { file: `samples/${name}` },
        message: "extraDevfileEntries.yaml does not list this sample, so it is not published",
        hint: "Add it to samples, or remove the folder",
      };
    }
  },
};

/** Rules for the repository as a whole. */
export const repositoryRules: readonly Rule<Repository>[] = [
  stacksThere,
  namesDiffer,
  samplesListed,
];

/** A name that an entry of the index will have, and a way to find where that is said. */
interface Named {
  readonly name: string;
  readonly at: () => Place;
}

/** Gives the names that entries of the index will have, in its order. */
function* namesOf({ stacks, extras }: Repository): Iterable<Named> {
  for (const { path, stackYaml, versions } of stacks) {
    const own = stackYaml?.contents;
    const devfile = versions[0]?.devfile?.contents;
    const name = own?.fields.name ?? devfile?.fields.name ?? "";
    const holder = () => own?.node ?? devfile?.metadata;
    if (name === "" || (own ?? devfile) === undefined) continue;
    yield { name, at: () => holder()?.get("name").position() ?? { file: path } };
  }
  for (const { entry } of extras) {
    const name = entry.fields.name ?? "";
    if (name !== "") yield { name, at: () => entry.node.get("name").position() };
  }
}
