import { isImagePattern } from "../../../airgap/index.ts";
import type {
  Build,
  GenerateOptions,
  IndexEntry,
  VersionChoice,
} from "../../../generator/index.ts";
import { matchesGlob } from "../../../glob.ts";

/** What registry repositories hold, before it is made an offline build. */
type Content = Parameters<NonNullable<GenerateOptions["offline"]>>[0];

/** Says which stacks and samples are taken, by patterns of "name" or "name@version". */
export interface ContentChoice {
  keeps(choice: VersionChoice): boolean;
  /** Gives the patterns that nothing was called by so far: they may be misspelt. */
  unmatched(): readonly string[];
}

/** Makes a choice of stacks and samples; patterns with a slash are for images. */
export function chooseContent(
  include: readonly string[],
  exclude: readonly string[],
): ContentChoice {
  const left = exclude.filter((pattern) => !isImagePattern(pattern));
  const matched = new Set<string>();
  const matches = (patterns: readonly string[], { name, version }: VersionChoice) => {
    const called = version === undefined ? [name] : [name, `${name}@${version}`];
    const found = patterns.filter((each) => called.some((text) => matchesGlob(each, text)));
    for (const pattern of found) matched.add(pattern);
    return found.length > 0;
  };
  return {
    keeps: (choice) => {
      const taken = matches(include, choice) || include.length === 0;
      return !matches(left, choice) && taken;
    },
    unmatched: () => [...include, ...left].filter((pattern) => !matched.has(pattern)),
  };
}

/** Tells whether a build has a version of a stack or sample. */
export function versionsOf({ index }: Pick<Build, "index">): (choice: VersionChoice) => boolean {
  const known = new Set<string>();
  for (const entry of index) {
    const { versions = [] } = entry;
    for (const { version } of versions) known.add(keyOf(entry, version));
    if (versions.length === 0) known.add(keyOf(entry, undefined)).add(keyOf(entry, entry.version));
  }
  return (choice) => known.has(keyOf(choice, choice.version));
}

/** Takes away the stacks and samples that a build has no version of, so that they cost no fetching. */
export function onlyEntriesOf(content: Content, { index }: Pick<Build, "index">): Content {
  const known = new Set(index.map((entry) => keyOf(entry, undefined)));
  const isKept = ({ entry }: { readonly entry: IndexEntry }) => known.has(keyOf(entry, undefined));
  const stackEntries = content.stackEntries.filter(isKept);
  const extraEntries = content.extraEntries.filter(isKept);
  return {
    ...content,
    stackEntries,
    extraEntries,
    stacks: stackEntries.map(({ stack }) => stack),
    extras: extraEntries.map(({ extra }) => extra),
  };
}

function keyOf(
  { type, name }: Pick<IndexEntry, "type" | "name">,
  version: string | undefined,
): string {
  return JSON.stringify([type ?? "stack", name, version]);
}
