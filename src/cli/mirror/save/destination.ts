import { statSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { BundleOutput } from "../../../airgap/index.ts";
import { ioError, makeFolder } from "../../../atomic-file.ts";
import { DevregError } from "../../../errors.ts";
import type { ProcessEdge } from "../../edge.ts";
import type { FlagValues } from "../../flag.ts";
import type { saveFlags } from "./flags.ts";

/** Where a bundle goes, and what follows from that. */
export interface Destination {
  readonly output: BundleOutput;
  /** What it is called; undefined on standard output. */
  readonly shown: string | undefined;
  /** The volume that must have room for it; undefined on standard output. */
  readonly volume: string | undefined;
  /**
   * Gives the folder for what waits for its turn in a tar; closing takes away what no other run
   * could go on with.
   *
   * @throws {DevregError} IO
   */
  readonly openSpool: (closing: AsyncDisposableStack) => Promise<string>;
  /** Tells the user how it ended, where the bundle itself does not go. */
  readonly tell: (text: string) => void;
}

const STANDARD_OUTPUT = "-";
const TAR = /\.tar$/;

/**
 * Reads --to: "-" is standard output, FILE.tar one file, anything else a folder.
 *
 * @throws {DevregError} USAGE when it is missing, or standard output is a terminal
 */
export function destinationOf(
  edge: ProcessEdge,
  { to, cacheDir }: Pick<FlagValues<typeof saveFlags>, "to" | "cacheDir">,
): Destination {
  if (to === undefined) {
    throw new DevregError("USAGE", "Cannot run mirror save: --to is missing", {
      hint: "Name the bundle: --to FILE.tar, --to DIR, or --to - for standard output",
    });
  }
  if (to === STANDARD_OUTPUT) return standardOutput(edge, cacheDir);
  const path = resolve(edge.cwd, to);
  const spoolFolder = join(dirname(path), `.${basename(path)}.spool`);
  const isFile = TAR.test(to) && !isFolder(path);
  return {
    output: { kind: isFile ? "file" : "folder", path },
    shown: to,
    volume: path,
    openSpool: async () => spoolFolder,
    tell: edge.stdout.write,
  };
}

function standardOutput(edge: ProcessEdge, cacheDir: string | undefined): Destination {
  if (edge.stdout.isTerminal) {
    throw new DevregError("USAGE", "Cannot write a bundle to a terminal", {
      hint: "Send it on: devreg mirror save REPO --to - | age -r KEY > bundle.tar.age",
    });
  }
  const { TMPDIR: temporary = "/tmp" } = edge.env;
  const folder = resolve(edge.cwd, cacheDir ?? temporary);
  return {
    output: { kind: "stream", write: edge.writeBytes },
    shown: undefined,
    volume: undefined,
    openSpool: (closing) => makeSpool(folder, closing),
    tell: edge.stderr.write,
  };
}

/** Under a name that nobody can know before, so that nobody can put something in its place. */
async function makeSpool(parent: string, closing: AsyncDisposableStack): Promise<string> {
  await makeFolder(parent);
  try {
    const folder = await mkdtemp(join(parent, "devreg-spool-"));
    closing.defer(() => rm(folder, { recursive: true, force: true }));
    return folder;
  } catch (error) {
    throw ioError("make folder in", parent, error);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
