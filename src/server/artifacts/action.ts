import { type Artifact, artifactPath, type Referrer } from "./artifact.ts";

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
}

/** Names an artifact as clients of a host do. */
export function namesOf(artifact: Artifact, host: string): ArtifactNames {
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
  };
}

/** Names what says something about an artifact. */
export function referrerNames(artifact: Artifact, referrer: Referrer, host: string): ArtifactNames {
  const { digest, tag } = referrer;
  return namesOf(
    { ...artifact, digest, tags: tag === undefined ? [] : [tag], subject: artifact.digest },
    host,
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
