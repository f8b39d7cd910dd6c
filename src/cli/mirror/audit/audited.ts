import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import type { MirrorLock, MirrorRules } from "../../../airgap/index.ts";
import { DevregError } from "../../../errors.ts";
import { type Build, readBuild, readPublishedBuild } from "../../../generator/index.ts";
import { STOP_GRACE_MS } from "../../../limits.ts";
import type { Logger } from "../../../log.ts";
import { parseRegistryLocation } from "../../../oci-client/index.ts";
import type { ProcessEdge } from "../../edge.ts";
import { openBundleOrLock } from "../bundle-or-lock.ts";
import { isFile } from "../plan/lock-input.ts";
import { openRegistries, type RegistriesConfig } from "../registries.ts";

/** A build that is audited, and what is known of where it came from. */
export interface Audited {
  readonly build: Build;
  /** Hosts that it lies at, as addresses write them. */
  readonly hosts: readonly string[];
  /** Of a bundle. */
  readonly lock?: MirrorLock;
  readonly rules?: MirrorRules;
}

/**
 * Opens what an operand names: a bundle, a build, or a registry that a build was published to.
 *
 * @throws {DevregError} USAGE when it is nothing of these; as reading them does
 */
export async function openAudited(
  edge: ProcessEdge,
  operand: string,
  config: RegistriesConfig,
  log: Logger,
  closing: AsyncDisposableStack,
): Promise<Audited> {
  const path = resolve(edge.cwd, operand);
  if (isFile(edge, operand) || existsSync(join(path, "oci-layout"))) {
    const { lock, bundle } = await openBundleOrLock(edge, operand, closing);
    if (bundle === undefined) throw onlyALock(operand);
    return { build: await bundle.build(), hosts: [], lock, rules: bundle.rules };
  }
  if (existsSync(path)) return { build: await readBuild(path), hosts: [] };
  const location = parseRegistryLocation(operand);
  const registries = await openRegistries(edge, config, log, STOP_GRACE_MS);
  closing.defer(() => registries.close());
  const build = await readPublishedBuild(registries.target(location));
  return { build, hosts: [new URL(`https://${location.registry}`).host] };
}

function onlyALock(operand: string): DevregError {
  return new DevregError("USAGE", `Cannot audit "${operand}": a lock holds no devfiles`, {
    hint: "Name the bundle or build, or the registry that was mirrored into",
  });
}
