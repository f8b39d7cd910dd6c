import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { DevregError } from "../errors.ts";
import { type Build, isBuild, readBuild } from "../generator/index.ts";
import type { ProcessEdge } from "./edge.ts";
import { countOf } from "./generate/render.ts";
import { InputRefused } from "./report.ts";
import { generateFrom, type RepositoryOptions } from "./repository.ts";

/** Where `serve` and `bootstrap` take their content from. */
export type Input =
  | { readonly kind: "repository"; readonly folder: string }
  | { readonly kind: "build"; readonly folder: string }
  /** The environment of the Go server, whose parts may lie apart. */
  | {
      readonly kind: "parts";
      readonly indexPath: string;
      readonly stacksDir: string;
      readonly samplesDir: string;
    };

const DEFAULT_FOLDER = "/registry";

/**
 * Finds the input: the operand, else DEVFILE_INDEX and DEVFILE_STACKS, else /registry.
 *
 * @throws {DevregError} USAGE when there is none; NOT_FOUND when it is not there
 */
export async function findInput(edge: ProcessEdge, operand: string | undefined): Promise<Input> {
  if (operand !== undefined) return classify(operand, folderOf(edge, operand));
  const { DEVFILE_INDEX: index, DEVFILE_STACKS: stacks, DEVFILE_SAMPLES: samples } = edge.env;
  if (index || stacks) return goEnvironment(edge, index, stacks, samples);
  if (existsSync(DEFAULT_FOLDER)) return classify(DEFAULT_FOLDER, DEFAULT_FOLDER);
  throw new DevregError("USAGE", "Cannot find a registry: no folder was given", {
    hint: `Name a registry repository or a build, or put one at ${DEFAULT_FOLDER}`,
  });
}

/** Gives the folder that an operand names. @throws {DevregError} USAGE when it is an address */
export function folderOf(edge: ProcessEdge, operand: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(operand)) return resolve(edge.cwd, operand);
  throw new DevregError("USAGE", `Cannot read "${operand}": only folders can be read`, {
    hint: "Clone the repository and name its folder",
  });
}

async function classify(shown: string, folder: string): Promise<Input> {
  if (!existsSync(folder)) {
    throw new DevregError("NOT_FOUND", `Cannot read "${shown}": there is no such folder`, {
      hint: "Name a registry repository (with stacks/) or a build (with index.json)",
    });
  }
  return { kind: (await isBuild(folder)) ? "build" : "repository", folder };
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

/**
 * Loads a build, or makes one in memory from a registry repository.
 *
 * @throws {InputRefused} when a repository has errors and is not forced
 * @throws {DevregError} INPUT_INVALID, NOT_FOUND
 */
export async function loadInput(
  edge: ProcessEdge,
  input: Input,
  options: RepositoryOptions,
): Promise<Build> {
  if (input.kind === "build") return readBuild(input.folder);
  if (input.kind === "parts") return readBuild(input);
  const { build, report } = await generateFrom(edge, input.folder, options);
  if (build === undefined) throw new InputRefused(input.folder, report.findings);
  const warnings = countOf(report, "warning");
  if (warnings > 0) {
    options.log.warn("the repository has warnings", {
      warnings,
      hint: "see devreg generate --check",
    });
  }
  for (const left of report.leftOut) options.log.warn("left out", { what: left });
  return build;
}
