import type { BuildSource } from "./build.ts";
import type { ChangedPart } from "./changed/index.ts";
import type { Finding } from "./findings.ts";
import { notAskedLines } from "./not-asked.ts";
import type { PackagedFile } from "./package-stack.ts";
import type { PublishableExtra, PublishableStack, PublishableVersion } from "./publishable.ts";
import type { RemoteIcon } from "./remote-icons.ts";
import type { AllOwnRules } from "./rules/index.ts";
import type { PlacedExtra, PlacedStack, SourceContent } from "./source-content.ts";
import type { PlacedEntry } from "./validate/index.ts";

/** What all sources bring into a build. */
export interface MergedContent {
  /** As in the index: the stacks of all sources in their order. */
  readonly stackEntries: readonly PlacedStack[];
  /** The extra entries likewise; they follow the stacks. */
  readonly extraEntries: readonly PlacedExtra[];
  readonly stacks: readonly PublishableStack[];
  readonly files: ReadonlyMap<PublishableVersion, readonly PackagedFile[]>;
  readonly extras: readonly PublishableExtra[];
  readonly findings: readonly Finding[];
  readonly leftOut: readonly string[];
  /** Icons that samples have in their own repositories. */
  readonly icons: readonly RemoteIcon[];
  /** What was not looked at because the network was not to be used. */
  readonly notChecked: readonly string[];
  readonly sources: readonly BuildSource[];
  /** What repositories make of findings, by what each is called where there are several. */
  readonly ownRules: AllOwnRules;
  /** Absent when all of the sources was looked at. */
  readonly changed?: ChangedPart;
}

/**
 * Puts the contents of sources together in their order. With several, whatever is said of one names
 * it.
 *
 * @param names what each source is called, in the same order
 */
export function mergeContents(
  contents: readonly SourceContent[],
  names: readonly string[],
): MergedContent {
  const several = contents.length > 1;
  const nameOf = (at: number) => (several ? names[at] : undefined);
  const all = <Item>(pick: (content: SourceContent) => readonly Item[]) => contents.flatMap(pick);
  const placed = <Placed extends PlacedEntry>(
    pick: (content: SourceContent) => readonly Placed[],
  ) =>
    contents.flatMap((content, at) =>
      pick(content).map((each) => ({ ...each, at: inSource(each.at, nameOf(at)) })),
    );
  return {
    stackEntries: placed((each) => each.stackEntries),
    extraEntries: placed((each) => each.extraEntries),
    stacks: all(({ packaged }) => packaged.stacks),
    files: new Map(all(({ packaged }) => [...packaged.files])),
    extras: all(({ extras }) => extras),
    findings: contents.flatMap(({ findings }, at) =>
      findings.map((finding) => inSource(finding, nameOf(at))),
    ),
    leftOut: contents.flatMap(({ leftOut }, at) => {
      const name = nameOf(at);
      return name === undefined ? leftOut : leftOut.map((what) => `${name}: ${what}`);
    }),
    icons: all(({ icons }) => icons),
    notChecked: notAskedLines(contents.map(({ notAsked }) => notAsked)),
    sources: contents.map(({ source }) => source),
    ownRules: contents.flatMap(({ ownRules }, at) =>
      ownRules === undefined ? [] : [[nameOf(at), ownRules] as const],
    ),
  };
}

/** Gives the entries of the index, in its order. */
export function entriesOf({
  stackEntries,
  extraEntries,
}: Pick<MergedContent, "stackEntries" | "extraEntries">): readonly PlacedEntry[] {
  return [...stackEntries, ...extraEntries];
}

function inSource<Place extends object>(
  place: Place,
  source: string | undefined,
): Place & { readonly source?: string } {
  return source === undefined ? place : { source, ...place };
}
