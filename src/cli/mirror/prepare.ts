import { type MirrorPlan, type MirrorRules, makePlan } from "../../airgap/index.ts";
import { utf8 } from "../../bytes.ts";
import { describeError } from "../../errors.ts";
import type { Build, Finding } from "../../generator/index.ts";
import { STOP_GRACE_MS } from "../../limits.ts";
import { type ProcessEdge, throwIfStopped } from "../edge.ts";
import { checkOfflineFlags } from "../generate/offline.ts";
import { type BuildsConfig, makeBuilds, type PlanBuilds, type Tools } from "./plan/make-builds.ts";
import {
  type BaseChoice,
  type PlanInput,
  type PlanInputConfig,
  readPlanInput,
} from "./plan/plan-input.ts";
import { openRegistries, type Registries, type RegistriesConfig } from "./registries.ts";

export type { BaseChoice } from "./plan/plan-input.ts";

/** The values of the flags that a mirror is prepared by. */
export type PrepareConfig = PlanInputConfig & BuildsConfig & RegistriesConfig;

/** A plan, with what it was made from and the way to the registries. */
export interface PreparedPlan extends AsyncDisposable {
  readonly plan: MirrorPlan;
  /** With devfiles as their authors wrote them; the plan's places point into it. */
  readonly authored: Build;
  /** The same, needing nothing outside: what is published. */
  readonly offline: Build;
  readonly registries: Registries;
  readonly base: BaseChoice;
  readonly rules: MirrorRules;
  /** The bytes that the rules were read from, where there were any. */
  readonly rulesBytes?: Uint8Array;
  /** Stack versions and samples that are not in the builds because something failed. */
  readonly leftOut: readonly string[];
  /** Those that were not asked for, with the reason. */
  readonly excluded: readonly string[];
  /** What was found in the registry repositories; errors where something was left out. */
  readonly findings: readonly Finding[];
  /** What is not as one might expect although nothing failed. */
  readonly notes: readonly string[];
  /** Hangs up; the builds stay. */
  close(): Promise<void>;
}

/**
 * Reads registry repositories, or a lock, and plans what has to be moved: projects, icons and
 * parents are fetched, of images only the manifests.
 *
 * @throws {InputRefused} when a repository has errors and is not forced
 * @throws {DevregError} USAGE, CONFIG_INVALID, INPUT_INVALID, NOT_FOUND for what the user named;
 *   ABORTED
 */
export async function preparePlan(
  edge: ProcessEdge,
  config: PrepareConfig,
  operands: readonly string[],
  tools: Tools,
): Promise<PreparedPlan> {
  checkOfflineFlags({ ...config, offline: true, noNetwork: false });
  const input = await readPlanInput(edge, config, operands);
  const builds = await makeBuilds(edge, config, input, tools);
  throwIfStopped(edge);
  const registries = await openRegistries(edge, config, tools.log, STOP_GRACE_MS);
  try {
    const plan = await makePlan({
      ...input,
      ...builds,
      ...tools,
      base: input.base.kind === "image" ? input.base.image : undefined,
      sources: registries.source,
      signal: edge.stopped,
    });
    return preparedOf(input, builds, plan, registries);
  } catch (error) {
    await registries.close();
    throw error;
  }
}

function preparedOf(
  { base, rules, rulesText }: PlanInput,
  builds: PlanBuilds,
  plan: MirrorPlan,
  registries: Registries,
): PreparedPlan {
  const { authored, offline, leftOut, excluded, findings, unmatched } = builds;
  return {
    ...{ plan, authored, offline, registries, base, rules, leftOut, excluded, findings },
    ...(rulesText === undefined ? {} : { rulesBytes: utf8(rulesText) }),
    notes: [...unmatched.map(unmatchedNote), ...baseNotes(base, plan), ...movedNotes(plan)],
    close: () => registries.close(),
    [Symbol.asyncDispose]: () => registries.close(),
  };
}

function unmatchedNote(pattern: string): string {
  return `no stack and no sample is called "${pattern}"`;
}

function baseNotes(base: BaseChoice, { baseFailure }: MirrorPlan): readonly string[] {
  if (base.kind === "none") return ["there will be no offline registry image: it has no base"];
  if (base.kind === "layout" || baseFailure === undefined) return [];
  return [
    `there will be no offline registry image: ${describeError(baseFailure)}`,
    "another base can be given: --base REF, oci:DIR or none",
  ];
}

function movedNotes({ moved }: MirrorPlan): readonly string[] {
  return moved.map(({ image, planned, now }) => {
    const state = now === undefined ? "is gone" : `is ${now} now`;
    return `"${image}" ${state}; ${planned} is taken, as it was planned`;
  });
}
