import { DevregError } from "../errors.ts";
import type { PhaseClock } from "../phase-clock.ts";
import type { StartProgress } from "../progress.ts";
import { Pace, takeTurn } from "../turn.ts";
import { STACKS_IN_A_ROW } from "../turn-limits.ts";
import type { BuildSource } from "./build.ts";
import { buildExtraEntry, buildStackEntry, type DateOf } from "./build-index.ts";
import type { ChangedScope } from "./changed/index.ts";
import { compareIndex } from "./compare-index.ts";
import type { ChosenInspection } from "./duplicates.ts";
import { type Finding, sortFindings, withoutEchoes } from "./findings.ts";
import type { GitHistory } from "./git-history.ts";
import type { SourceImports } from "./imports/index.ts";
import {
  type FindImages,
  findNamedImages,
  type ImageContent,
  type NamedImage,
} from "./named-images.ts";
import type { AllNotAsked } from "./not-asked.ts";
import { checkOnline, type Outside } from "./online/index.ts";
import { type PackagedStacks, packageVersions } from "./package-versions.ts";
import {
  choosePublishable,
  type Publishable,
  type PublishableExtra,
  type PublishableStack,
} from "./publishable.ts";
import { readDates } from "./read-dates.ts";
import type { RegistrySource } from "./registry-source.ts";
import type { RemoteContent } from "./remote-content.ts";
import type { RemoteIcon } from "./remote-icons.ts";
import type { Repository } from "./repository.ts";
import { applyOwnRules, type OwnRules, RULES_FILE } from "./rules/index.ts";
import type { StackSource } from "./stack-source.ts";
import { type Place, type PlacedEntry, validate } from "./validate/index.ts";

/** The index entry of a stack, and what it was made from. */
export interface PlacedStack extends PlacedEntry {
  readonly stack: PublishableStack;
  readonly dateOf: DateOf;
}

/** The index entry of a sample or of a described stack, and what it was made from. */
export interface PlacedExtra extends PlacedEntry {
  readonly extra: PublishableExtra;
  readonly dateOf: DateOf;
}

/** What one source brings into a build. */
export interface SourceContent {
  /** Packaged, in the order of the index. */
  readonly packaged: PackagedStacks;
  readonly extras: readonly PublishableExtra[];
  readonly stackEntries: readonly PlacedStack[];
  readonly extraEntries: readonly PlacedExtra[];
  readonly findings: readonly Finding[];
  /** Undefined when the source has none. */
  readonly ownRules: OwnRules | undefined;
  readonly leftOut: readonly string[];
  /** Icons that samples have in their own repositories. */
  readonly icons: readonly RemoteIcon[];
  /** What was not fetched because the network was not to be used. */
  readonly notAsked: AllNotAsked;
  readonly source: BuildSource;
}

/** A source with all that was fetched for it. */
export interface FetchedSource {
  readonly source: RegistrySource;
  readonly inspection: ChosenInspection;
  readonly remote: RemoteContent;
  readonly imports: SourceImports;
  /** Absent when all of it is looked at. */
  readonly scope?: ChangedScope | undefined;
}

/** What reading the content of a source needs. */
export interface SourceContentOptions {
  /** Needed where a source has rules about images, and to ask about them. */
  readonly findImages?: FindImages | undefined;
  /** Asked whether what the source points at is there; absent where nothing is to be asked. */
  readonly online?: Outside | undefined;
  readonly clock: PhaseClock;
  readonly progress: StartProgress;
}

