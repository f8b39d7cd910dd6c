import { type Build, type BuildSource, generationTag, publicSource } from "../generator/index.ts";

/** What strangers may know of where a generation came from. */
export interface GenerationFacts {
  /** The commit, or the name made from the commits where there are several sources. */
  readonly revision: string | undefined;
  /** Without credentials and paths of folders. */
  readonly sources: readonly BuildSource[];
}

const known = new WeakMap<Build, GenerationFacts>();

/** Tells where a generation came from; a build of the Go tools does not know. */
export function describeGeneration(build: Build): GenerationFacts {
  const sources = build.info?.sources ?? [];
  const facts = known.get(build) ?? {
    revision: saneRevision(generationTag(sources)),
    sources: sources.map(publicSource),
  };
  known.set(build, facts);
  return facts;
}

/** A build.json of strangers may hold anything; this goes into a header. */
function saneRevision(revision: string | undefined): string | undefined {
  return revision !== undefined && /^[\w.-]{1,128}$/.test(revision) ? revision : undefined;
}
