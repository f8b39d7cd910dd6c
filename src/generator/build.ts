import type { RegistryIndex } from "./index-schema.ts";

/** What is known of one file of a build. */
export interface BuildFile {
  /** Size in bytes. */
  readonly size: number;
  /** When it last changed, where the medium knows; sent as Last-Modified. */
  readonly modified?: Date;
}

/**
 * The files of a build, by path relative to it ("stacks/go/2.0.0/devfile.yaml"), without index.json
 * and build.json. A path that leaves the build (also by a symbolic link) or names a folder is simply
 * not there.
 */
export interface BuildFiles {
  /** Gives the path of every file, sorted bytewise. */
  paths(): Promise<readonly string[]>;
  /** Gives the names of the files (not folders) of a folder, sorted bytewise; empty when none. */
  list(folder: string): Promise<readonly string[]>;
  stat(path: string): Promise<BuildFile | undefined>;
  /** Reads a file whole. @throws {DevregError} NOT_FOUND */
  read(path: string): Promise<Uint8Array>;
  /** Gives a file that is read as it is sent; undefined where the medium has none to give. */
  blob?(path: string): Blob | undefined;
}

/** Where the content of a build came from. */
export interface BuildSource {
  /** Address without user information. build.json has none of a folder: a path is of one machine. */
  readonly url?: string;
  /** The commit read, where one is known and the checkout is clean. */
  readonly commit_hash?: string;
  /** Committer date of that commit, RFC 3339 in UTC. */
  readonly commit_time?: string;
}

/** What an archive of an offline build was made from. */
export interface ProjectInfo {
  /** Of the archive in the build, hexadecimal. */
  readonly sha256: string;
  /** Where the project was fetched from. */
  readonly url: string;
  /** The commit, of a project in git. */
  readonly commit_hash?: string;
  /** What was downloaded, of a project in a zip archive; hexadecimal. */
  readonly source_sha256?: string;
  /** Submodules that are part of the archive, in the order of its files. */
  readonly submodules?: readonly {
    readonly path: string;
    readonly url: string;
    readonly commit_hash: string;
  }[];
}

/** What makes a build one for a network without a way out. */
export interface OfflineInfo {
  /** The address that is written into devfiles and index; absent when none was known. */
  readonly publicUrl?: string;
  /** How many starter projects only the REST API can give, for want of a public URL. */
  readonly restOnly: number;
  /** Parents and plugins by what became of them. */
  readonly parents: { readonly registry: number; readonly flattened: number };
  /** How many attributes name a document at its outside address still, for want of a public URL. */
  readonly documents: number;
  /** The file below documents/ of each document's address that attributes name, sorted. */
  readonly documentFiles: Readonly<Record<string, string>>;
  /** By path of the archive in the build, sorted. */
  readonly projects: Readonly<Record<string, ProjectInfo>>;
}

/** Contents of build.json, the record that `generate` leaves beside the index. */
export interface BuildInfo {
  /** Format number; a newer major is refused. */
  readonly format: string;
  readonly tool: { readonly name: "devreg"; readonly version: string };
  readonly sources: readonly BuildSource[];
  readonly commit_time?: string;
  readonly counts: {
    readonly stacks: number;
    readonly stackVersions: number;
    readonly samples: number;
    readonly sampleVersions: number;
    readonly icons: number;
    readonly iconsMissing: number;
  };
  /** Manifest digest of each stack artifact, by "name:version". */
  readonly stacks: Readonly<Record<string, string>>;
  /** The file below icons/ of each icon address that was fetched. */
  readonly icons: Readonly<Record<string, string>>;
  /** Absent in a build that still points elsewhere. */
  readonly offline?: OfflineInfo;
}

/** A build in memory or on disk: what serve and bootstrap work from. */
export interface Build {
  readonly index: RegistryIndex;
  /** The exact bytes of index.json. */
  readonly indexBytes: Uint8Array;
  /** Absent in a build of the Go tools. */
  readonly info: BuildInfo | undefined;
  readonly files: BuildFiles;
}
