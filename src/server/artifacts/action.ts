import { registryHostOf, type Site } from "../site/index.ts";
import { type Artifact, artifactPath, type Referrer } from "./artifact.ts";

/** Where clients pull from. */
export interface PullHost {
  /** "host:port". */
  readonly host: string;
  /** True where it is reached without TLS, which most clients must be told. */
  readonly isPlain: boolean;
}

/** The names of an artifact that commands are made of. */
export interface ArtifactNames {
  /** "host/repository:tag", or by digest where it has no tag. */
  readonly reference: string;
  /** "host/repository@digest". */
  readonly pinned: string;
  /** What it says something about, by digest; itself where that is nothing. */
  readonly subject: string;
  /** "host/repository". */
  readonly name: string;
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  /** "--plain-http " where there is no TLS, else nothing. */
  readonly plain: string;
}

/** Tells where clients pull from who reach this server at a site. */
export function pullHostOf(site: Site): PullHost {
  return { host: registryHostOf(site), isPlain: site.origin.startsWith("http:") };
}

/** Names an artifact as clients of a host do. */
export function namesOf(artifact: Artifact, { host, isPlain }: PullHost): ArtifactNames {
  const { repository, digest, subject, tags } = artifact;
  const name = `${host}/${repository}`;
  return {
    reference: `${host}/${artifactPath(artifact)}`,
    pinned: `${name}@${digest}`,
    subject: `${name}@${subject ?? digest}`,
    name,
    registry: host,
    repository,
    tag: tags[0] ?? "",
    digest,
    plain: isPlain ? "--plain-http " : "",
  };
}

/** Names what says something about an artifact. */
export function referrerNames(
  artifact: Artifact,
  referrer: Referrer,
  from: PullHost,
): ArtifactNames {
  const { digest, tag } = referrer;
  return namesOf(
    { ...artifact, digest, tags: tag === undefined ? [] : [tag], subject: artifact.digest },
    from,
  );
}

/**
 * Fills in the template of a command. Undefined where it needs a tag and there is none. All names
 * follow grammars without anything that a shell minds.
 */
export function fillAction(template: string | undefined, names: ArtifactNames): string | undefined {
  if (template === undefined) return undefined;
  if (template.includes("{tag}") && names.tag === "") return undefined;
  const values: Readonly<Record<string, string>> = { ...names };
  return template.replace(/\{([a-z]+)\}/g, (whole, place: string) => values[place] ?? whole);
}
