import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { eachBounded } from "../concurrent.ts";
import { DevregError } from "../errors.ts";
import type { GitLocation } from "../generator/fetch/index.ts";
import {
  FolderStackSource,
  findChangedFiles,
  type RegistrySource,
  readGitHistory,
} from "../generator/index.ts";
import { SOURCE_FETCHES } from "../limits.ts";
import type { Logger } from "../log.ts";
import type { StartProgress } from "../progress.ts";
import type { ProcessEdge } from "./edge.ts";
import type { Network } from "./network.ts";

/** A registry repository as an operand names it. */
export type SourceOperand =
  | { readonly kind: "folder"; readonly folder: string }
  | {
      readonly kind: "git";
      readonly location: GitLocation;
      /** Its address without user information. */
      readonly shown: string;
    };

/** Registry repositories that can be read, until they are closed. */
export interface OpenedSources {
  /** In the order of the operands. */
  readonly sources: readonly RegistrySource[];
  close(): Promise<void>;
}

/** How registry repositories are opened. */
export interface OpenSourcesOptions {
  /** Undefined when no socket may be opened. */
  readonly network: Network | undefined;
  readonly log: Logger;
  readonly progress: StartProgress;
}

/**
 * Reads an operand: a folder, or the address of a git repository with a revision behind "#". What is
 * there as a folder is one, whatever it is called.
 *
 * @throws {DevregError} NOT_FOUND when there is no such folder; INPUT_INVALID, UNSUPPORTED for an
 *   address of something else
 */
export async function readOperand(edge: ProcessEdge, operand: string): Promise<SourceOperand> {
  const folder = resolve(edge.cwd, operand);
  if (existsSync(folder)) return { kind: "folder", folder };
  if (operand.includes(":")) {
    const git = await import("../generator/fetch/index.ts");
    if (git.isGitAddress(operand)) {
      const location = git.parseGitLocation(operand);
      const address = git.parseGitAddress(location.url);
      const shown = address.kind === "http" ? address.url.href : address.text;
      return { kind: "git", location, shown };
    }
  }
  throw new DevregError("NOT_FOUND", `Cannot read "${operand}": there is no such file or folder`, {
    hint: "Name a registry repository (with stacks/), a build (with index.json) or, to serve it, a bundle",
  });
}

/**
 * Opens registry repositories; those in git are fetched, several side by side.
 *
 * @throws {DevregError} USAGE for one in git without network; as fetching does
 */
export async function openSources(
  edge: ProcessEdge,
  operands: readonly SourceOperand[],
  options: OpenSourcesOptions,
): Promise<OpenedSources> {
  const closing = new AsyncDisposableStack();
  const addresses = operands.filter(({ kind }) => kind === "git").length;
  const progress = options.progress("Fetching registry repositories");
  try {
    progress.total(addresses);
    const sources = await eachBounded(operands, SOURCE_FETCHES, async (operand) => {
      if (operand.kind === "folder") return folderSource(edge, operand.folder);
      const source = await gitSource(operand, options, closing);
      progress.done(source.url);
      return source;
    });
    return { sources, close: () => closing.disposeAsync() };
  } catch (error) {
    await closing.disposeAsync();
    throw error;
  } finally {
    progress.end();
  }
}

function folderSource(edge: ProcessEdge, folder: string): RegistrySource {
  return {
    files: new FolderStackSource(folder),
    url: folder,
    history: (folders) => readGitHistory(folder, folders, { signal: edge.stopped }),
    changedSince: (revision) => findChangedFiles(folder, revision),
  };
}

async function gitSource(
  { location, shown }: Extract<SourceOperand, { kind: "git" }>,
  { network, log }: OpenSourcesOptions,
  closing: AsyncDisposableStack,
): Promise<RegistrySource> {
  if (network === undefined) {
    throw new DevregError("USAGE", `Cannot fetch "${shown}": --no-network forbids it`, {
      hint: "Clone it and name the folder",
    });
  }
  const access = await network.open();
  const fetched = await access.fetchRepository(location);
  closing.defer(() => fetched.close());
  const { source: files, url, commit_hash, history, changedSince } = fetched;
  log.info("fetched registry repository", { url, commit: commit_hash });
  return { files, url, history, changedSince };
}
