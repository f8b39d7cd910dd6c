import {
  type MirrorLock,
  type MirrorRules,
  NO_RULES,
  parseMirrorRules,
} from "../../../airgap/index.ts";
import { textOf, utf8 } from "../../../bytes.ts";
import { DevregError } from "../../../errors.ts";
import { MIRROR_RULES_BYTES } from "../../../mirror-limits.ts";
import { formatImage, type Platform } from "../../../oci-client/index.ts";
import type { ProcessEdge } from "../../edge.ts";
import type { FlagValues } from "../../flag.ts";
import { platform } from "../../values.ts";
import type { contentFlags } from "../flags.ts";
import { isFile, lockedSources, readLock, readSmallFile } from "./lock-input.ts";

/** What the offline registry image is made on. */
export type BaseChoice =
  | { readonly kind: "none" }
  /** An image layout on this machine: "oci:DIR[:TAG]" as it was typed; no plan looks into it. */
  | { readonly kind: "layout"; readonly text: string }
  /** Full name of an image in a registry. */
  | { readonly kind: "image"; readonly image: string };

/** What is to be planned: flags over what a former lock says. */
export interface PlanInput {
  /** The registry repositories, as operands name them. */
  readonly sources: readonly string[];
  /** A former plan, whose digests, commits and checksums are taken. */
  readonly pinned?: MirrorLock;
  readonly platforms: readonly Platform[];
  readonly platformMode: "strip" | "sparse";
  readonly referrers: boolean;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly rules: MirrorRules;
  /** The text that the rules were read from. */
  readonly rulesText?: string;
  readonly base: BaseChoice;
}

/** The flags that it follows from. */
export type PlanInputConfig = Pick<
  FlagValues<typeof contentFlags>,
  "lock" | "config" | "platform" | "platformMode" | "noReferrers" | "exclude" | "include" | "base"
>;

const DEFAULT_BASE = "gcr.io/distroless/base-nossl-debian12";

/**
 * Reads what is to be planned. The only operand may be a lock: then its registry repositories are
 * read at their commits.
 *
 * @throws {DevregError} USAGE when things do not go together; as reading lock and rules does
 */
export async function readPlanInput(
  edge: ProcessEdge,
  config: PlanInputConfig,
  operands: readonly string[],
): Promise<PlanInput> {
  const { sources, pinned } = await readSources(edge, config, operands);
  const slash = config.include.find((pattern) => pattern.includes("/"));
  if (slash !== undefined) {
    throw new DevregError("USAGE", `Cannot include "${slash}": images follow from the stacks`, {
      hint: "Name stacks and samples, or list images as extraImages in mirror.yaml",
    });
  }
  const { platforms, platformMode } = choosePlatforms(config, pinned);
  const rules = await readRules(edge, config, pinned);
  return {
    sources,
    ...(pinned === undefined ? {} : { pinned }),
    platforms,
    platformMode,
    referrers: !config.noReferrers && pinned?.referrers !== false,
    include: config.include.length > 0 ? config.include : (pinned?.include ?? []),
    exclude: config.exclude.length > 0 ? config.exclude : (pinned?.exclude ?? []),
    ...rules,
    base: chooseBase(config.base, pinned),
  };
}

async function readSources(
  edge: ProcessEdge,
  { lock }: PlanInputConfig,
  operands: readonly string[],
): Promise<Pick<PlanInput, "sources" | "pinned">> {
  const file = operands.find((word) => isFile(edge, word));
  if (file === undefined) {
    if (lock === undefined) return { sources: operands };
    return { sources: operands, pinned: await readLock(edge, lock) };
  }
  if (lock !== undefined || operands.length > 1) {
    throw new DevregError("USAGE", `Cannot combine "${file}" with others: it is read as a lock`, {
      hint: "Give the lock alone, or folders and addresses with --lock FILE",
    });
  }
  const pinned = await readLock(edge, file);
  return { sources: lockedSources(pinned, file), pinned };
}

function choosePlatforms(
  config: PlanInputConfig,
  pinned: MirrorLock | undefined,
): Pick<PlanInput, "platforms" | "platformMode"> {
  if (config.platform.length > 0 || pinned === undefined) {
    return { platforms: config.platform, platformMode: config.platformMode };
  }
  return {
    platforms: pinned.platforms.map((text) => platform.parse(text)),
    platformMode: pinned.platformMode ?? config.platformMode,
  };
}

async function readRules(
  edge: ProcessEdge,
  { config: file }: PlanInputConfig,
  pinned: MirrorLock | undefined,
): Promise<Pick<PlanInput, "rules" | "rulesText">> {
  if (file !== undefined) {
    const bytes = await readSmallFile(edge, file, MIRROR_RULES_BYTES);
    return { rules: parseMirrorRules(file, bytes), rulesText: textOf(bytes) };
  }
  if (pinned?.rules === undefined) return { rules: NO_RULES };
  const rules = parseMirrorRules("mirror.yaml of the lock", utf8(pinned.rules));
  return { rules, rulesText: pinned.rules };
}

/** A lock without a base was planned without the image. */
function chooseBase(flag: string | undefined, pinned: MirrorLock | undefined): BaseChoice {
  const asked = flag ?? (pinned === undefined ? DEFAULT_BASE : (pinned.base?.image ?? "none"));
  if (asked === "none") return { kind: "none" };
  if (asked.startsWith("oci:")) return { kind: "layout", text: asked };
  return { kind: "image", image: formatImage(asked) };
}
