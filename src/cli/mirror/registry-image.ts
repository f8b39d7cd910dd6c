import {
  IMAGE_REPOSITORY,
  makeRegistryImage,
  type PutRegistryImage,
  preferring,
  resolveBase,
} from "../../airgap/index.ts";
import { parseReference, type ReadonlyRegistry, type Registry } from "../../oci-client/index.ts";
import type { ProcessEdge } from "../edge.ts";
import { type ExecutablesConfig, openExecutables } from "../executables.ts";
import { openImageSource } from "../image-source.ts";
import type { PreparedPlan } from "./prepare.ts";

/** How the offline registry image is made, or why it is not. */
export interface RegistryImagePlan {
  readonly putImage?: PutRegistryImage;
  readonly notes: readonly string[];
}

/**
 * Prepares the offline registry image that a plan asks for. Without a base there is none, and the
 * summary says so.
 *
 * @param earlier what an earlier run left, whose content need not be fetched again
 * @throws {DevregError} as opening executables and a base on this machine does
 */
export async function planRegistryImage(
  edge: ProcessEdge,
  config: ExecutablesConfig,
  prepared: PreparedPlan,
  target: Pick<Registry, "repository">,
  earlier?: ReadonlyRegistry,
): Promise<RegistryImagePlan> {
  const from = await openBase(edge, prepared, earlier);
  // The plan has told why.
  if (from === undefined) return { notes: [] };
  const executables = await openExecutables(edge, config);
  if (executables.size === 0) {
    return { notes: ["there is no offline registry image: no executable is known, say --binary"] };
  }
  const { platforms } = prepared.plan.lock;
  const parts = { ...from, executables, ...(platforms.length === 0 ? {} : { platforms }) };
  return { putImage: makeRegistryImage(parts, target), notes: [] };
}

async function openBase(
  edge: ProcessEdge,
  { base, plan, registries }: PreparedPlan,
  earlier: ReadonlyRegistry | undefined,
) {
  if (base.kind === "layout") {
    const { source, root } = await openImageSource(edge, base.text);
    return { source, base: await resolveBase(source, root) };
  }
  if (plan.base === undefined) return undefined;
  const { registry, repository } = parseReference(plan.base.locked.image);
  const remote = registries.source(registry).repository(repository);
  const source =
    earlier === undefined ? remote : preferring(earlier.repository(IMAGE_REPOSITORY), remote);
  return { source, base: await resolveBase(source, plan.base.graph.source) };
}
