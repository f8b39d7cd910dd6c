import type { Devfile } from "./devfile-yaml.ts";
import type { GoTime } from "./go-time.ts";
import type { LastModified } from "./last-modified.ts";
import type { ExtraEntry, ExtraVersion } from "./samples-yaml.ts";
import type { SourceFile } from "./stack-source.ts";
import type { DeclaredVersion, StackYaml } from "./stack-yaml.ts";

/** A file of the repository that was parsed; its contents may be there although it is broken. */
export interface ParsedFile<Contents> {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Undefined when nothing of it could be read. */
  readonly contents: Contents | undefined;
  /** True when an error was reported while it was read: the Go generator refuses it even by force. */
  readonly broken: boolean;
}

/** One version of a stack as it lies in the repository. */
export interface StackVersion {
  /** Where it lies: "stacks/go/2.0.0", or "stacks/go" when there is no stack.yaml. */
  readonly folder: string;
  /** What stack.yaml says of it. */
  readonly declared: DeclaredVersion | undefined;
  readonly isDefault: boolean;
  /** All files of the folder; paths are relative to the repository. */
  readonly files: readonly SourceFile[];
  /** devfile.yaml, else .devfile.yaml. */
  readonly devfile: ParsedFile<Devfile> | undefined;
  /** Author date of the commit it was fetched from, when it lies in another repository. */
  readonly fetched?: GoTime;
}

/** One folder below stacks/, or below devfiles/ of an older registry. */
export interface Stack {
  /** Name of the folder, which is also the stack's name in OCI. */
  readonly folder: string;
  /** "stacks/go", "devfiles/go" */
  readonly path: string;
  readonly stackYaml: ParsedFile<StackYaml> | undefined;
  /** Descending x.y.z; those that lie in another repository are among them once fetched. */
  readonly versions: readonly StackVersion[];
  /** Versions of stack.yaml that lie in another repository and were not fetched. */
  readonly remoteVersions: readonly DeclaredVersion[];
  /** Folders with a devfile that stack.yaml does not name. */
  readonly unlisted: readonly string[];
}

/** One version of a sample, or the whole sample when it has no versions. */
export interface SampleVersion {
  /** Where its devfile would lie: "samples/go-basic/2.0.0". */
  readonly folder: string;
  readonly extra: ExtraVersion | undefined;
  /** Undefined when the repository does not hold it and it was not fetched. */
  readonly devfile: ParsedFile<Devfile> | undefined;
  /** Author date of the commit that its devfile was fetched from. */
  readonly fetched?: GoTime;
  /** Where its devfile lay in its own repository, and the files that parents in it lead to. */
  readonly beside?: { readonly path: string; readonly files: ReadonlyMap<string, Uint8Array> };
}

/** An entry of extraDevfileEntries.yaml with the devfiles below samples/ that belong to it. */
export interface Extra {
  readonly entry: ExtraEntry;
  /** Empty for an entry of type stack. */
  readonly samples: readonly SampleVersion[];
}

/** A registry repository, read and parsed but not judged. */
export interface Repository {
  /** As the user gave it. */
  readonly name: string;
  /** Sorted bytewise by folder. */
  readonly stacks: readonly Stack[];
  /** Samples before stacks, each in file order. */
  readonly extras: readonly Extra[];
  /** True when devfiles of samples are kept below samples/. */
  readonly hasSamples: boolean;
  /** Names of the folders below samples/. */
  readonly sampleFolders: readonly string[];
  readonly extraEntriesBroken: boolean;
  readonly hasLastModified: boolean;
  /** Undefined when there is no last_modified.json or it is broken. */
  readonly lastModified: LastModified | undefined;
  /** What it shares the registry with; undefined when it is the only source. */
  readonly beside?: Beside;
}

/** What the sources of a registry mean to one of them. */
export interface Beside {
  /** How many stacks and samples of this source are not used because another source has them. */
  readonly replaced: number;
  /** Whether another source has stacks. */
  readonly stacks: boolean;
}

/** Gives the version under which a stack version is published: its devfile's. */
export function indexVersion(version: StackVersion): string {
  return version.devfile?.contents?.fields.version ?? "";
}
