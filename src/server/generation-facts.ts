import { type Build, type BuildSource, generationTag, publicSource } from "../generator/index.ts";
import { hostOfGit, isInternalHost } from "./internal-host.ts";

/** What strangers may know of where a generation came from. */
export interface GenerationFacts {
  /** The commit, or the name made from the commits where there are several sources. */
  readonly revision: string | undefined;
  /** Without credentials, paths of folders, and addresses inside a network. */
  readonly sources: readonly BuildSource[];
}

const known = new WeakMap<Build, GenerationFacts>();
const detailed = new WeakMap<Build, GenerationFacts>();

/**
 * Tells where a generation came from; a build of the Go tools does not know. With details it names
 * sources inside a network, too.
 */
export function describeGeneration(build: Build, withDetails = false): GenerationFacts {
  const kept = withDetails ? detailed : known;
  const before = kept.get(build);
  if (before !== undefined) return before;
  const sources = build.info?.sources ?? [];
  const shown = sources.map(publicSource);
  const facts = {
    revision: saneRevision(generationTag(sources)),
    sources: withDetails ? shown : shown.map(withoutInternalHost),
  };
  kept.set(build, facts);
  return facts;
}

function withoutInternalHost({ url, ...rest }: BuildSource): BuildSource {
  if (url === undefined) return rest;
  const host = hostOfGit(url);
  return host === undefined || isInternalHost(host) ? rest : { url, ...rest };
}

/** Gives a name of a generation that fits a header: a build.json of strangers may hold anything. */
export function saneRevision(revision: string | undefined): string | undefined {
  return revision !== undefined && /^[\w.-]{1,128}$/.test(revision) ? revision : undefined;
}
