import { orderGenerations, rerenderBuild } from "../../generator/index.ts";
import type { OpenedInput } from "../load-input.ts";
import type { RepositoryOptions } from "../repository.ts";
import { type Generation, packGeneration } from "./generation.ts";

/** How what is served is read. */
export interface LoadOptions extends RepositoryOptions {
  /** Where clients reach this server; what an offline build says of it gives way to it. */
  readonly publicUrl?: string | undefined;
}

/** What the command line names, packed. */
export interface LoadedOperand {
  readonly generation: Generation;
  /** Whether there is more to be had by fetching. */
  readonly wantsNetwork: boolean;
}

/** Reads the input and packs it. @throws {DevregError} as loading does */
export async function loadOperand(
  input: OpenedInput,
  { publicUrl, ...options }: LoadOptions,
): Promise<LoadedOperand> {
  const loaded = await input.load({ ...options, publicUrl });
  const { build, bundle, wantsNetwork } = loaded;
  const move = bundle?.at ?? rerenderBuild;
  const moved = publicUrl === undefined ? build : await move(build, publicUrl);
  const artifacts = moved === build ? loaded.artifacts : undefined;
  const generation = await packGeneration(moved, {
    origin: "operand",
    images: bundle?.images,
    artifacts,
  });
  return { generation, wantsNetwork };
}

/**
 * Chooses what to begin with: what was kept on the disk, where it is newer than what the command line
 * names. A server with a source or a registry to follow knows better later, and takes the first.
 */
export async function chooseFirst(
  operand: Generation | undefined,
  kept: Generation | undefined,
  isLive: boolean,
): Promise<Generation | undefined> {
  if (operand === undefined || kept === undefined) return operand ?? kept;
  const order = await orderGenerations(kept.build.info, operand.build.info);
  return order === "newer" || (isLive && order !== "older") ? kept : operand;
}
