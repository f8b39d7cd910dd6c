import type {
  MirroredContent,
  MirrorItem,
  MirrorLock,
  RegistryTarget,
} from "../../airgap/index.ts";
import { installLines, shownLocation } from "../../airgap/index.ts";
import { counted } from "../../counted.ts";
import { DevregError } from "../../errors.ts";
import type { Finding } from "../../generator/index.ts";
import type { RegistryLocation } from "../../oci-client/index.ts";
import type { RemoteRegistry } from "../../oci-client/remote/index.ts";
import type { FlagValues } from "../flag.ts";
import type { contentFlags, targetFlags } from "./flags.ts";
import type { PreparedPlan } from "./prepare.ts";
import { exitCodeOfItems, type MirrorOutcome } from "./render.ts";

type TargetConfig = FlagValues<typeof targetFlags> &
  Pick<FlagValues<typeof contentFlags>, "publicUrl">;

/** A registry that is mirrored into, reached over the network. */
export type RemoteTarget = RegistryTarget & { readonly registry: RemoteRegistry };

/** Gives the registry that a command needs. @throws {DevregError} USAGE when --to is missing */
export function requireTarget(
  command: string,
  location: RegistryLocation | undefined,
): RegistryLocation {
  if (location !== undefined) return location;
  throw new DevregError("USAGE", `Cannot run ${command}: --to is missing`, {
    hint: "Name the registry to mirror into: --to HOST[:PORT][/PREFIX]",
  });
}

/** Puts a registry together with what the flags say of names there. */
export function targetOf(
  config: TargetConfig,
  location: RegistryLocation,
  registry: RemoteRegistry,
): RemoteTarget {
  const { pathStyle, maxPathDepth, pin, rewrite, onExistingTag, publicUrl } = config;
  return { registry, location, pathStyle, maxPathDepth, pin, rewrite, onExistingTag, publicUrl };
}

/** Says how mirroring into a registry ended, and how to go on from there. */
export function registryOutcome(
  items: readonly MirrorItem[],
  { leftOut, published }: MirroredContent,
  target: RegistryTarget,
  notes: readonly string[],
  findings: readonly Finding[] = [],
): MirrorOutcome {
  const at = shownLocation(target.location);
  const publicUrl = target.publicUrl ?? published?.build.info?.offline?.publicUrl;
  const [tag] = published?.imageTags ?? [];
  const lost = published !== undefined && published.stacks === undefined && tag === undefined;
  const missing = [...leftOut, ...(lost ? ["all stacks: there is no place for them"] : [])];
  return {
    items,
    findings,
    leftOut: missing,
    notes: [
      ...notes,
      ...(published !== undefined && published.stacks === undefined
        ? [`stacks and index have longer names than ${at} takes: only the registry image has them`]
        : []),
      ...(publicUrl === undefined
        ? [
            "devfiles keep addresses of starter projects that only the REST API gives: say --public-url",
          ]
        : []),
    ],
    closing: [
      published === undefined ? `nothing was published at ${at}` : `mirrored into ${at}`,
      ...(tag === undefined ? [] : installLines({ at, tag, publicUrl, items })),
    ],
    exitCode: exitCodeOfItems(items, missing, findings),
  };
}

/** Says what of a plan is not as one might expect although nothing failed. */
export function preparedNotes({
  plan,
  notes,
  excluded,
}: Pick<PreparedPlan, "plan" | "notes" | "excluded">): readonly string[] {
  const warnings = plan.findings.filter(({ severity }) => severity === "warning").length;
  return [
    ...notes,
    ...excluded.map((what) => `excluded: ${what}`),
    ...excludedImages(plan).map((text) => `excluded: ${text}`),
    ...leftOutNotes(plan.lock),
    ...(warnings === 0
      ? []
      : [`${counted(warnings, "warning")} about images: see devreg mirror plan`]),
  ];
}

/** Says what of images is not mirrored; what is left out of many alike is said once. */
export function leftOutNotes({ images }: Pick<MirrorLock, "images">): readonly string[] {
  const all = images.flatMap(({ image, leftOut }) => leftOut.map((what) => ({ image, what })));
  return [...Map.groupBy(all, ({ what }) => what)].map(([what, [first, ...more]]) =>
    more.length === 0 ? `${first?.image}: ${what}` : `${more.length + 1} images: ${what}`,
  );
}

/** Gives every finding that a plan was made with. */
export function preparedFindings({
  plan,
  findings,
}: Pick<PreparedPlan, "plan" | "findings">): readonly Finding[] {
  return [...findings, ...plan.findings];
}

function excludedImages({ lock }: PreparedPlan["plan"]): readonly string[] {
  const isPattern = (pattern: string) => pattern.includes("/");
  const reasons = new Set(
    lock.exclude.filter(isPattern).map((pattern) => `excluded by "${pattern}"`),
  );
  const left = lock.references.filter(({ reason }) => reasons.has(reason));
  return [...new Set(left.map(({ text }) => text))];
}
