import { RegistryResponseError } from "../errors.ts";
import {
  type ContentSource,
  type Copier,
  type CopyResult,
  type CopyTarget,
  createCopier,
  type Descriptor,
} from "../oci-client/index.ts";

/**
 * Copies a graph and tags its root. Several replicas may bring the same content at once, and some
 * registries lose sight of it for a moment while they store it once more: it is looked for and sent
 * again then, once.
 *
 * @throws {DevregError} as {@link Copier.copyGraph}
 */
export async function copyOrRepair(
  copier: Copier,
  source: ContentSource,
  target: CopyTarget,
  root: Descriptor,
  tag: string,
): Promise<CopyResult> {
  try {
    return await copier.copyGraph(source, target, root, { tag });
  } catch (error) {
    if (!lacksContent(error)) throw error;
    return await createCopier().copyGraph(source, target, root, { tag, repair: true });
  }
}

function lacksContent(error: unknown): boolean {
  if (!(error instanceof RegistryResponseError)) return false;
  return error.exchange.errors.some(({ code }) => code === "MANIFEST_BLOB_UNKNOWN");
}
