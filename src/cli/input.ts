import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DevregError } from "../errors.ts";
import { type Build, checkBuild } from "../generator/index.ts";
import type { ProcessEdge } from "./edge.ts";
import { readOperand, type SourceOperand } from "./sources.ts";

/** Where `serve` and `bootstrap` take their content from. */
export type Input =
  | { readonly kind: "repository"; readonly operands: readonly SourceOperand[] }
  /** The build was read to be recognised. */
  | { readonly kind: "build"; readonly folder: string; readonly build: Build }
  /** A bundle of a mirror: a folder, or one tar file. */
  | { readonly kind: "bundle"; readonly path: string; readonly shown: string }
  /** The environment of the Go server, whose parts may lie apart. */
  | {
      readonly kind: "parts";
      readonly indexPath: string;
      readonly stacksDir: string;
      readonly samplesDir: string;
    };

const DEFAULT_FOLDER = "/registry";

/**
 * Finds the input: the operands, else DEVFILE_INDEX and DEVFILE_STACKS, else /registry.
 *
 * @throws {DevregError} USAGE when there is none, or a build among several; NOT_FOUND when one is not
 *   there; INPUT_INVALID, UNSUPPORTED for addresses that cannot be fetched
 */
export async function findInput(edge: ProcessEdge, operands: readonly string[]): Promise<Input> {
  const found = await findInputIfAny(edge, operands);
  if (found !== undefined) return found;
  throw new DevregError("USAGE", "Cannot find a registry: no folder was given", {
    hint: `Name a registry repository or a build, or put one at ${DEFAULT_FOLDER}`,
  });
}

/** Finds the input as {@link findInput} does; undefined when there is none. */
export async function findInputIfAny(
  edge: ProcessEdge,
  operands: readonly string[],
): Promise<Input | undefined> {
  if (operands.length > 0) return await classify(edge, operands);
  const { DEVFILE_INDEX: index, DEVFILE_STACKS: stacks, DEVFILE_SAMPLES: samples } = edge.env;
  if (index || stacks) return goEnvironment(edge, index, stacks, samples);
  return existsSync(DEFAULT_FOLDER) ? await classify(edge, [DEFAULT_FOLDER]) : undefined;
}

/** Gives the folders that the input is read from, where it can be watched. */
export function watchedFolders(input: Input): readonly string[] {
  if (input.kind === "parts") return [];
  if (input.kind === "build") return [input.folder];
  if (input.kind === "bundle") {
    throw new DevregError("USAGE", `Cannot watch "${input.shown}": it is a bundle`, {
      hint: "Leave --watch out: a bundle does not change",
    });
  }
  return input.operands.map((operand) => {
    if (operand.kind === "folder") return operand.folder;
    throw new DevregError("USAGE", `Cannot watch "${operand.shown}": only folders are watched`, {
      hint: "Leave --watch out, or clone it and name the folder",
    });
  });
}

async function classify(edge: ProcessEdge, operands: readonly string[]): Promise<Input> {
  const bundle = operands.find((operand) => isBundle(resolve(edge.cwd, operand)));
  if (bundle !== undefined) return bundleInput(edge, bundle, operands);
  const read: SourceOperand[] = [];
  for (const operand of operands) {
    const source = await readOperand(edge, operand);
    const check = source.kind === "folder" ? await checkBuild(source.folder) : undefined;
    if (source.kind === "folder" && check?.complete) {
      const { folder } = source;
      if (operands.length === 1) return { kind: "build", folder, build: check.build };
      throw new DevregError("USAGE", `Cannot combine "${operand}" with others: it is a build`, {
        hint: "Name the registry repositories that it was made from",
      });
    }
    read.push(source);
  }
  return { kind: "repository", operands: read };
}

/** A bundle is an OCI image layout, or a file: anything else that is read here is a folder. */
function isBundle(path: string): boolean {
  const entry = statSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return false;
  return entry.isDirectory() ? existsSync(join(path, "oci-layout")) : true;
}

function bundleInput(edge: ProcessEdge, shown: string, operands: readonly string[]): Input {
  if (operands.length === 1) return { kind: "bundle", path: resolve(edge.cwd, shown), shown };
  throw new DevregError("USAGE", `Cannot combine "${shown}" with others: it is a bundle`, {
    hint: "Save one bundle of several registry repositories",
  });
}

function goEnvironment(
  edge: ProcessEdge,
  index: string | undefined,
  stacks: string | undefined,
  samples: string | undefined,
): Input {
  const root = index ? dirname(index) : dirname(stacks ?? "");
  const at = (path: string) => resolve(edge.cwd, path);
  return {
    kind: "parts",
    indexPath: at(index || join(root, "index.json")),
    stacksDir: at(stacks || join(root, "stacks")),
    samplesDir: at(samples || join(root, "samples")),
  };
}
