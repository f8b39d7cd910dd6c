import { eachBounded } from "../../concurrent.ts";
import { SOURCE_CONCURRENCY } from "../../limits.ts";
import type { Devfile } from "../devfile-yaml.ts";
import type { FetchDevfile } from "../fetch-devfile.ts";
import { fetchOnce } from "../fetch-once.ts";
import type { Finding } from "../findings.ts";
import { OwnDevfiles } from "../own-devfiles.ts";
import type { Repository } from "../repository.ts";
import type { StackSource } from "../stack-source.ts";
import type { ImportedContent, ImportedContents } from "../validate/index.ts";
import { placedDevfiles } from "./devfile-files.ts";
import { ImportReader } from "./devfile-reader.ts";
import { DevfileFlattener } from "./flatten-devfile.ts";
import { importFindings } from "./import-findings.ts";
import { ownPlaces } from "./own-places.ts";
import { referencesOf } from "./references-of.ts";

/** The registry that devfiles name when their authors think of the public one. */
export const PUBLIC_REGISTRIES: readonly string[] = ["https://registry.devfile.io"];

/** How parents and plugins are found. */
export interface ImportOptions {
  /** Where the registry will be; nobody else is asked for what is said to be there. */
  readonly publicUrl?: string | undefined;
  /** Further addresses by which devfiles know the registry; others are asked for what it lacks. */
  readonly alsoKnownAs: readonly string[];
  /** Absent when no socket may be opened. */
  readonly fetch?: FetchDevfile | undefined;
}

/** A registry repository whose devfiles may import others. */
export interface ImportingSource {
  readonly files: StackSource;
  readonly repository: Repository;
  /** What it is part of, which references may lead to; itself unless told. */
  readonly whole?: Repository | undefined;
}

/** What came of the parents and plugins of a source. */
export interface SourceImports {
  readonly contents: ImportedContents;
  readonly findings: readonly Finding[];
  /** What was not read because the network was not to be used, each once. */
  readonly notAsked: readonly string[];
}

/**
 * Resolves the parents and plugins of all devfiles: those of the registry itself first, all others
 * from the network, each address once. What cannot be resolved is a finding.
 *
 * @throws {DevregError} ABORTED
 */
export async function resolveImports(
  sources: readonly ImportingSource[],
  { publicUrl, alsoKnownAs, fetch }: ImportOptions,
): Promise<readonly SourceImports[]> {
  const importing = sources.map(({ files, repository }) =>
    placedDevfiles(files, repository).filter(({ devfile }) => importsAny(devfile)),
  );
  if (importing.every((devfiles) => devfiles.length === 0)) return sources.map(() => NOTHING);
  const places = sources.flatMap(({ repository, whole }) => ownPlaces(whole ?? repository));
  const addresses = [...(publicUrl === undefined ? [] : [publicUrl]), ...alsoKnownAs];
  const reader = new ImportReader(new OwnDevfiles(places, addresses), {
    ...(fetch === undefined ? {} : { fetch: fetchOnce(fetch) }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
  });
  const flattener = new DevfileFlattener(reader);
  const resolved: SourceImports[] = [];
  for (const devfiles of importing) {
    const contents = new Map<Devfile, ImportedContent>();
    const findings: Finding[] = [];
    const notAsked = new Set<string>();
    await eachBounded(devfiles, SOURCE_CONCURRENCY, async (placed) => {
      const flattened = await flattener.flatten(placed);
      contents.set(placed.devfile, flattened.content);
      findings.push(...importFindings(flattened));
      for (const name of flattened.notAsked) notAsked.add(name);
    });
    resolved.push({ contents, findings, notAsked: [...notAsked].sort() });
  }
  return resolved;
}

const NOTHING: SourceImports = { contents: new Map(), findings: [], notAsked: [] };

/** Tells whether a devfile has a parent or a plugin; most have none, and cost nothing more. */
function importsAny(devfile: Devfile): boolean {
  return devfile.imports && referencesOf(devfile).length > 0;
}
