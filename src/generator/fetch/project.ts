import type { Logger } from "../../log.ts";
import type { Transport } from "../../net/index.ts";
import type { RunGit } from "./run-git.ts";

/** Where a project of a devfile comes from. Spec: devfile 2.x, projects and starterProjects. */
export type ProjectSource = GitProjectSource | ZipProjectSource;

/** A project in git. */
export interface GitProjectSource {
  readonly kind: "git";
  /** Addresses by name of the remote: { origin: "https://…" }. */
  readonly remotes: Readonly<Record<string, string>>;
  readonly checkoutFrom?: {
    /** Needed where there are several remotes. */
    readonly remote?: string;
    /** Branch, tag or commit; the default branch where absent. */
    readonly revision?: string;
  };
  /** The only folder wanted; it becomes the root of the tree. */
  readonly subDir?: string;
}

/** A project in a zip archive. */
export interface ZipProjectSource {
  readonly kind: "zip";
  /** An http or https address. */
  readonly location: string;
  /** The only folder wanted; counted below the archive's single top-level folder. */
  readonly subDir?: string;
}

/** One file or symbolic link of a project. */
export type ProjectEntry =
  | {
      /** Relative to the root, parts joined by "/". */
      readonly path: string;
      readonly mode: "file" | "executable";
      readonly bytes: Uint8Array;
    }
  | {
      readonly path: string;
      readonly mode: "symlink";
      /** As the link holds it, relative to the folder that it lies in. */
      readonly target: string;
    };

/** The content of a project; folders are implied by their files. */
export interface ProjectTree {
  /** Sorted bytewise by path, without duplicates; no path leads through a link or out of the tree. */
  readonly entries: readonly ProjectEntry[];
  /** Sum of the sizes of files and link targets. */
  readonly totalBytes: number;
}

/** What exactly was fetched, so that it can be fetched again. */
export type Provenance = GitProvenance | ZipProvenance;

/** A commit. */
export interface GitProvenance {
  readonly kind: "git";
  /** Without user information. */
  readonly url: string;
  readonly commit: string;
  /** Committer date, RFC 3339 in UTC. */
  readonly commitTime: string;
  /** Author date, RFC 3339 with its own offset. */
  readonly authorTime: string;
  /** The submodules in the tree, in its order. */
  readonly submodules: readonly SubmoduleProvenance[];
}

/** A submodule that became part of a tree. */
export interface SubmoduleProvenance {
  /** Where it lies, relative to the top of the repository. */
  readonly path: string;
  readonly url: string;
  readonly commit: string;
}

/** An archive. */
export interface ZipProvenance {
  readonly kind: "zip";
  /** As asked for, without user information. */
  readonly url: string;
  /** Of the archive as it was downloaded, hexadecimal. */
  readonly sha256: string;
}

/** A project with where it comes from. */
export interface FetchedProject {
  readonly tree: ProjectTree;
  readonly provenance: Provenance;
}

/** Reads a folder of a project that was fetched; the whole project where it is undefined or "". */
export type ProjectReader = (subDir: string | undefined) => Promise<FetchedProject>;

/** A project that was fetched, whose folders are read until it is closed. */
export interface OpenedProject {
  /** Reads a folder, which becomes the root of the tree. @throws {DevregError} as fetchProject() */
  readonly read: ProjectReader;
  /** Removes what is kept on disk. */
  close(): Promise<void>;
}

/** A user name and a password or token for a git server. */
export interface GitCredentials {
  readonly username: string;
  readonly password: string;
}

/** What fetching needs of the world. */
export interface FetchDeps {
  readonly send: Transport;
  /** Gives the credentials for a host ("git.example.com", "git.example.com:8443"). */
  readonly credentials?: (host: string) => GitCredentials | undefined;
  /** An existing folder; what is kept there while fetching is removed afterwards. */
  readonly temporaryFolder: string;
  readonly log: Logger;
  readonly signal?: AbortSignal;
  /** For the whole fetch; {@link FETCH_TIMEOUT_MS} unless told. */
  readonly timeoutMs?: number;
  /** The most that a project's files, and its archive, may hold; {@link PROJECT_BYTES} unless told. */
  readonly limitBytes?: number;
  /** Runs the git program, where there is one: ssh is spoken by it alone. */
  readonly runGit?: RunGit;
}