/** Packages what a source has, makes its entries of the index and applies every rule. */
export async function readContent(
  { source, inspection, remote, imports, scope }: FetchedSource,
  options: SourceContentOptions,
): Promise<SourceContent> {
  const { clock } = options;
  const { findings: inspected, leftOut } = inspection;
  const { repository } = remote;
  const seen = [...inspected, ...remote.findings];
  const publishable = choosePublishable(repository);
  const packaged = await clock.through("package", () => packagePhase(source, publishable, options));
  const dates = await clock.through("dates", () =>
    readDates(source.history, repository, publishable),
  );
  const stackEntries = await clock.through("index", () =>
    placeStacks(repository, packaged, dates.dateOf),
  );
  const extraEntries = placeExtras(publishable.extras, dates.dateOf);
  const entries = [...stackEntries, ...extraEntries];
  const index = entries.map(({ entry }) => entry);
  const ruled = clock.count("validate", () =>
    validate(repository, entries, imports.contents, scope?.whole),
  );
  await takeTurn();
  const content = { packaged, extras: publishable.extras };
  const images = onDemand(() => findImages(source.files, content, options));
  const own = await applyOwnRules(source.files, { repository, entries, images });
  const asked = await askOutside(repository, images, options);
  const isOf = scope?.isOf ?? (() => true);
  const findings = sortFindings([
    ...seen,
    ...imports.findings,
    ...packaged.findings,
    ...dates.findings,
    ...withoutEchoes([...ruled, ...own.findings], seen),
    ...asked,
    // A part of an index differs from all of it.
    ...(scope === undefined ? await compareIndex(source.files, index) : []),
  ]).filter(isOf);
  return {
    packaged,
    extras: publishable.extras,
    stackEntries,
    extraEntries,
    findings: own.rules?.judge(findings) ?? findings,
    ownRules: own.rules,
    leftOut: [
      ...leftOut.filter((file) => isOf({ file })),
      ...publishable.leftOut,
      ...packaged.leftOut,
    ],
    icons: remote.icons,
    notAsked: { ...remote.notAsked, parents: imports.notAsked },
    source: describeSource(source, dates.history),
  };
}

async function findImages(
  source: StackSource,
  content: ImageContent,
  { findImages: find }: SourceContentOptions,
): Promise<readonly NamedImage[]> {
  if (find !== undefined) return await findNamedImages(source, content, find);
  throw new DevregError("UNSUPPORTED", `Cannot apply "${RULES_FILE}": nothing finds images here`);
}

async function askOutside(
  repository: Repository,
  images: () => Promise<readonly NamedImage[]>,
  { online, progress: start }: SourceContentOptions,
): Promise<readonly Finding[]> {
  if (online === undefined) return [];
  const progress = start("Asking registries and repositories");
  try {
    return await checkOnline({ repository, images: await images() }, online, progress);
  } finally {
    progress.end();
  }
}

function onDemand<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

async function packagePhase(
  { files }: RegistrySource,
  { stacks }: Publishable,
  options: SourceContentOptions,
): Promise<PackagedStacks> {
  const progress = options.progress("Packaging stack versions");
  try {
    return await packageVersions(files, stacks, progress);
  } finally {
    progress.end();
  }
}

async function placeStacks(
  repository: Repository,
  { stacks, files }: PackagedStacks,
  dateOf: DateOf,
): Promise<PlacedStack[]> {
  const pace = new Pace(STACKS_IN_A_ROW);
  const placed: PlacedStack[] = [];
  for (const stack of stacks) {
    await pace.did(1);
    placed.push({
      stack,
      dateOf,
      entry: buildStackEntry(stack, dateOf, (version) =>
        (files.get(version) ?? []).map(({ name }) => name),
      ),
      at: placeOf(stack) ?? { file: repository.name },
    });
  }
  return placed;
}

/** Where a stack says what it is: stack.yaml, else the metadata of its devfile. */
function placeOf({ source, versions }: PublishableStack): Place | undefined {
  const own = source.stackYaml?.contents?.node;
  return (own ?? versions[0]?.devfile.metadata)?.position();
}

function placeExtras(extras: readonly PublishableExtra[], dateOf: DateOf): PlacedExtra[] {
  return extras.map((extra) => ({
    extra,
    dateOf,
    entry: buildExtraEntry(extra, dateOf),
    at: extra.source.entry.node.position(),
  }));
}

function describeSource({ url }: RegistrySource, history: GitHistory | undefined): BuildSource {
  if (history === undefined || history.dirty) return { url };
  return { url, commit_hash: history.commit_hash, commit_time: history.commit_time };
}
